"""The map under the hand: wheel and keys zoom and move, a click chooses."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QLineF, QPointF, Qt, Signal
from PySide6.QtGui import QHelpEvent, QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QToolTip

from fieldapp.ui.map_canvas import MapCanvas
from fieldapp.ui.map_places import MapPoint
from fieldapp.ui.plain import plain_tip
from fieldapp.ui.theme import Theme


class MapView(MapCanvas):
    """Shows where things stand; wheel or + and - to zoom, drag to move, click to choose, Home to see all."""

    point_chosen = Signal(bytes)
    area_chosen = Signal(bytes)

    def __init__(self, theme: Theme, *, labels: bool = False) -> None:
        super().__init__(theme, labels=labels)
        self._drag: QPointF | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """The wheel zooms."""
        self.zoom(1.25 if event.angleDelta().y() > 0 else 0.8)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Takes hold of the map, or chooses the nearest point within 12 pixels."""
        self._drag = event.position()
        near = min(self._points, key=lambda p: self._distance(p, event.position()), default=None)
        if near is not None and self._distance(near, event.position()) < 12:
            self.choose(near.key)
            self.point_chosen.emit(near.key)
            return
        fill = Qt.FillRule.OddEvenFill
        hit = next((a for a in self._around if self._shape(a.ring).containsPoint(event.position(), fill)), None)
        if hit is not None:
            self.area_chosen.emit(hit.key)

    def event(self, event: QEvent) -> bool:
        """The name of what lies under the hand, also where there is no room to write it."""
        if isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), plain_tip(self.name_at(QPointF(event.pos()))), self)
            return True
        return super().event(event)

    def name_at(self, place: QPointF) -> str:
        """What a point or parcel there is called; empty where nothing is."""
        near = min(self._points, key=lambda p: self._distance(p, place), default=None)
        if near is not None and self._distance(near, place) < 12:
            accuracy = f"±{near.accuracy_m:g} m" if near.accuracy_m else ""
            return " ".join(filter(None, (near.label, accuracy)))
        fill = Qt.FillRule.OddEvenFill
        return next((a.label for a in self._around if self._shape(a.ring).containsPoint(place, fill)), "")

    def _distance(self, point: MapPoint, place: QPointF) -> float:
        return QLineF(self._pixel(point.lon, point.lat), place).length()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Moves the map with the hand."""
        if self._drag is not None:
            self.move_by(event.position() - self._drag)
            self._drag = event.position()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Lets go."""
        self._drag = None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """+ and - zoom, arrows move, Home shows all."""
        moves = {
            Qt.Key.Key_Left: (40, 0),
            Qt.Key.Key_Right: (-40, 0),
            Qt.Key.Key_Up: (0, 40),
            Qt.Key.Key_Down: (0, -40),
        }
        key = Qt.Key(event.key())
        if key in moves:
            self.move_by(QPointF(*moves[key]))
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal, Qt.Key.Key_Minus):
            self.zoom(0.8 if key == Qt.Key.Key_Minus else 1.25)
        elif key == Qt.Key.Key_Home:
            self.fit()
        else:
            super().keyPressEvent(event)
