"""The comparison inside the card: the picture of all equations and their table, one choice in both."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QSplitter,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from fieldapp import i18n
from fieldapp.carbon.picture import Picture, PictureLine
from fieldapp.ui.curve_view import CurveView, line_words
from fieldapp.ui.plain import PlainLabel, plain_tip
from fieldapp.ui.theme import Theme

_MARKS, _EDGE_PX = 5, 12  # the column of marks; what frame and scroll bar take
_NUMBERS = (0, 2, 3, 4)  # columns that stand at the right


class CompareTab(QWidget):
    """Picture at the left, table at the right; the spread of all stands above."""

    def __init__(self, theme: Theme, picture: Picture) -> None:
        super().__init__()
        self._theme = theme
        self.curves = CurveView(theme, picture)
        self.table = _table(theme, picture)
        self.table.currentCellChanged.connect(self._choose)
        self.curves.line_chosen.connect(lambda place: self.table.setCurrentCell(place, 1))
        title, self.spread = PlainLabel(picture.title), PlainLabel(picture.spread or picture.error)
        title.setProperty("role", "strong")
        self._halves = halves = QSplitter(Qt.Orientation.Horizontal)
        halves.addWidget(self.curves)
        halves.addWidget(self.table)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        for part in (title, self.spread):
            part.setWordWrap(True)
            column.addWidget(part)
        column.addWidget(halves, 1)
        if picture.lines:
            self.table.setCurrentCell(0, 1)

    def showEvent(self, event: QShowEvent) -> None:
        """The marks are read without scrolling, whatever the language; the equation's id may wait behind them."""
        super().showEvent(event)
        header, whole = self.table.horizontalHeader(), self._halves.width()
        needed = header.sectionPosition(_MARKS) + self.table.sizeHintForColumn(_MARKS) + _EDGE_PX
        picture = max(min(self._theme.px(500), whole - needed), self.curves.minimumWidth())
        self._halves.setSizes([picture, whole - picture])

    def _choose(self, row: int, _column: int, old_row: int, _old_column: int) -> None:
        """The row in front is bold and has an arrow: not every theme has a colour for it."""
        for place, bold in ((old_row, False), (row, True)):
            if (number := self.table.item(place, 0)) is not None:
                number.setText(f"→ {place + 1}" if bold else str(place + 1))
            for column in range(self.table.columnCount() if 0 <= place < self.table.rowCount() else 0):
                if (item := self.table.item(place, column)) is not None:
                    item.setFont(self._theme.font("body", bold=bold))
        self.curves.choose(row)


def _table(theme: Theme, picture: Picture) -> QTableWidget:
    names = ("number", "place", "agb", "co2", "range", "marks", "equation")
    table = QTableWidget(len(picture.lines), len(names))
    table.setHorizontalHeaderLabels([i18n.t(f"ui.compare.column.{name}") for name in names])
    table.setAccessibleName(i18n.t("ui.compare.table"))
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    table.setTabKeyNavigation(False)
    table.setShowGrid(False)
    table.verticalHeader().hide()
    table.verticalHeader().setDefaultSectionSize(theme.px(26))
    for row, line in enumerate(picture.lines):
        for column, text in enumerate(_cells(line)):
            table.setItem(row, column, _item(line, column, text))
    header = table.horizontalHeader()
    header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    header.setStretchLastSection(True)
    return table


def _cells(line: PictureLine) -> tuple[str, ...]:
    place = f"{line.place} · {i18n.t('carbon.compare.chosen')}" if line.chosen else line.place
    span = f"{line.low_kg:.1f} – {line.high_kg:.1f}"
    return str(line.number), place, f"{line.agb_kg:.2f}", f"{line.co2e_kg:.2f}", span, line.marks, line.name


def _item(line: PictureLine, column: int, text: str) -> QTableWidgetItem:
    item = QTableWidgetItem(text)
    item.setToolTip(plain_tip(line_words(line)))
    if column in _NUMBERS:
        item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    return item
