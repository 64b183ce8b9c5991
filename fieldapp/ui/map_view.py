"""The map under the hand: wheel and keys zoom and move, a click or Enter chooses, Page Down steps on."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QLineF, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QHelpEvent, QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QToolTip

from fieldapp.ui.map_canvas import MapCanvas
from fieldapp.ui.map_labels import Direction, direction_of
from fieldapp.ui.map_places import MapArea, MapPoint, in_order
from fieldapp.ui.plain import plain_tip
from fieldapp.ui.theme import Theme

_MARGIN_PX = 12  # what stands nearer to the edge is brought to the middle


class MapView(MapCanvas):
    """Shows where things stand; wheel or + and - to zoom, drag to move, click to choose, Home to see all.

    Page Down and Page Up step from parcel to parcel, Enter chooses it; an arrow at the edge leads to what lies beyond.
    """

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
        for way, (arrow, _text) in self._arrows().items():
            if arrow.contains(event.position()):
                self._go_beyond(way)
                return
        near = min(self._points, key=lambda p: self._distance(p, event.position()), default=None)
        if near is not None and self._distance(near, event.position()) < 12:
            self.choose(near.key)
            self.point_chosen.emit(near.key)
            return
        fill = Qt.FillRule.OddEvenFill
        areas = (*self._own, *self._around) if self._labels else self._around
        hit = next((a for a in areas if self._shape(a.ring).containsPoint(event.position(), fill)), None)
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
        return next(
            (a.label for a in (*self._own, *self._around) if self._shape(a.ring).containsPoint(place, fill)), ""
        )

    def _step(self, way: int) -> None:
        """Goes to the next parcel or place, round and round, and brings it into view."""
        things = in_order([*self._own, *self._around], self._points)
        if not things:
            return
        at = things.index(self._marked) + way if self._marked in things else 0
        self._marked = things[at % len(things)]
        self.setAccessibleDescription(self._marked.label)
        place = self._pixel(*self._marked.where)
        if not self.rect().adjusted(_MARGIN_PX, _MARGIN_PX, -_MARGIN_PX, -_MARGIN_PX).contains(place.toPoint()):
            self.move_by(QPointF(self.rect().center()) - place)
        self.update()

    def _go_beyond(self, way: Direction) -> None:
        """Brings the nearest of what lies beyond an edge to the middle."""
        middle = QPointF(self.rect().center())
        there = [place for place in self._places() if direction_of(QRectF(self.rect()), place) == way]
        self.move_by(middle - min(there, key=lambda place: QLineF(place, middle).length()))

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
        """+ and - zoom, arrows move, Home shows all; Page Down and Page Up step, Enter chooses."""
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
        elif key in (Qt.Key.Key_PageDown, Qt.Key.Key_PageUp):
            self._step(1 if key == Qt.Key.Key_PageDown else -1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._marked is not None:
            chosen = self.area_chosen if isinstance(self._marked, MapArea) else self.point_chosen
            chosen.emit(self._marked.key)
        else:
            super().keyPressEvent(event)
