"""'Explain this number': the card of a tree, of a household's or a village's sum, on screen and on paper.

The card is the one of `fieldapp explain`: the same explanation of the same recorded tree, set as a page.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QPushButton,
    QStackedWidget,
    QTabBar,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from fieldapp import i18n
from fieldapp.domain.programme import Programme
from fieldapp.domain.records import Parcel
from fieldapp.errors import FieldappError
from fieldapp.ui import card_paper, figures
from fieldapp.ui.card_answers import Answer, SumQuestion, answer_sum, answer_tree, answer_village
from fieldapp.ui.card_paper import Sheet
from fieldapp.ui.cards import Figure
from fieldapp.ui.compare_tab import CompareTab
from fieldapp.ui.dialogs import error_box
from fieldapp.ui.tasks import Tasks
from fieldapp.ui.theme import Theme

if TYPE_CHECKING:
    from fieldapp.storage.store import Store
    from fieldapp.storage.views import TreeRow
    from fieldapp.ui.desk import Desk


@dataclass(frozen=True, slots=True)
class Question:
    """Which number is asked about: one tree's, or that of trees together."""

    title: str
    ask: Callable[[Store], Answer]
    name: str = ""  # for the file name of a PDF: a tag, never a person's name

    @staticmethod
    def of_tree(row: TreeRow, programme: Programme) -> Question:
        """The question about one tree's provisional stock."""
        flat = i18n.t("ui.explain.platform", kg=f"{programme.flat_kg:g}", version=programme.version)
        title = i18n.t("ui.subject.tree", tag=row.tree.tag or "—")
        return Question(title, lambda store: answer_tree(store, row.tree.id, flat), row.tree.tag or "")

    @staticmethod
    def of_parcel(parcel: Parcel, desk: Desk, programme: Programme) -> Question:
        """The question about a parcel's trees together; the quota is the household's."""
        title = parcel.place_name or i18n.t("ui.parcel.no_name")
        totals = desk.parcel_totals[parcel.id]
        owner = desk.view.household.id
        of = ("parcel", parcel.id, parcel.village_code)
        asked = SumQuestion(title, of, owner, totals, programme, parcel.area_mu, has_quota=False)
        return Question(title, lambda store: answer_sum(store, asked))

    @staticmethod
    def of_household(desk: Desk, programme: Programme, card: str) -> Question:
        """The question that one of a household's cards stands for: its stock, its quota or the platform's value."""
        title, owner = i18n.t("ui.subject.household"), desk.view.household.id
        figure: Figure | None = None
        if card == "quota":
            figure = figures.quota_figure(desk, programme)
        elif card == "platform":
            figure = figures.platform_figure(desk.totals.trees, programme)
        headline = i18n.labelled(figure.caption, f"{figure.number} {figure.note}") if figure else ""
        first = card if figure else ""
        totals, land = desk.totals, desk.area_mu
        of = ("household", owner, desk.view.household.village_code)
        asked = SumQuestion(title, of, owner, totals, programme, land, headline=headline, first=first)
        return Question(title, lambda store: answer_sum(store, asked))

    @staticmethod
    def of_village(village_code: str, title: str, programme: Programme) -> Question:
        """The question about all trees of a village together."""
        return Question(title, lambda store: answer_village(store, village_code, title, programme))


class ExplainCard(QDialog):
    """The card; Esc closes it, Alt+1 and Alt+2 change between card and comparison."""

    def __init__(self, parent: QWidget, tasks: Tasks, theme: Theme, question: Question) -> None:
        super().__init__(parent)
        self._theme, self._question = theme, question
        self.answer: Answer | None = None
        self.compare: CompareTab | None = None
        self.setWindowTitle(f"{i18n.t('ui.explain.title')} · {question.title}")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(min(theme.px(1180), 1340), min(theme.px(680), 720))  # of 1366x768
        self.text = QTextBrowser()
        self.text.setAccessibleName(self.windowTitle())
        self.text.setOpenExternalLinks(False)
        self.tabs = QTabBar()
        self.tabs.setAccessibleName(i18n.t("ui.explain.title"))
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        self.tabs.addTab(i18n.t("ui.explain.tab.card"))
        self.tabs.setVisible(False)
        self.pages = QStackedWidget()
        self.pages.addWidget(self.text)
        self.tabs.currentChanged.connect(self.pages.setCurrentIndex)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.addWidget(self.tabs)
        column.addWidget(self.pages, 1)
        column.addLayout(self._buttons())
        self.text.setFocus()
        tasks.run(self, question.ask, self._show)

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        self.print_button = QPushButton(i18n.t("ui.explain.print"))
        self.pdf_button = QPushButton(i18n.t("ui.explain.pdf"))
        close = QPushButton(i18n.t("word.close"))
        for button, act in ((self.print_button, self._print), (self.pdf_button, self._ask_file)):
            button.setAutoDefault(False)
            button.setEnabled(False)
            button.clicked.connect(act)
            row.addWidget(button)
        row.addStretch(1)
        close.clicked.connect(self.reject)
        row.addWidget(close)
        return row

    def _show(self, answer: Answer) -> None:
        self.answer = answer
        self.text.setHtml(answer.page)
        self.print_button.setEnabled(True)
        self.pdf_button.setEnabled(True)
        if answer.picture is not None:
            self.compare = CompareTab(self._theme, answer.picture)
            self.pages.addWidget(self.compare)
            self.tabs.addTab(i18n.t("ui.explain.tab.compare"))
            self.tabs.setVisible(True)

    # -- paper
    def _sheet(self) -> Sheet:
        assert self.answer is not None
        return Sheet(self.windowTitle(), self.answer.page, self.answer.foot)

    def save_pdf(self, file: Path) -> None:
        """Writes the card as a PDF; what goes wrong is told."""
        try:
            card_paper.save_pdf(self._sheet(), file)
        except FieldappError as error:
            error_box(self, error)

    def _ask_file(self) -> None:
        plain = "".join(sign for sign in self._question.name if sign.isalnum())
        name = f"{i18n.t('ui.explain.file')}-{plain}.pdf" if plain else f"{i18n.t('ui.explain.file')}.pdf"
        file, _ = QFileDialog.getSaveFileName(self, i18n.t("ui.explain.pdf"), name, "PDF (*.pdf)")
        if file:
            self.save_pdf(Path(file))

    def _print(self) -> None:
        from PySide6.QtPrintSupport import QPrintDialog, QPrinter  # only those who print pay for it

        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setPageLayout(card_paper.layout())
        dialog = QPrintDialog(printer, self)
        if dialog.exec() == QDialog.DialogCode.Accepted:
            card_paper.paint(self._sheet(), printer)
