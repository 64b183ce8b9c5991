"""Lines of a list that wrap: Qt's own painting cuts one whose break falls on a blank at the very edge."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPalette
from PySide6.QtWidgets import QApplication, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

_FLAGS = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop
_MARGIN_PX = 3


class WrappedLines(QStyledItemDelegate):
    """Measures and paints a text in the same way, as wide as the list is."""

    def __init__(self, view: QListView) -> None:
        super().__init__(view)
        self._view = view
        view.setResizeMode(QListView.ResizeMode.Adjust)

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """The height that the text takes in the width there is."""
        room = self._view.viewport().width() - 2 * (self._view.spacing() + _MARGIN_PX)
        text = self._view.fontMetrics().boundingRect(QRect(0, 0, max(room, 1), 0), int(_FLAGS), index.data() or "")
        return QSize(0, text.height() + 2)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """The ground by the style, the text over it."""
        self.initStyleOption(option, index)
        text, option.text = option.text, ""  # type: ignore[attr-defined]
        style = self._view.style() or QApplication.style()
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, option, painter, self._view)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)  # type: ignore[attr-defined]
        role = QPalette.ColorRole.HighlightedText if chosen else QPalette.ColorRole.Text
        painter.save()
        painter.setPen(option.palette.color(role))  # type: ignore[attr-defined]
        painter.setFont(self._view.font())
        room = option.rect.adjusted(_MARGIN_PX, 1, -_MARGIN_PX, -1)  # type: ignore[attr-defined]
        painter.drawText(room, int(_FLAGS), text)
        painter.restore()
