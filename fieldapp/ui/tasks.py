"""The only way over from the window's thread to work, and the only way back.

One worker owns the store, so that writes are serial by construction (after Anki's taskman); results come
home by one signal; a result whose owner has been closed meanwhile is dropped. The window's thread never waits.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event
from typing import TYPE_CHECKING, Any, TypeVar

import shiboken6
from PySide6.QtCore import QObject, Qt, Signal

from fieldapp.errors import FieldappError

if TYPE_CHECKING:
    from fieldapp.storage.store import Store

T = TypeVar("T")
Done = Callable[[T], None]
Failed = Callable[[FieldappError], None]


class Cancel(Event):
    """A wish to stop that long work looks at between two steps."""

    def __call__(self) -> bool:
        """Whether to stop."""
        return self.is_set()


class Tasks(QObject):
    """Runs work beside the window: on the store's thread, or in a pool that has no store."""

    _home = Signal(object)
    failed = Signal(object)  # a FieldappError that nobody else wanted
    idle = Signal()  # the last running work has come home

    def __init__(self, parent: QObject | None = None, pool_threads: int = 2) -> None:
        super().__init__(parent)
        self.store: Store | None = None  # set and used on the store's thread only
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="store")
        self._pool = ThreadPoolExecutor(pool_threads, thread_name_prefix="pool")
        self._cancels: list[Cancel] = []
        self._running = 0
        self._closed = False
        self._home.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    @property
    def busy(self) -> int:
        """How many pieces of work have not come home."""
        return self._running

    def open(self, owner: QObject, opener: Callable[[], Store], done: Done[Store], failed: Failed) -> None:
        """Opens the profile on the store's thread; whatever was open before is closed first."""

        def work() -> Store:
            if self.store is not None:
                self.store.close()
                self.store = None
            self.store = opener()
            return self.store

        self._submit(self._writer, owner, work, done, failed)

    def run(
        self, owner: QObject, work: Callable[[Store], T], done: Done[T] | None = None, failed: Failed | None = None
    ) -> None:
        """Runs `work(store)` on the store's thread, then `done(result)` or `failed(error)` on the window's."""

        def bound() -> T:
            if self.store is None:
                raise RuntimeError("no profile is open")
            return work(self.store)

        self._submit(self._writer, owner, bound, done, failed)

    def aside(
        self, owner: QObject, work: Callable[[], T], done: Done[T] | None = None, failed: Failed | None = None
    ) -> None:
        """Runs work that needs no store (decoding, network) in the pool."""
        self._submit(self._pool, owner, work, done, failed)

    def tell(self, owner: QObject, slot: Callable[[Any], None], value: Any) -> None:
        """From any thread: calls `slot(value)` on the window's thread if `owner` still lives."""
        self._home.emit((owner, slot, value, False))

    def shut(self, owner: QObject, done: Callable[[], None]) -> None:
        """Closes the open profile on the store's thread, after everything that was asked of it."""
        self._submit(self._writer, owner, self._close_store, lambda _: done(), None)

    def cancel_token(self) -> Cancel:
        """A token that is set when its holder, or the closing window, wants the work to stop."""
        self._cancels = [c for c in self._cancels if not c.is_set()]
        token = Cancel()
        self._cancels.append(token)
        return token

    def close(self) -> None:
        """Lets running work finish (long work is asked to stop), then closes the store."""
        if self._closed:
            return
        self._closed = True
        for token in self._cancels:
            token.set()
        self._pool.shutdown(wait=True, cancel_futures=True)
        self._writer.submit(self._close_store)
        self._writer.shutdown(wait=True)

    def _close_store(self) -> None:
        if self.store is not None:
            self.store.close()
            self.store = None

    def _submit(
        self,
        pool: ThreadPoolExecutor,
        owner: QObject,
        work: Callable[[], T],
        done: Done[T] | None,
        failed: Failed | None,
    ) -> None:
        self._running += 1

        def finished(future: Future[T]) -> None:
            if future.cancelled() or not shiboken6.isValid(self):
                return
            problem = future.exception()
            if problem is None:
                self._home.emit((owner, done, future.result(), True))
            elif isinstance(problem, FieldappError):
                self._home.emit((owner, failed or self.failed.emit, problem, True))
            else:
                self._home.emit((self, _raise, problem, True))

        pool.submit(work).add_done_callback(finished)

    def _deliver(self, parcel: tuple[QObject, Callable[[Any], None] | None, Any, bool]) -> None:
        owner, slot, value, last = parcel
        if last:
            self._running -= 1
        try:
            if slot is not None and not self._closed and shiboken6.isValid(owner):
                slot(value)
        finally:
            if last and self._running == 0:
                self.idle.emit()


def _raise(problem: BaseException) -> None:
    # a bug: it reaches sys.excepthook on the window's thread, which writes it down and tells the person
    raise problem
