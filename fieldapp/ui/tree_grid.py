"""The grid in which trees are typed: Enter and Tab go forward, every cell that is left is stored."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragMoveEvent,
    QDropEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QStyledItemDelegate, QTableView

from fieldapp import i18n
from fieldapp.ui.grid_widths import grid_widths
from fieldapp.ui.line_edit import LineEdit
from fieldapp.ui.names import Spoken
from fieldapp.ui.theme import Theme
from fieldapp.ui.tree_cells import FIELDS, Column, GridRow
from fieldapp.ui.tree_delegate import TreeDelegate
from fieldapp.ui.tree_model import TreeModel
from fieldapp.ui.tree_paste import block_of, refusal, without_heading


class TreeGrid(QTableView):
    """The table itself: it moves, it asks for photos to be dropped and cells to be explained."""

    tree_changed = Signal(object)  # GridRow or None: the current tree
    cell_entered = Signal(bytes, str)
    position_asked = Signal()
    photo_asked = Signal()
    files_dropped = Signal(object, list)
    typing = Signal(int, str)
    told = Signal(str)  # something to say in the hint line

    def __init__(self, theme: Theme, model: TreeModel, species: Spoken) -> None:
        super().__init__()
        self._theme = theme
        self._trees = model
        self.setModel(model)
        self._delegate = TreeDelegate(theme, self, species)
        self.setItemDelegate(self._delegate)
        self._delegate.moved.connect(self._move)
        self._delegate.typing.connect(self.typing)
        self._delegate.block_pasted.connect(self.paste_text)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        triggers = QAbstractItemView.EditTrigger
        self.setEditTriggers(triggers.AnyKeyPressed | triggers.EditKeyPressed | triggers.DoubleClicked)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setShowGrid(False)
        self.setAcceptDrops(True)
        self.verticalHeader().hide()
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.horizontalHeader().setHighlightSections(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.selectionModel().currentChanged.connect(self._current_changed)
        model.modelReset.connect(self._was_reset)
        theme.changed.connect(self.fit)
        self.fit()

    def fit(self) -> None:
        """Rows of 28 pixels at 100 %, columns as wide as there is room."""
        self.verticalHeader().setDefaultSectionSize(self._theme.px(28))
        self.horizontalHeader().setFixedHeight(self._theme.px(34))
        widths = grid_widths(self.viewport().width(), self._theme.px)
        for column in Column:
            self.setColumnHidden(column, column not in widths)
            self.setColumnWidth(column, widths.get(column, 0))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keeps the hint column as wide as there is room, and the current row whole."""
        super().resizeEvent(event)
        self.fit()
        if self.visualRect(self.currentIndex()).intersects(self.viewport().rect()):
            self.scrollTo(self.currentIndex())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Hairlines between rows; an empty grid says what it is for."""
        super().paintEvent(event)
        with QPainter(self.viewport()) as painter:
            painter.setPen(QPen(self._theme.color("line"), self._theme.palette.line_px))
            first, last = self.rowAt(0), self.rowAt(self.viewport().height() - 1)
            last = last if last >= 0 else self._trees.rowCount() - 1
            for row in range(max(first, 0), last + 1):
                bottom = self.rowViewportPosition(row) + self.rowHeight(row) - 1
                painter.drawLine(0, bottom, self.viewport().width(), bottom)
            if self._trees.rowCount() <= 1:
                painter.setPen(self._theme.color("quiet"))
                painter.setFont(self._theme.font("body"))
                flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
                key = "ui.trees.empty" if self._trees.rowCount() else "ui.trees.no_parcel"
                painter.drawText(self.viewport().rect().adjusted(24, 40, -24, -40), flags, i18n.t(key))

    # -- moving
    def current_row(self) -> GridRow | None:
        """The row in which the cursor stands."""
        return self._trees.at(self.currentIndex().row())

    def go_to(self, tree_id: bytes, column: Column = Column.DBH, *, edit: bool = True) -> bool:
        """Brings the cursor to a tree; False when it is not here."""
        place = self._trees.row_of(tree_id)
        if place < 0:
            return False
        self._enter(place, column, edit=edit)
        return True

    def take_cursor(self) -> None:
        """Brings the cursor back to where it was, with its cell open."""
        index = self.currentIndex()
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        if index.isValid() and Column(index.column()) in FIELDS:
            self.edit(index)

    def go_to_new(self) -> None:
        """Brings the cursor to the empty row, where the first thing to type is."""
        if self._trees.rowCount():
            place = self._trees.rowCount() - 1
            self._enter(place, self._first_column(place))

    def leave_cell(self) -> None:
        """Stores what is being typed in the open cell, as leaving it does."""
        editor = self.indexWidget(self.currentIndex())
        if isinstance(editor, LineEdit):
            self.commitData(editor)
            self.closeEditor(editor, QStyledItemDelegate.EndEditHint.NoHint)

    def copy_above(self) -> None:
        """Takes the value of the cell above and goes forward."""
        index = self.currentIndex()
        column = Column(index.column()) if index.isValid() else Column.HINT
        if column in FIELDS and index.row() > 0:
            self.leave_cell()
            self._trees.setData(index, self._trees.index(index.row() - 1, column).data())
            self._move(1, 0)

    def paste_text(self, text: str) -> None:
        """Fills cells and rows from the current one on as a spreadsheet does; what has no place changes nothing."""
        index = self.currentIndex()
        block = block_of(text) or [[text.strip()]]
        if not index.isValid() or not text.strip():
            return
        column = Column(index.column())
        block = without_heading(block, column)
        why = refusal(block, column)
        if why:
            self.told.emit(why)
            return
        editor = self.indexWidget(index)
        if isinstance(editor, LineEdit):
            editor.setModified(False)  # the table stands in the place of what was being typed
        self.leave_cell()
        self._trees.take_block(index.row(), column, block)
        self._enter(index.row() + len(block) - 1, column, edit=False)
        if len(block) > 1 or len(block[0]) > 1:
            self.told.emit(i18n.t("ui.paste.done", rows=len(block), columns=len(block[0])))

    def _first_column(self, place: int) -> Column:
        # tag and species fill themselves once there is something to count up from and to inherit; a parcel's first
        # tree begins with its tag, whether one is proposed or not: the hand must not have to look where it is
        row = self._trees.at(place)
        if place == 0 or row is None or row.row is not None or not self._trees.text(row, Column.TAG):
            return Column.TAG
        return Column.DBH if self._trees.text(row, Column.SPECIES) else Column.SPECIES

    def _move(self, along: int, down: int) -> None:
        index = self.currentIndex()
        place, column = index.row() + down, index.column()
        if along:
            column += along
            if column > Column.HEIGHT:
                place, column = place + 1, int(self._first_column(place + 1))
            elif column < Column.TAG:
                place, column = place - 1, int(Column.HEIGHT)
        if 0 <= place < self._trees.rowCount():
            self._enter(place, Column(column))

    def _enter(self, place: int, column: Column, *, edit: bool = True) -> None:
        self.leave_cell()
        index = self._trees.index(place, column)
        self.setCurrentIndex(index)
        self.scrollTo(index)
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        if edit and column in FIELDS:
            self.edit(index)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter and Tab move or open; Space shows the photo."""
        column = Column(max(self.currentIndex().column(), 0))
        if event.matches(QKeySequence.StandardKey.Paste):
            self.paste_text(QGuiApplication.clipboard().text())
        elif event.key() == Qt.Key.Key_Space and column not in FIELDS:
            self.photo_asked.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and column == Column.POSITION:
            self.position_asked.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and column == Column.PHOTOS:
            self.photo_asked.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            self._move(-1 if event.key() == Qt.Key.Key_Backtab else 1, 0)
        else:
            super().keyPressEvent(event)

    def _current_changed(self, index: QModelIndex, before: QModelIndex) -> None:
        row = self._trees.at(index.row())
        if index.row() != before.row():
            self.tree_changed.emit(row)
        column = Column(index.column()) if index.isValid() else Column.HINT
        if row is not None and column in FIELDS:
            self.cell_entered.emit(row.tree_id, FIELDS[column].name)

    def _was_reset(self) -> None:
        if not self._trees.rowCount():
            self.scrollToTop()  # other trees come; where these were scrolled to means nothing to them
        self.tree_changed.emit(None)

    # -- photos by hand
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Files may be let fall on a tree."""
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """Shows which tree they would belong to."""
        place = self.rowAt(int(event.position().y()))
        if place >= 0:
            self.selectRow(place)
        event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Tells which files fell on which tree."""
        row = self._trees.at(self.rowAt(int(event.position().y())))
        files = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
        if files:
            event.acceptProposedAction()
            self.files_dropped.emit(row, files)
