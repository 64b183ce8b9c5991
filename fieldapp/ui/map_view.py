"""A plain map that needs no tiles: parcel outlines and trees in metres, with north, scale and accuracy.

Own painting: a ready dot is copied per point, so that 100,000 points stay quick. Colour by state,
shape as the second cue (a ring where something is to be looked at).
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap, QPolygonF, QWheelEvent
from PySide6.QtWidgets import QWidget

from fieldapp import i18n
from fieldapp.ui.theme import Theme

_M_PER_DEGREE = 111_320.0  # of latitude; a map of one village needs no better, areas are measured in geo/
_PAIR = re.compile(r"(-?\d+(?:\.\d+)?)\s+(-?\d+(?:\.\d+)?)")
_STRAY_DEG = 0.03
_LABEL_SCALE = 25.0  # pixels a metre from which neighbours' tags do not cover each other
_FEW_POINTS = 30
_STEPS_M = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000)


@dataclass(frozen=True, slots=True)
class MapPoint:
    """One thing with a place; `amber` asks for a look, `accuracy_m` draws its circle when it is the current one."""

    key: bytes
    lat: float
    lon: float
    label: str = ""
    amber: bool = False
    accuracy_m: float | None = None


def outline(wkt: str | None) -> list[tuple[float, float]]:
    """The outer ring of a WKT polygon as (lon, lat) pairs; empty when there is none."""
    ring = (wkt or "").partition(")")[0]
    return [(float(lon), float(lat)) for lon, lat in _PAIR.findall(ring)]


def _without_strays(points: Sequence[MapPoint]) -> list[MapPoint]:
    """The points within some kilometres of the middle one: one wrong position must not make a dot of the rest."""
    if not points:
        return []
    lat, lon = median(p.lat for p in points), median(p.lon for p in points)
    return [p for p in points if abs(p.lat - lat) < _STRAY_DEG and abs(p.lon - lon) < _STRAY_DEG] or list(points)


class MapView(QWidget):
    """Shows where things stand; wheel or + and - to zoom, drag to move, click to choose, Home to see all."""

    point_chosen = Signal(bytes)

    def __init__(self, theme: Theme, *, labels: bool = False) -> None:
        super().__init__()
        self._theme = theme
        self._labels = labels
        self._points: list[MapPoint] = []
        self._rings: list[list[tuple[float, float]]] = []
        self._current: bytes | None = None
        self._origin = (0.0, 0.0)
        self._scale = 1.0  # pixels a metre
        self._shift = QPointF()
        self._drag: QPointF | None = None
        self.setMinimumHeight(120)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        theme.changed.connect(self.update)

    def show_places(self, points: Sequence[MapPoint], rings: Sequence[list[tuple[float, float]]] = ()) -> None:
        """Shows other points and outlines, all in view."""
        self._points = list(points)
        self._rings = [ring for ring in rings if len(ring) > 2]
        self.fit()

    def choose(self, key: bytes | None) -> None:
        """Marks the current point."""
        self._current = key
        self.update()

    def fit(self) -> None:
        """Brings everything into view that lies together."""
        near = _without_strays(self._points)
        lons = [p.lon for p in near] + [lon for ring in self._rings for lon, _ in ring]
        lats = [p.lat for p in near] + [lat for ring in self._rings for _, lat in ring]
        if lons:
            self._origin = ((min(lons) + max(lons)) / 2, (min(lats) + max(lats)) / 2)
            left, top = self._metres(min(lons), max(lats))
            right, bottom = self._metres(max(lons), min(lats))
            span = max((right - left) / max(self.width() - 48, 40), (top - bottom) / max(self.height() - 72, 40), 0.02)
            self._scale = 1 / span
        self._shift = QPointF()
        self.update()

    def zoom(self, factor: float) -> None:
        """Zooms about the middle."""
        self._scale = min(max(self._scale * factor, 1e-4), 200.0)
        self._shift *= factor
        self.update()

    def _metres(self, lon: float, lat: float) -> tuple[float, float]:
        x = (lon - self._origin[0]) * _M_PER_DEGREE * math.cos(math.radians(self._origin[1]))
        return x, (lat - self._origin[1]) * _M_PER_DEGREE

    def _pixel(self, lon: float, lat: float) -> QPointF:
        x, y = self._metres(lon, lat)
        middle = QPointF(self.width() / 2, self.height() / 2) + self._shift
        return QPointF(middle.x() + x * self._scale, middle.y() - y * self._scale)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Ground, grid, outlines, points, the current one, north and scale."""
        theme = self._theme
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(theme.color("fill" if self.hasFocus() else "line"), theme.palette.line_px))
            painter.setBrush(theme.color("land"))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
            painter.setClipRect(self.rect().adjusted(2, 2, -2, -2))
            if not self._points and not self._rings:
                self._paint_empty(painter)
                return
            self._paint_grid(painter)
            self._paint_rings(painter)
            self._paint_points(painter)
            self._paint_current(painter)
            self._paint_frame(painter)

    def _paint_empty(self, painter: QPainter) -> None:
        painter.setPen(self._theme.color("quiet"))
        painter.setFont(self._theme.font("small"))
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        painter.drawText(self.rect().adjusted(16, 8, -16, -8), flags, i18n.t("ui.map.empty"))

    def _step_m(self) -> int:
        return next((step for step in _STEPS_M if step * self._scale >= 56), _STEPS_M[-1])

    def _paint_grid(self, painter: QPainter) -> None:
        painter.setPen(QPen(self._theme.color("track"), 1))
        step = self._step_m() * self._scale
        x = (self.width() / 2 + self._shift.x()) % step
        while x < self.width():
            painter.drawLine(QLineF(x, 0, x, self.height()))
            x += step
        y = (self.height() / 2 + self._shift.y()) % step
        while y < self.height():
            painter.drawLine(QLineF(0, y, self.width(), y))
            y += step

    def _paint_rings(self, painter: QPainter) -> None:
        fill = self._theme.color("fill")
        painter.setPen(QPen(fill, 2))
        fill.setAlpha(24)
        painter.setBrush(fill)
        for ring in self._rings:
            painter.drawPolygon(QPolygonF([self._pixel(lon, lat) for lon, lat in ring]))

    def _dot(self, *, amber: bool) -> QPixmap:
        size = self._theme.px(8)
        dot = QPixmap(size, size)
        dot.fill(Qt.GlobalColor.transparent)
        with QPainter(dot) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(self._theme.color("amber_fill"), 2) if amber else Qt.PenStyle.NoPen)
            painter.setBrush(self._theme.color("card" if amber else "fill"))
            painter.drawEllipse(QRectF(1.5, 1.5, size - 3, size - 3))
        return dot

    def _paint_points(self, painter: QPainter) -> None:
        dots = {flag: self._dot(amber=flag) for flag in (False, True)}
        half = dots[False].width() / 2
        painter.setFont(self._theme.font("small"))
        painter.setPen(self._theme.color("text"))
        labels = self._labels and (self._scale >= _LABEL_SCALE or len(self._points) <= _FEW_POINTS)
        for point in self._points:
            place = self._pixel(point.lon, point.lat)
            if -8 < place.x() < self.width() + 8 and -8 < place.y() < self.height() + 8:
                painter.drawPixmap(place - QPointF(half, half), dots[point.amber])
                if labels:
                    painter.drawText(place + QPointF(half + 2, half), point.label)

    def _paint_current(self, painter: QPainter) -> None:
        point = next((p for p in self._points if p.key == self._current), None)
        if point is None:
            return
        place = self._pixel(point.lon, point.lat)
        colour = self._theme.color("amber_fill")
        painter.setPen(QPen(self._theme.color("card"), 2))
        painter.setBrush(colour)
        painter.drawEllipse(place, 5.5, 5.5)
        if point.accuracy_m:
            painter.setPen(QPen(colour, 1))
            colour.setAlpha(48)
            painter.setBrush(colour)
            radius = point.accuracy_m * self._scale
            painter.drawEllipse(place, radius, radius)

    def _paint_frame(self, painter: QPainter) -> None:
        painter.setPen(QPen(self._theme.color("text"), 2))
        painter.setFont(self._theme.font("small"))
        right, bottom = self.width() - 20, self.height() - 14
        painter.drawText(QPointF(right - 6, 22), i18n.t("ui.map.north"))
        painter.drawLine(QLineF(right, 28, right, 46))
        painter.drawLine(QLineF(right, 28, right - 4, 34))
        painter.drawLine(QLineF(right, 28, right + 4, 34))
        step = self._step_m()
        painter.drawLine(QLineF(14, bottom, 14 + step * self._scale, bottom))
        text = f"{step} m" if step < 1_000 else f"{step // 1_000} km"
        painter.drawText(QPointF(14, bottom - 5), text)

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

    def _distance(self, point: MapPoint, place: QPointF) -> float:
        return QLineF(self._pixel(point.lon, point.lat), place).length()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Moves the map with the hand."""
        if self._drag is not None:
            self._shift += event.position() - self._drag
            self._drag = event.position()
            self.update()

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
            self._shift += QPointF(*moves[key])
            self.update()
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal, Qt.Key.Key_Minus):
            self.zoom(0.8 if key == Qt.Key.Key_Minus else 1.25)
        elif key == Qt.Key.Key_Home:
            self.fit()
        else:
            super().keyPressEvent(event)
