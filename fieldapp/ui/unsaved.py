"""What was typed and the disk refused: held in the order of typing, and tried again until it is stored.

A full disk must not cost a word. The queue is touched on the store's thread only, so that a later text never
overtakes an earlier one of the same field; the window's thread knows how many wait.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal

from fieldapp.errors import FieldappError
from fieldapp.ui.tasks import Tasks

if TYPE_CHECKING:
    from fieldapp.storage.store import Store

# refusals that pass without a change of what was typed: room is made, the disk is plugged in again
PASSING = frozenset({"disk_full", "disk_failed", "folder_read_only", "database_busy"})
RETRY_MS = 5_000


@dataclass(frozen=True, slots=True)
class _Act:
    number: int
    work: Callable[[Any], Any]
    done: Callable[[Any], None]


@dataclass(slots=True)
class _Drained:
    stored: list[tuple[Callable[[Any], None], Any]] = field(default_factory=list)
    wrong: list[FieldappError] = field(default_factory=list)  # no other try would help
    refusal: FieldappError | None = None
    settled: list[int] = field(default_factory=list)  # acts that wait no more
    left: int = 0


class Unsaved(QObject):
    """Stores what was typed, now or as soon as the disk takes it."""

    refused = Signal(object)  # FieldappError: the first of a row of refusals
    failed = Signal(object)  # FieldappError that no waiting mends
    changed = Signal()  # another number waits

    def __init__(self, tasks: Tasks, parent: QObject) -> None:
        super().__init__(parent)
        self.count = 0  # known on the window's thread; the queue itself belongs to the store's
        self.waiting: set[int] = set()  # acts that were asked and have not come home
        self._tasks = tasks
        self._queue: deque[_Act] = deque()
        self._timer = QTimer(self, interval=RETRY_MS, singleShot=True)
        self._timer.timeout.connect(self.retry)
        self._ended = False

    def run(self, number: int, work: Callable[[Store], Any], done: Callable[[Any], None]) -> None:
        """Stores one thing that was typed, the session's act `number`, after everything that still waits."""
        act = _Act(number, work, done)
        self.waiting.add(number)

        def last(store: Store) -> _Drained:
            self._queue.append(act)
            return self._drain(store)

        self._tasks.run(self, last, self._came_home)

    def retry(self) -> None:
        """Tries again what waits."""
        self._tasks.run(self, self._drain, self._came_home)

    def end(self) -> None:
        """The profile is being closed: nothing is tried any more, least of all on the next one."""
        self._ended = True
        self._timer.stop()

    def _drain(self, store: Store) -> _Drained:
        found = _Drained()
        while self._queue:
            act = self._queue[0]
            try:
                found.stored.append((act.done, act.work(store)))
            except FieldappError as error:
                if error.code in PASSING:
                    found.refusal = error
                    break
                found.wrong.append(error)
            found.settled.append(self._queue.popleft().number)
        found.left = len(self._queue)
        return found

    def _came_home(self, found: _Drained) -> None:
        before, self.count = self.count, found.left
        self.waiting.difference_update(found.settled)
        for done, result in found.stored:
            done(result)
        for error in found.wrong:
            self.failed.emit(error)
        if found.refusal is not None and not self._ended:
            self._timer.start()
            if not before:
                self.refused.emit(found.refusal)
        if before != self.count:
            self.changed.emit()
