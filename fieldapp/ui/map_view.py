"""The map under the hand: wheel and keys zoom and move, a click or Enter chooses, arrows step on."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QEvent, QLineF, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QHelpEvent, QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QToolTip

from fieldapp.ui.map_canvas import MapCanvas
from fieldapp.ui.map_labels import Direction, direction_of
from fieldapp.ui.map_places import MapArea, MapPoint
from fieldapp.ui.map_steps import Thing, in_order, towards
from fieldapp.ui.plain import plain_tip
from fieldapp.ui.theme import Theme

_WAYS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
_MOVE_PX = 40
_MARGIN_PX = 12  # what stands nearer to the edge is brought to the middle


class MapView(MapCanvas):
    """Shows where things stand; wheel or + and - to zoom, drag to move, click to choose, Home to see all.

    On the map of the village arrow keys step to the next parcel in their direction, Page Down and Page Up from north
    to south, Enter chooses; with Shift arrows move the map. An arrow at the edge leads to what lies beyond.
    """

    point_chosen = Signal(bytes)
    area_chosen = Signal(bytes)

    def __init__(self, theme: Theme, *, labels: bool = False) -> None:
        super().__init__(theme, labels=labels)
        self._drag: QPointF | None = None
        self._pressed = QPointF()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(labels)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """The wheel zooms."""
        self.zoom(1.25 if event.angleDelta().y() > 0 else 0.8, event.position())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Takes hold of the map."""
        self._drag = self._pressed = event.position()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Lets go; where the map was not moved, it was a click."""
        self._drag = None
        if QLineF(self._pressed, event.position()).length() < QApplication.startDragDistance():
            self._click(event.position())

    def _click(self, at: QPointF) -> None:
        """Follows an arrow at the edge, or chooses the nearest point within 12 pixels, or the parcel there."""
        way = next((way for way, (arrow, _text) in self._arrows().items() if arrow.contains(at)), None)
        if way is not None:
            self._go_beyond(way)
            return
        near = min(self._points, key=lambda p: self._distance(p, at), default=None)
        if near is not None and self._distance(near, at) < 12:
            self.choose(near.key)
            self.point_chosen.emit(near.key)
            return
        hit = self._area_at(at, (*self._own, *self._around) if self._labels else self._around)
        if hit is not None:
            self.area_chosen.emit(hit.key)

    def _area_at(self, at: QPointF, areas: Iterable[MapArea]) -> MapArea | None:
        fill = Qt.FillRule.OddEvenFill
        return next((area for area in areas if self._shape(area.ring).containsPoint(at, fill)), None)

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
        hit = self._area_at(place, (*self._own, *self._around))
        return hit.label if hit is not None else ""

    def _step(self, way: int) -> None:
        """Goes to the next parcel or place from north to south, round and round."""
        things = in_order([*self._own, *self._around], self._points)
        if things:
            at = things.index(self._marked) + way if self._marked in things else 0
            self._mark(things[at % len(things)])

    def _step_towards(self, way: Direction) -> None:
        """Goes to the next parcel or place in a direction, at first from the open household or the middle."""
        things = in_order([*self._own, *self._around], self._points)
        begin = self._marked or next(iter(self._own), None)
        here = self._pixel(*begin.where) if begin is not None else QPointF(self.rect().center())
        thing = towards(things, here, way, self._pixel)
        if thing is not None:
            self._mark(thing)

    def _mark(self, thing: Thing) -> None:
        """Marks a thing and brings it into view."""
        self._marked = thing
        self.setAccessibleDescription(thing.label)
        place = self._pixel(*thing.where)
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
        """Moves the map with the hand; on the map of the village the hand shows what a click would follow."""
        if self._drag is not None:
            self.move_by(event.position() - self._drag)
            self._drag = event.position()
        elif self._labels:
            at = event.position()
            under = any(arrow.contains(at) for arrow, _text in self._arrows().values()) or self.name_at(at)
            self.setCursor(Qt.CursorShape.PointingHandCursor if under else Qt.CursorShape.ArrowCursor)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """+ and - zoom, arrows step or move, Home shows all; Page Down and Page Up step, Enter chooses."""
        key = Qt.Key(event.key())
        if key in _WAYS and self._labels and not event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self._step_towards(_WAYS[key])
        elif key in _WAYS:
            self.move_by(QPointF(*_WAYS[key]) * -_MOVE_PX)
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal, Qt.Key.Key_Minus):
            about = self._pixel(*self._marked.where) if self._marked is not None else None
            self.zoom(0.8 if key == Qt.Key.Key_Minus else 1.25, about)
        elif key == Qt.Key.Key_Home:
            self.fit()
        elif key in (Qt.Key.Key_PageDown, Qt.Key.Key_PageUp):
            self._step(1 if key == Qt.Key.Key_PageDown else -1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._marked is not None:
            chosen = self.area_chosen if isinstance(self._marked, MapArea) else self.point_chosen
            chosen.emit(self._marked.key)
        else:
            super().keyPressEvent(event)
