"""The methodology of the open profile: what is in use, what a signed pack would change, and whether to take it.

Whatever takes time (reading a pack, computing every draft both ways, adopting) runs in the pool on a connection of
its own, so that recording goes on; an adoption that is stopped goes on at the next opening of the profile.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QProgressBar,
    QPushButton,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from fieldapp import i18n
from fieldapp.errors import FieldappError
from fieldapp.ui import methodology_page as page
from fieldapp.ui.folders import ask_file
from fieldapp.ui.tasks import Cancel, Tasks
from fieldapp.ui.theme import size_at_scale

if TYPE_CHECKING:
    from fieldapp.domain.sinks import Method
    from fieldapp.storage.store import Store

T = TypeVar("T")
Report = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Offer:
    """What a person is asked about: a methodology to adopt or a key to trust."""

    page: str
    method: Method | None = None
    key: bytes = b""


class MethodologyDialog(QDialog):
    """One page of text with the question below it; nothing changes without the answer."""

    adopted = Signal()

    def __init__(self, parent: QWidget, tasks: Tasks) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._offer: Offer | None = None
        self._cancel: Cancel = tasks.cancel_token()
        self.setWindowTitle(i18n.t("methodology.title"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(size_at_scale(820, 600))
        self.text = QTextBrowser()
        self.text.setAccessibleName(self.windowTitle())
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setTextVisible(False)
        self.pack = self._button("methodology.open", self.choose_pack)
        self.shipped = self._button("methodology.take_shipped", lambda: self._examine(_shipped))
        self.key = self._button("methodology.trust", self.choose_key)
        self.no = self._button("methodology.no", self._show_state)
        self.yes = self._button("methodology.yes", self._agree)
        self.yes.setProperty("role", "main")
        self.leave = self._button("word.close", self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 12)
        column.addWidget(self.text)
        column.addWidget(self.bar)
        row = QHBoxLayout()
        for button in (self.pack, self.shipped, self.key):
            row.addWidget(button)
        row.addStretch(1)
        for button in (self.no, self.yes, self.leave):
            row.addWidget(button)
        column.addLayout(row)
        self._show_state()

    def choose_pack(self) -> None:
        """Asks for a pack's file."""
        name = ask_file(self, i18n.t("methodology.open"))
        if name:
            self.examine(Path(name))

    def choose_key(self) -> None:
        """Asks for a key's file."""
        name = ask_file(self, i18n.t("methodology.trust"), "keys", "PEM (*.pem);;*")
        if name:
            self.ask_trust(Path(name))

    def examine(self, pack: Path) -> None:
        """Shows what a pack would change."""
        self._examine(lambda store: _of_pack(store, pack))

    def ask_trust(self, pem: Path) -> None:
        """Shows a key's fingerprint, to be compared with the office's own words."""
        self._aside(lambda _store: _of_key(pem), self._show_offer)

    def reject(self) -> None:
        """Closes; work that runs is asked to stop between two steps."""
        self._cancel.set()
        super().reject()

    def _examine(self, find: Callable[[Store], Method]) -> None:
        cancelled = self._cancel

        def work(store: Store) -> Offer:
            new = find(store)
            return Offer(page.of_change(store, new, self._report, cancelled), new)

        self._aside(work, self._show_offer)

    def _agree(self) -> None:
        offer, cancelled = self._offer, self._cancel
        if offer is None:
            return

        def work(store: Store) -> None:
            from fieldapp.storage import methodology, office_keys

            if offer.method is None:
                office_keys.trust(store, offer.key)
            else:
                methodology.adopt(store, offer.method, self._report, cancelled)

        def done(_: None) -> None:
            if offer.method is not None:
                self.adopted.emit()
            self._show_state()

        self._aside(work, done)

    def _show_state(self) -> None:
        self._aside(page.of_state, self._show_page)

    def _show_page(self, text: str) -> None:
        self._offer = None
        self._rest(text)

    def _show_offer(self, offer: Offer) -> None:
        self._offer = offer
        self.yes.setText(i18n.t("methodology.yes" if offer.method else "methodology.trust_yes"))
        self.no.setText(i18n.t("methodology.no" if offer.method else "methodology.trust_no"))
        self._rest(offer.page)
        self.no.setFocus()

    def _failed(self, error: FieldappError) -> None:
        self._offer = None
        self._rest(page.of_error(error))

    def _rest(self, text: str) -> None:
        """Shows a page and the buttons that fit it."""
        self.text.setHtml(text)
        self.bar.hide()
        for button in (self.no, self.yes):
            button.setVisible(self._offer is not None)
        for button in (self.pack, self.shipped, self.key, self.no, self.yes):
            button.setEnabled(True)

    def _aside(self, work: Callable[[Store], T], done: Callable[[T], None]) -> None:
        """Runs work on a connection of its own; the window's thread and the store's go on."""
        for button in (self.pack, self.shipped, self.key, self.no, self.yes):
            button.setEnabled(False)
        self.bar.setRange(0, 0)
        self.bar.show()

        def on_own(store: Store) -> T:
            own = store.reopen()
            try:
                return work(own)
            finally:
                own.close()

        def begin(store: Store) -> None:
            self._tasks.aside(self, lambda: on_own(store), done, self._failed)

        self._tasks.run(self, begin)

    def _report(self, done: int, total: int) -> None:
        self._tasks.tell(self, self._show_progress, (done, total))

    def _show_progress(self, progress: tuple[int, int]) -> None:
        self.bar.setRange(0, max(progress[1], 1))
        self.bar.setValue(progress[0])

    def _button(self, key: str, act: Callable[[], object]) -> QPushButton:
        button = QPushButton(i18n.t(key))
        button.setAutoDefault(False)
        button.clicked.connect(lambda _=False: act())
        return button


def _of_pack(store: Store, pack: Path) -> Method:
    from fieldapp.carbon import upgrades
    from fieldapp.geo.files import read_bytes
    from fieldapp.storage import methodology, office_keys

    trusted = [one.public for one in office_keys.trusted(store)]
    new = upgrades.usable(read_bytes(str(pack)), trusted, store.estimator)
    methodology.refuse_same_version(store, new)
    return new


def _shipped(store: Store) -> Method:
    from fieldapp.domain.sinks import Method
    from fieldapp.errors import ItemError
    from fieldapp.storage import methodology

    shipped = store.methods.shipped
    if not isinstance(shipped, Method):
        raise ItemError("methodology_file_missing", file="version.json")
    methodology.refuse_same_version(store, shipped)
    return shipped


def _of_key(pem: Path) -> Offer:
    from fieldapp.carbon import packs
    from fieldapp.geo.files import read_bytes

    public = packs.public_bytes(packs.read_public_key(read_bytes(str(pem))))
    return Offer(page.of_key(public), key=public)
