"""Tells what became of an import: beside the work, never in its way; and what an interrupted one did not take.

While somebody types the report comes up without the cursor; a key, which it names, leads there, and the last report
is brought back by it when it has been closed.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QMessageBox,
    QVBoxLayout,
    QWidget,
)

from fieldapp import i18n
from fieldapp.ui import photo_journal
from fieldapp.ui.photo_import import PhotoImport
from fieldapp.ui.photo_journal import Unfinished
from fieldapp.ui.photo_outcome import Outcome, advice, heading, refusals
from fieldapp.ui.plain import PlainLabel
from fieldapp.ui.theme import at_scale, size_at_scale
from fieldapp.ui.whose import whose

if TYPE_CHECKING:
    from collections.abc import Callable

    from fieldapp.storage.store import Store
    from fieldapp.ui.main_window import MainWindow
    from fieldapp.ui.session import Session

_MARGIN_PX = 40  # the window's frame and its status bar


class PhotoReport(QDialog):
    """How many were taken, and a list of the others with the reason for each; the window behind it works on."""

    go_on = Signal()

    def __init__(self, parent: QWidget, title: str, lines: Sequence[tuple[str, str]], advice: str) -> None:
        super().__init__(parent)
        self.setWindowTitle(i18n.t("ui.photos.report"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(size_at_scale(620, 400))
        self.title = PlainLabel(title)
        self.title.setProperty("role", "strong")
        self.list = QListWidget()
        self.list.setProperty("role", "framed")
        self.list.setWordWrap(True)
        self.list.setAccessibleName(title)
        for name, reason in lines:
            QListWidgetItem(i18n.t("ui.photos.refused", name=name, reason=reason), self.list)
        self.advice = PlainLabel(advice)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        self.buttons.button(QDialogButtonBox.StandardButton.Close).setText(i18n.t("word.close"))
        self.buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 12)
        column.setSpacing(12)
        for part in (self.title, self.list, self.advice, self.buttons):
            column.addWidget(part)
        for text in (self.title, self.advice):
            text.setWordWrap(True)
        self.advice.setVisible(bool(advice))
        self.way = PlainLabel()
        self.way.setProperty("role", "small")
        self.way.hide()
        column.insertWidget(column.count() - 1, self.way)

    def offer(self, words: str) -> None:
        """Offers to take what was left."""
        button = self.buttons.addButton(words, QDialogButtonBox.ButtonRole.AcceptRole)
        button.setDefault(True)
        button.clicked.connect(self.accept)
        self.accepted.connect(self.go_on)

    def show_beside(self, typed: QLineEdit | None, key: str) -> None:
        """Comes up; while somebody types, beside that field, without taking the cursor, and names the key to it."""
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating, typed is not None)
        self.way.setText(i18n.t("ui.photos.report_way", keys=key))
        self.way.setVisible(typed is not None)
        if typed is not None:
            self.move(self._beside(typed))
        self.show()

    def _beside(self, typed: QLineEdit) -> QPoint:
        """At the right, in the half of the window in which nobody types."""
        window = typed.window().geometry()
        margin = at_scale(_MARGIN_PX)
        is_below = typed.mapToGlobal(typed.rect().center()).y() > window.center().y()
        top = window.top() + margin if is_below else window.bottom() - margin - self.height()
        return QPoint(window.right() - margin - self.width(), top)

    def take_cursor(self) -> None:
        """Takes the cursor into its list; Esc leads back to where somebody typed."""
        self.way.hide()
        self.activateWindow()
        self.list.setFocus()
        self.list.setCurrentRow(max(self.list.currentRow(), 0))


class PhotoTold(QObject):
    """Follows one profile's imports: progress, outcome, the question at leaving, the rest at the next start."""

    def __init__(self, window: MainWindow, session: Session, imports: PhotoImport, parent: QObject) -> None:
        super().__init__(parent)
        self._window, self._session, self._imports = window, session, imports
        self._shown: PhotoReport | None = None
        self._last: tuple[str, Sequence[tuple[str, str]], str] | None = None  # of the last import that left something
        self._question: QMessageBox | None = None
        self._leave: Callable[[], object] | None = None
        imports.progressed.connect(self._show_progress)
        imports.ended.connect(self._ended)
        window.status.stop_asked.connect(imports.stop)
        window.may_stop_import = self.may_leave
        session.tasks.run(self, _rest, self._offer_rest)

    def _show_progress(self, done: int, total: int) -> None:
        words = partial(i18n.t, "ui.photos.progress", done=done, total=total)
        self._window.status.show_progress(words, done, total)
        if self._question is not None:
            self._question.setText(self._asked())

    def _ended(self, outcome: Outcome) -> None:
        self._window.status.show_progress(None)
        self._session.refresh()
        question, self._question = self._question, None
        if question is not None:
            question.close()
        if self._imports.leaving and self._leave is not None:
            self._leave()
            return
        bench = self._window.workbench
        lines = refusals(outcome)
        words = heading(outcome)
        if lines:
            words = i18n.t("ui.photos.told", text=words, keys=self._key)
        if bench is not None:
            bench.page.tell(words)
        if lines:
            self._last = (heading(outcome), lines, advice(outcome))
            self._report(*self._last)

    def _report(self, title: str, lines: Sequence[tuple[str, str]], advice: str) -> PhotoReport:
        if self._shown is not None:
            self._shown.close()
        report = self._shown = PhotoReport(self._window, title, lines, advice)
        report.finished.connect(self._closed)
        here = self._window.focusWidget()
        report.show_beside(here if isinstance(here, QLineEdit) else None, self._key)
        return report

    def _closed(self) -> None:
        self._shown = None

    @property
    def _key(self) -> str:
        return self._window.commands["photo_report"].shortcut().toString()

    def reach(self) -> None:
        """Leads the cursor to the report; one that was closed comes back."""
        bench = self._window.workbench
        if bench is not None:
            bench.page.grid.leave_cell()
        if self._shown is None and self._last is not None:
            self._report(*self._last)
        if self._shown is not None:
            self._shown.take_cursor()
        elif bench is not None:
            bench.page.tell(i18n.t("ui.photos.no_report"))

    # -- leaving while photos come in
    def may_leave(self, leave: Callable[[], object]) -> bool:
        """Whether nothing comes in; otherwise asks, and calls `leave` once the import has been stopped."""
        if not self._imports.running:
            return True
        if self._imports.leaving or self._question is not None:
            return False
        self._leave = leave
        box = self._question = QMessageBox(self._window)
        box.setIcon(QMessageBox.Icon.Question)
        box.setWindowTitle(i18n.t("ui.photos.report"))
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setText(self._asked())
        box.setInformativeText(i18n.t("ui.photos.leaving"))
        stay = box.addButton(i18n.t("ui.photos.leaving.stay"), QMessageBox.ButtonRole.RejectRole)
        stop = box.addButton(i18n.t("ui.photos.leaving.stop"), QMessageBox.ButtonRole.AcceptRole)
        stop.clicked.connect(self._stop)
        box.setDefaultButton(stay)
        box.setEscapeButton(stay)
        box.finished.connect(self._answered)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.open()
        return False

    def _asked(self) -> str:
        done, total = self._imports.counted
        return i18n.t("ui.photos.leaving.text", done=done, total=total)

    def _answered(self) -> None:
        self._question = None

    def _stop(self) -> None:
        self._imports.leaving = True
        self._imports.stop()

    # -- what the last run left
    def _offer_rest(self, found: tuple[Unfinished, str] | None) -> None:
        if found is None:
            return
        rest, owner = found
        title = i18n.t("ui.photos.rest", n=len(rest.files) - len(rest.left), total=len(rest.files))
        lines = [(str(file), i18n.t("ui.photos.not_reached")) for file in rest.left]
        report = self._report(title, lines, i18n.t("ui.photos.rest_advice", whose=owner))
        report.offer(i18n.t("ui.photos.rest_go_on", n=len(rest.left)))
        report.go_on.connect(lambda: self._go_on(rest))
        report.rejected.connect(self._give_up)

    def _go_on(self, rest: Unfinished) -> None:
        if not self._imports.start(rest.left, rest.subject, rest.village_code) and self._window.workbench is not None:
            self._window.workbench.page.tell(i18n.t("ui.photos.busy"))

    def _give_up(self) -> None:
        if not self._imports.running:  # another one writes the journal now
            self._session.tasks.run(self, photo_journal.forget)


def _rest(store: Store) -> tuple[Unfinished, str] | None:
    found = photo_journal.unfinished(store)
    if found is None:
        return None
    return found, whose(store, found.subject.kind, found.subject.id, hidden=False).title
