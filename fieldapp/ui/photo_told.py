"""Tells what became of an import: beside the work, never in its way; and what an interrupted one did not take.

While somebody types the report comes up without the cursor; a key, which it names, leads there, and the last report
is brought back by it when it has been closed.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QLineEdit, QMessageBox

from fieldapp import i18n
from fieldapp.ui import photo_journal
from fieldapp.ui.evidence import Subject
from fieldapp.ui.photo_import import PhotoImport
from fieldapp.ui.photo_journal import Unfinished
from fieldapp.ui.photo_outcome import Outcome, advice, heading, refusals
from fieldapp.ui.photo_report import PhotoReport
from fieldapp.ui.tree_grid import TreeGrid
from fieldapp.ui.whose import whose

if TYPE_CHECKING:
    from collections.abc import Callable

    from fieldapp.storage.store import Store
    from fieldapp.ui.main_window import MainWindow
    from fieldapp.ui.session import Session


class Rest(NamedTuple):
    """What an import can go on with."""

    files: Sequence[Path]
    subject: Subject
    village_code: str


class PhotoTold(QObject):
    """Follows one profile's imports: progress, outcome, the question at leaving, the rest at the next start."""

    def __init__(self, window: MainWindow, session: Session, imports: PhotoImport, parent: QObject) -> None:
        super().__init__(parent)
        self._window, self._session, self._imports = window, session, imports
        self._shown: PhotoReport | None = None
        self._last: Outcome | None = None  # of the last import that left something
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
        if lines or outcome.refusal is not None:
            self._last = outcome
            self._tell(outcome)

    def _tell(self, outcome: Outcome) -> None:
        report = self._report(heading(outcome), refusals(outcome), advice(outcome))
        subject = outcome.subject
        if outcome.refusal is None or subject is None or not outcome.left:
            return
        report.offer(i18n.t("ui.photos.rest_go_on", n=len(outcome.left)))
        report.go_on.connect(lambda: self._go_on(Rest(outcome.left, subject, outcome.village_code)))

    def _report(self, title: str, lines: Sequence[tuple[str, str]], advice: str) -> PhotoReport:
        if self._shown is not None:
            self._shown.close()
        report = self._shown = PhotoReport(self._window, title, lines, advice)
        report.finished.connect(self._closed)
        here = self._window.focusWidget()
        # the grid too: its cell is closed while the dialog that chose the files is open, and opens again after it
        report.show_beside(here if isinstance(here, QLineEdit | TreeGrid) else None, self._key)
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
            self._tell(self._last)
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
        report.go_on.connect(lambda: self._go_on(Rest(rest.left, rest.subject, rest.village_code)))
        report.rejected.connect(self._give_up)

    def _go_on(self, rest: Rest) -> None:
        if self._imports.start(*rest):
            self._last = None  # what it offered is being done
        elif self._window.workbench is not None:
            self._window.workbench.page.tell(i18n.t("ui.photos.busy"))

    def _give_up(self) -> None:
        if not self._imports.running:  # another one writes the journal now
            self._session.tasks.run(self, photo_journal.forget)


def _rest(store: Store) -> tuple[Unfinished, str] | None:
    found = photo_journal.unfinished(store)
    if found is None:
        return None
    return found, whose(store, found.subject.kind, found.subject.id, hidden=False).title
