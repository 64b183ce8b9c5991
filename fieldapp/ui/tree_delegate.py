"""A cell of the grid: how it is painted, how it is edited, and which keys leave it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from fieldapp.errors import Severity
from fieldapp.ui.cell_editor import CellEditor
from fieldapp.ui.line_edit import LineEdit
from fieldapp.ui.names import Spoken
from fieldapp.ui.suggestions import Suggestions
from fieldapp.ui.theme import Theme
from fieldapp.ui.tree_cells import FIELDS, Box, Column, GridRow
from fieldapp.ui.tree_model import GRID_ROW, PROPOSED, TreeModel
from fieldapp.ui.tree_texts import alignment, all_findings, is_counted

Index = QModelIndex | QPersistentModelIndex
ACCURACY_GATE_M = 10.0
_STEPS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}


class TreeDelegate(QStyledItemDelegate):
    """Paints a cell and edits it; Enter that belongs to an input method stays in the cell."""

    moved = Signal(int, int)  # along the row, along the column
    typing = Signal(int, str)
    block_pasted = Signal(str)

    def __init__(self, theme: Theme, parent: QObject, species: Spoken) -> None:
        super().__init__(parent)
        self._theme, self._species = theme, species
        self._body = theme.font("body")  # made once, not for each of 200 cells of every paint
        theme.changed.connect(self._fit)
        self._seen: Box | None = None  # what the person saw when typing began, whatever has arrived since

    def _fit(self) -> None:
        self._body = self._theme.font("body")

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Text with the tone of its meaning; a proposed value is quiet, a photo is a dot."""
        theme, rect = self._theme, QRect(option.rect)  # type: ignore[attr-defined]
        row: GridRow = index.data(GRID_ROW)
        column = Column(index.column())
        painter.save()
        state = option.state  # type: ignore[attr-defined]
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, theme.color("soft"))
            if theme.palette.line_px > 1:  # no greys in the sun: the current row stands between two thick lines
                painter.fillRect(QRect(rect.left(), rect.top(), rect.width(), 3), theme.color("line"))
                painter.fillRect(QRect(rect.left(), rect.bottom() - 3, rect.width(), 3), theme.color("line"))
        if column == Column.PHOTOS:
            self._paint_photos(painter, rect, row)
        else:
            text = index.data()
            if text:
                painter.setFont(self._body)
                painter.setPen(theme.color(_tone(row, column, bool(index.data(PROPOSED)))))
                space = rect.adjusted(theme.px(8), 0, -theme.px(8), 0)
                text = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, space.width())
                painter.drawText(space, alignment(column), text)
        if state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(theme.color("fill"), 2))
            painter.drawRect(rect.adjusted(1, 1, -1, -1))
        painter.restore()

    def _paint_photos(self, painter: QPainter, rect: QRect, row: GridRow) -> None:
        if row.row is None or not row.row.photos:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if row.row.photos == 1:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._theme.color("fill"))
            painter.drawEllipse(rect.center(), self._theme.px(5), self._theme.px(5))
        else:
            painter.setFont(self._theme.font("body", bold=True))
            painter.setPen(self._theme.color("good"))
            painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, str(row.row.photos))

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        """A line edit that knows input methods."""
        editor = CellEditor(parent)
        editor.block_pasted.connect(self.block_pasted)
        editor.setProperty("role", "cell")
        editor.setFrame(False)
        editor.setAlignment(index.data(Qt.ItemDataRole.TextAlignmentRole))
        editor.setAccessibleName(str(index.model().headerData(index.column(), Qt.Orientation.Horizontal)))
        column = index.column()
        row: GridRow = index.data(GRID_ROW)
        self._seen = None
        editor.textEdited.connect(lambda text: self._typed(row, column, text))
        if column == Column.SPECIES:
            Suggestions(editor, self._species, down_opens=False)
        return editor

    def _typed(self, row: GridRow, column: int, text: str) -> None:
        self._seen = self._seen or row.box
        self.typing.emit(column, text)

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        """Fills the editor, but never over what is being typed."""
        if isinstance(editor, LineEdit) and not editor.isModified() and not editor.composing:
            editor.setText(index.data(Qt.ItemDataRole.EditRole))
            editor.selectAll()

    def setModelData(self, editor: QWidget, model: object, index: Index) -> None:
        """Hands over what was typed; an untouched cell changes nothing."""
        if isinstance(editor, LineEdit) and isinstance(model, TreeModel) and editor.isModified():
            model.take(index, editor.text(), self._seen)

    def eventFilter(self, editor: QObject, event: QEvent) -> bool:
        """Enter and Tab go forward, Shift with them back, Up and Down along the column."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and isinstance(editor, LineEdit):
            if editor.composing:
                return False
            if editor.takes(event):
                return True
            move = _move(event)
            if move:
                self.commitData.emit(editor)
                self.closeEditor.emit(editor, QStyledItemDelegate.EndEditHint.NoHint)
                self.moved.emit(*move)
                return True
        return bool(super().eventFilter(editor, event))


def _move(event: QKeyEvent) -> tuple[int, int] | None:
    key = Qt.Key(event.key())
    back = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
    if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
        return (-1 if back or key == Qt.Key.Key_Backtab else 1), 0
    return (0, _STEPS[key]) if key in _STEPS else None


def _tone(row: GridRow, column: Column, proposed: bool) -> str:
    if column == Column.HINT:
        found = [f for f in all_findings(row) if f.severity is not Severity.GREY]
        if not found:
            return "good" if row.row is None else "quiet"
        return {Severity.RED: "red", Severity.AMBER: "amber", Severity.GREY: "quiet"}[found[0].severity]
    if column in FIELDS:
        worst = next((f for f in all_findings(row) if f.field == FIELDS[column].name), row.misread.get(column))
        if worst is not None:
            return {Severity.RED: "red", Severity.AMBER: "amber", Severity.GREY: "text"}[worst.severity]
        return "quiet" if proposed or not is_counted(row) else "text"
    accuracy = row.row.accuracy_m if row.row is not None else None
    if column == Column.POSITION and accuracy is not None and accuracy > ACCURACY_GATE_M:
        return "amber"
    return "text" if is_counted(row) else "quiet"
