"""What lies in the recycle bin, and the way back out of it; the keys alone do it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QListWidget, QListWidgetItem, QPushButton, QVBoxLayout, QWidget

from fieldapp import i18n
from fieldapp.ui.commands import plain_name
from fieldapp.ui.plain import PlainLabel
from fieldapp.ui.shown import clock
from fieldapp.ui.theme import size_at_scale
from fieldapp.ui.whose import Whose, whose

if TYPE_CHECKING:
    from fieldapp.storage.bin import BinRow
    from fieldapp.storage.store import Store
    from fieldapp.ui.main_window import MainWindow
    from fieldapp.ui.session import Session
    from fieldapp.ui.workbench import Workbench


class BinList(QDialog):
    """A list, the last removed first; Enter takes back what is marked, and the list stays open for the next."""

    left = Signal(object)  # the BinRow that was taken back last, or None

    def __init__(self, parent: QWidget, session: Session, *, hidden: bool) -> None:
        super().__init__(parent)
        self._session, self._hidden = session, hidden
        self._rows: list[BinRow] = []
        self._last: BinRow | None = None
        self._busy = False  # Enter twice is not two records
        self.setWindowTitle(plain_name("bin"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(size_at_scale(760, 480))
        self.note = PlainLabel()
        self.note.setProperty("role", "quiet")
        self.note.setWordWrap(True)
        self.list = QListWidget()
        self.list.setAccessibleName(plain_name("bin"))
        self.list.setProperty("role", "framed")
        self.list.setSpacing(2)
        self.list.itemActivated.connect(lambda _: self.take_back())
        self.back = QPushButton(i18n.t("ui.bin.take_back"))
        self.back.clicked.connect(self.take_back)
        close = QPushButton(i18n.t("word.close"))
        close.clicked.connect(self.reject)
        for button in (self.back, close):
            button.setAutoDefault(False)  # Enter belongs to the list
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.back)
        row.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 12)
        column.setSpacing(12)
        column.addWidget(self.note)
        column.addWidget(self.list, 1)
        column.addLayout(row)
        self.finished.connect(lambda _: self.left.emit(self._last))
        self._read("")

    def take_back(self) -> None:
        """Takes back the record that is marked."""
        place = self.list.currentRow()
        if self._busy or not 0 <= place < len(self._rows):
            return
        self._busy, row, words = True, self._rows[place], self.list.currentItem().text().partition("\n")[0]

        def work(store: Store) -> None:
            from fieldapp.storage import bin as storage

            storage.take_back(store, row)

        self._last = row
        self._session.act(work, lambda _: self._read(i18n.t("ui.bin.back", what=words)))

    def _read(self, said: str) -> None:
        hidden = self._hidden

        def work(store: Store) -> list[tuple[BinRow, Whose]]:
            from fieldapp.storage.bin import binned

            return [(row, whose(store, row.record, row.id, hidden=hidden)) for row in binned(store)]

        self._session.tasks.run(self, work, lambda found: self._show(found, said))

    def _show(self, found: list[tuple[BinRow, Whose]], said: str) -> None:
        self._busy = False
        place = max(self.list.currentRow(), 0)
        self._rows = [row for row, _ in found]
        self.list.clear()
        for row, of in found:
            kind = f"{i18n.t('record.household')} " if row.record == "household" else ""
            when = i18n.t("ui.bin.when", time=clock(row.removed_ms or None), person=row.person)
            QListWidgetItem(f"{kind}{of.title}\n{when}", self.list)
        self.list.setCurrentRow(min(place, len(found) - 1))
        self.back.setEnabled(bool(found))
        self.note.setText(said or i18n.t("ui.bin.text" if found else "ui.bin.empty"))
        self.list.setFocus()


def open_bin(window: MainWindow, session: Session, bench: Workbench) -> None:
    """Opens the list; what was taken back last is on the desk when it closes."""

    def left(row: BinRow | None) -> None:
        if row is not None:
            window.show_place("households")
            bench.open_place(row.village_code, row.household_id, row.record, row.id, "")

    bench.page.leave_field()
    dialog = BinList(window, session, hidden=bench.page.hidden)
    dialog.left.connect(left)
    dialog.open()
