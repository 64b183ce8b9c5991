"""A combo box with the chevron of our own icons: the style sheet's own arrow follows neither theme nor scale."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QPaintEvent, QPalette, QWheelEvent
from PySide6.QtWidgets import QComboBox, QStyle, QStyleOptionComboBox, QStylePainter

from fieldapp.ui import icons


class ChoiceBox(QComboBox):
    """Chooses one of few values; the wheel scrolls the page and never changes the value by accident."""

    def paintEvent(self, event: QPaintEvent) -> None:
        """The box with its words, ending in dots where they do not fit, then the chevron."""
        side = min(16, self.height() - 8)
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        field = self.style().subControlRect(
            QStyle.ComplexControl.CC_ComboBox, option, QStyle.SubControl.SC_ComboBoxEditField, self
        )
        field.setRight(min(field.right(), self.width() - side - 10))
        field.setLeft(field.left() + 2)
        text = self.fontMetrics().elidedText(self.currentText(), Qt.TextElideMode.ElideRight, field.width())
        painter = QStylePainter(self)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        role = QPalette.ColorRole.ButtonText
        left = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.drawItemText(field, left, self.palette(), self.isEnabled(), text, role)
        chevron = icons.pixmap("chevron-down", self.palette().text().color().name(), side)
        painter.drawPixmap(self.width() - side - 6, (self.height() - side) // 2, chevron)
        painter.end()

    def showPopup(self) -> None:
        """Opens the list as wide as its longest line, which the box itself need not be."""
        view = self.view()
        wanted = view.sizeHintForColumn(0) + view.verticalScrollBar().sizeHint().width() + 8
        view.setMinimumWidth(min(max(wanted, self.width()), self.window().width()))
        super().showPopup()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leaves the wheel to the page."""
        event.ignore()

    def place_of(self, value: object) -> int:
        """Where a value stands, -1 when it is not there; `findData` compares bytes by identity, not by value."""
        return next((place for place in range(self.count()) if self.itemData(place) == value), -1)
