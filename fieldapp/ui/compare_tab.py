"""The comparison inside the card: the picture of all equations and their table, one choice in both.

Long marks take a second line rather than a scroll bar, and the chosen equation stands in words below. Type that is too
large for both side by side puts the table under the picture, and the two scroll.
"""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt, QTimer
from PySide6.QtGui import QFontMetrics, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QScrollArea,
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

_PADDING_PX = 8  # left and right in a cell, by the style sheet
_NARROWEST_PX = 140  # of a column of wrapped marks
_MARKS_PX = 200  # what the marks are given before the places take their room on one line
_PLACE = 1  # the column of the places
_HEADER = QHeaderView.ResizeMode
_EDGE_PX = 60  # what frame, scroll bar and the edges of the headers take
_PICTURE_PX, _TABLE_PX = 270, 200  # their heights where they stand below each other
_NUMBERS = (0, 2, 3, 4)  # columns that stand at the right
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class CompareTab(QWidget):
    """Picture at the left, table at the right; the spread of all stands above."""

    def __init__(self, theme: Theme, picture: Picture) -> None:
        super().__init__()
        self._theme = theme
        self.curves = CurveView(theme, picture)
        self.table = _table(theme, picture)
        self.table.currentCellChanged.connect(self._choose)
        self.curves.line_chosen.connect(lambda place: self.table.setCurrentCell(place, 0))
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
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setWidget(halves)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # picture and table are what one goes to
        column.addWidget(scroll, 1)
        self._lines, self.words = picture.lines, PlainLabel()
        self.words.setProperty("role", "small")
        self.words.setWordWrap(True)
        column.addWidget(self.words)
        self._later = QTimer(self, singleShot=True, interval=0)  # when all columns have their width
        self._later.timeout.connect(self._fit_rows)
        self.table.horizontalHeader().sectionResized.connect(lambda *_: self._later.start())
        if picture.lines:
            self.table.setCurrentCell(0, 0)

    def showEvent(self, event: QShowEvent) -> None:
        """The table takes what its marks need, as far as the picture can give it."""
        super().showEvent(event)
        px, whole = self._theme.px, self.width()
        wide = [self.table.sizeHintForColumn(column) for column in range(self.table.columnCount())]
        others, marks = sum(wide[:-1]) + px(_EDGE_PX), wide[-1]
        picture = max(min(px(500), whole - others - marks), self.curves.minimumWidth())
        beside = whole - picture - others >= min(px(_NARROWEST_PX), marks)
        # where the marks would have no room the places take two lines
        narrower = 0 if beside else max(min(px(_MARKS_PX), marks) - (whole - others), 0)
        self.table.horizontalHeader().setSectionResizeMode(
            _PLACE, _HEADER.Fixed if narrower else _HEADER.ResizeToContents
        )
        if narrower:
            self.table.setColumnWidth(_PLACE, max(wide[_PLACE] - narrower, px(_NARROWEST_PX) * 3 // 4))
        self._halves.setOrientation(Qt.Orientation.Horizontal if beside else Qt.Orientation.Vertical)
        self._halves.setMinimumHeight(0 if beside else px(_PICTURE_PX + _TABLE_PX))
        self._halves.setSizes([picture, whole - picture] if beside else [_PICTURE_PX, _TABLE_PX])
        self.table.horizontalHeader().setSectionResizeMode(len(wide) - 1, QHeaderView.ResizeMode.Stretch)

    def _fit_rows(self) -> None:
        """A row is as high as its marks, bold ones too: Qt's own counting forgets the padding."""
        metrics, last = QFontMetrics(self._theme.font("body", bold=True)), self.table.columnCount() - 1

        def high(column: int, text: str) -> int:
            room = QRect(0, 0, self.table.columnWidth(column) - self._theme.px(2 * _PADDING_PX), 10_000)
            return metrics.boundingRect(room, Qt.TextFlag.TextWordWrap, text).height()

        for row, line in enumerate(self._lines):
            highest = max(high(last, line.marks), high(_PLACE, _cells(line)[_PLACE]))
            self.table.setRowHeight(row, max(self._theme.px(26), highest + self._theme.px(4)))

    def _choose(self, row: int, _column: int, old_row: int, _old_column: int) -> None:
        """The row in front is bold and has an arrow: not every theme has a colour for it."""
        for place, bold in ((old_row, False), (row, True)):
            if (number := self.table.item(place, 0)) is not None:
                number.setText(f"→ {place + 1}" if bold else str(place + 1))
            for column in range(self.table.columnCount() if 0 <= place < self.table.rowCount() else 0):
                if (item := self.table.item(place, column)) is not None:
                    item.setFont(self._theme.font("body", bold=bold))
        self.curves.choose(row)
        self.words.setText(line_words(self._lines[row]))


def _table(theme: Theme, picture: Picture) -> QTableWidget:
    names = ("number", "place", "agb", "co2", "range", "marks")
    table = QTableWidget(len(picture.lines), len(names))
    table.setHorizontalHeaderLabels([i18n.t(f"ui.compare.column.{name}") for name in names])
    table.setAccessibleName(i18n.t("ui.compare.table"))
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    table.setTabKeyNavigation(False)
    table.setShowGrid(False)
    table.verticalHeader().hide()
    table.setProperty("role", "comparison")
    for row, line in enumerate(picture.lines):
        for column, text in enumerate(_cells(line)):
            table.setItem(row, column, _item(line, column, text))
    for column in _NUMBERS:
        if (head := table.horizontalHeaderItem(column)) is not None:
            head.setTextAlignment(_RIGHT)
    header = table.horizontalHeader()
    header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    return table


def _cells(line: PictureLine) -> tuple[str, ...]:
    place = f"{line.place} · {i18n.t('carbon.compare.chosen')}" if line.chosen else line.place
    span = f"{line.low_kg:.1f} – {line.high_kg:.1f}"
    return str(line.number), place, f"{line.agb_kg:.2f}", f"{line.co2e_kg:.2f}", span, line.marks


def _item(line: PictureLine, column: int, text: str) -> QTableWidgetItem:
    item = QTableWidgetItem(text)
    item.setToolTip(plain_tip(line_words(line)))
    if column in _NUMBERS:
        item.setTextAlignment(_RIGHT)
    return item
