"""A combo box with the chevron of our own icons: the style sheet's own arrow follows neither theme nor scale."""

from __future__ import annotations

from PySide6.QtGui import QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QComboBox

from fieldapp.ui import icons


class ChoiceBox(QComboBox):
    """Chooses one of few values; the wheel scrolls the page and never changes the value by accident."""

    def paintEvent(self, event: QPaintEvent) -> None:
        """The box, then the chevron."""
        super().paintEvent(event)
        side = min(16, self.height() - 8)
        with QPainter(self) as painter:
            colour = self.palette().text().color().name()
            chevron = icons.pixmap("chevron-down", colour, side)
            painter.drawPixmap(self.width() - side - 6, (self.height() - side) // 2, chevron)

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
