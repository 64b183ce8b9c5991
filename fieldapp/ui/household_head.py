"""The head of a household's page: who it is, why it came back, its three numbers, and what can be done with it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from fieldapp.domain.programme import Programme
from fieldapp.ui import figures, icons
from fieldapp.ui.cards import Cards
from fieldapp.ui.desk import Desk
from fieldapp.ui.names import Names
from fieldapp.ui.page import ElidedLabel, button
from fieldapp.ui.returned_note import ReturnedNote
from fieldapp.ui.texts import Texts
from fieldapp.ui.theme import Theme, icon_size


class HouseholdHead(QWidget):
    """Shows a desk in figures; what stands below it are the records themselves."""

    place_asked = Signal(str, object, str)  # record, id, field: where a remark of the review is to be answered

    def __init__(self, texts: Texts, theme: Theme, programme: Programme, names: Names) -> None:
        super().__init__()
        self._theme, self._programme, self._names = theme, programme, names
        self._desk: Desk | None = None
        self._hidden = False
        self.name, self.who, self.bank = ElidedLabel(), ElidedLabel(), ElidedLabel()
        self.name.setProperty("role", "title")
        lines = QVBoxLayout()  # one above the other: side by side the bank is cut
        lines.setSpacing(0)
        for line in (self.who, self.bank):
            line.setProperty("role", "small")
            lines.addWidget(line)
        self.cards = Cards(theme)
        self.returned = ReturnedNote()
        self.returned.place_asked.connect(self.place_asked)
        self.explain_button = button(texts, "ui.explain.button")
        self.ready_button = button(texts, "ui.ready", "main")
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self.name)
        row.addLayout(lines, 1)
        row.addWidget(self.explain_button)
        row.addWidget(self.ready_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(row)
        column.addWidget(self.returned)
        column.addWidget(self.cards)
        theme.changed.connect(self._fit)
        self._fit()

    def show_desk(self, desk: Desk) -> None:
        """Shows a household."""
        self._desk = desk
        household = desk.view.household
        self.name.setText(figures.head_name(household, hidden=self._hidden))
        for line, text in zip((self.who, self.bank), figures.head_lines(household), strict=True):
            line.setText(text)
            line.setVisible(bool(text))
        self.returned.show_desk(desk)
        self.cards.show_figures(
            quota=figures.quota_figure(desk, self._programme),
            stock=figures.stock_figure(desk.totals, self._names.equation, desk.doubtful()),
            platform=figures.platform_figure(desk.totals.trees, self._programme),
        )
        self.ready_button.setEnabled(household.state != "ready")

    def hide_personal(self, hidden: bool) -> None:
        """Hides personal values."""
        self._hidden = hidden
        if self._desk is not None:
            self.show_desk(self._desk)

    def _fit(self) -> None:
        self.explain_button.setIcon(icons.icon("leaf", self._theme.palette.good))
        self.explain_button.setIconSize(icon_size())
