"""A plain map that needs no tiles: parcel outlines and trees in metres, with north, scale and accuracy.

Own painting: a ready dot is copied per point, so that 100,000 points stay quick. Colour by state,
shape as the second cue (a ring where something is to be looked at).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen, QPolygonF, QResizeEvent
from PySide6.QtWidgets import QWidget

from fieldapp import i18n
from fieldapp.ui.map_frame import dot, kept_free, paint_arrows, paint_grid, paint_mark, paint_north, paint_scale
from fieldapp.ui.map_labels import Direction, arrows, placed_names
from fieldapp.ui.map_places import M_PER_DEGREE, MapArea, MapPoint, Ring, extent
from fieldapp.ui.theme import Theme

_LABEL_SCALE = 25.0  # pixels a metre from which neighbours' tags do not cover each other
_FEW_POINTS = 30


class MapCanvas(QWidget):
    """Paints points, outlines and what lies around them, at a scale of so many pixels a metre."""

    def __init__(self, theme: Theme, *, labels: bool = False) -> None:
        super().__init__()
        self._theme = theme
        self._labels = labels
        self._points: list[MapPoint] = []
        self._own: list[MapArea] = []
        self._around: list[MapArea] = []
        self._current: bytes | None = None
        self._marked: MapArea | MapPoint | None = None  # what the keys have stepped to
        self._origin = (0.0, 0.0)
        self._scale = 1.0  # pixels a metre
        self._shift = QPointF()
        self._fitted: Callable[[], None] | None = None  # what is in view by itself, until a hand moves the map
        self.setMinimumHeight(120)
        theme.changed.connect(self.update)

    def show_places(
        self,
        points: Sequence[MapPoint],
        own: Sequence[MapArea] = (),
        around: Sequence[MapArea] = (),
        *,
        fit: bool = True,
    ) -> None:
        """Shows other points and outlines, brought into view; what lies around belongs to other households."""
        self._points = list(points)
        self._own = [area for area in own if len(area.ring) > 2]
        self._around = [area for area in around if len(area.ring) > 2]
        self._marked = self._again(self._marked)
        if fit:
            self.fit()
        self.update()

    def _again(self, marked: MapArea | MapPoint | None) -> MapArea | MapPoint | None:
        """The same place in another reading: a household's parcel has another key once that household is open."""
        things: list[MapArea | MapPoint] = [*self._own, *self._around, *(p for p in self._points if p.place)]
        return next((thing for thing in things if marked is not None and thing.where == marked.where), None)

    def choose(self, key: bytes | None) -> None:
        """Marks the current point."""
        self._current = key
        self.update()

    def fit(self) -> None:
        """Brings everything into view that lies together."""
        self._fit(extent(self._points, [area.ring for area in (*self._own, *self._around)]))
        self._fitted = self.fit

    def fit_own(self) -> None:
        """Brings the open household into view."""
        self._fit(extent([point for point in self._points if not point.other], [area.ring for area in self._own]))
        self._fitted = self.fit_own

    def _fit(self, frame: tuple[float, float, float, float] | None) -> None:
        if frame is not None:
            west, south, east, north = frame
            self._origin = ((west + east) / 2, (south + north) / 2)
            left, top = self._metres(west, north)
            right, bottom = self._metres(east, south)
            span = max((right - left) / max(self.width() - 48, 40), (top - bottom) / max(self.height() - 72, 40), 0.02)
            self._scale = 1 / span
        self._shift = QPointF()
        self.update()

    def zoom(self, factor: float, about: QPointF | None = None) -> None:
        """Zooms about a place on the screen that stays where it is: the middle, unless another is named."""
        scale = min(max(self._scale * factor, 1e-4), 200.0)
        off = about - QPointF(self.width() / 2, self.height() / 2) if about is not None else QPointF()
        self._shift = off + (self._shift - off) * (scale / self._scale)
        self._scale = scale
        self._fitted = None
        self.update()

    def move_by(self, way: QPointF) -> None:
        """Moves the map by so many pixels."""
        self._shift += way
        self._fitted = None
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """What was brought into view stays in view, and fills it."""
        super().resizeEvent(event)
        if self._fitted is not None:
            self._fitted()

    def _metres(self, lon: float, lat: float) -> tuple[float, float]:
        x = (lon - self._origin[0]) * M_PER_DEGREE * math.cos(math.radians(self._origin[1]))
        return x, (lat - self._origin[1]) * M_PER_DEGREE

    def _pixel(self, lon: float, lat: float) -> QPointF:
        x, y = self._metres(lon, lat)
        middle = QPointF(self.width() / 2, self.height() / 2) + self._shift
        return QPointF(middle.x() + x * self._scale, middle.y() - y * self._scale)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Ground, grid, outlines, points, the current one, north and scale."""
        theme = self._theme
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            wide = theme.palette.line_px + self.hasFocus()  # not every theme has a colour for the focus
            painter.setPen(QPen(theme.color("fill" if self.hasFocus() else "line"), wide))
            painter.setBrush(theme.color("land"))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
            painter.setClipRect(self.rect().adjusted(2, 2, -2, -2))
            if not self._points and not self._own and not self._around:
                self._paint_empty(painter)
                return
            paint_grid(painter, theme, self.rect(), self._shift, self._scale)
            self._paint_areas(painter)
            self._paint_points(painter)
            self._paint_current(painter)
            if self.hasFocus():
                self._paint_marked(painter)
            self._paint_frame(painter)

    def _paint_empty(self, painter: QPainter) -> None:
        painter.setPen(self._theme.color("quiet"))
        painter.setFont(self._theme.font("small"))
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        painter.drawText(self.rect().adjusted(16, 8, -16, -8), flags, i18n.t("ui.map.empty"))

    def _paint_areas(self, painter: QPainter) -> None:
        """Parcels of the others, then the own ones over them, then the names beside all of them, the own ones first."""
        painter.setBrush(self._theme.color("card"))
        painter.setPen(QPen(self._theme.color("quiet"), 1))
        for area in self._around:
            painter.drawPolygon(self._shape(area.ring))
        fill = self._theme.color("fill")
        painter.setPen(QPen(fill, 2))
        fill.setAlpha(24)
        painter.setBrush(fill)
        for area in self._own:
            painter.drawPolygon(self._shape(area.ring))
        if self._labels:
            painter.setFont(self._theme.font("small"))
            painter.setPen(self._theme.color("text"))
            names = [(self._shape(area.ring).boundingRect(), area.label) for area in (*self._own, *self._around)]
            shapes = [*(shape for shape, _name in names), *(place for place, _text in self._arrows().values())]
            shapes += kept_free(self.rect(), painter.fontMetrics().height())
            for place, name in placed_names(QRectF(self.rect()), names, shapes, painter.fontMetrics()):
                painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, name)

    def _shape(self, ring: Ring) -> QPolygonF:
        return QPolygonF([self._pixel(lon, lat) for lon, lat in ring])

    def _paint_points(self, painter: QPainter) -> None:
        dots = {flag: dot(self._theme, amber=flag) for flag in (False, True)}
        half = dots[False].width() / 2
        painter.setFont(self._theme.font("small"))
        painter.setPen(self._theme.color("text"))
        labels = self._labels and (self._scale >= _LABEL_SCALE or len(self._points) <= _FEW_POINTS)
        for point in self._points:
            place = self._pixel(point.lon, point.lat)
            if point.place:
                self._paint_place(painter, place, point)
                continue
            if -8 < place.x() < self.width() + 8 and -8 < place.y() < self.height() + 8:
                painter.drawPixmap(place - QPointF(half, half), dots[point.amber])
                if labels:
                    painter.drawText(place + QPointF(half + 2, half), point.label)

    def _paint_place(self, painter: QPainter, place: QPointF, point: MapPoint) -> None:
        """A square, so that it is not taken for a tree, in the circle of its accuracy."""
        painter.save()
        colour = self._theme.color("quiet" if point.other else "amber_fill" if point.amber else "fill")
        half = self._theme.px(5)
        painter.setPen(QPen(colour, 2))
        painter.setBrush(self._theme.color("card"))
        painter.drawRect(QRectF(place.x() - half, place.y() - half, 2 * half, 2 * half))
        if point.accuracy_m:
            colour.setAlpha(32)
            painter.setBrush(colour)
            radius = point.accuracy_m * self._scale
            painter.drawEllipse(place, radius, radius)
        painter.restore()
        if point.label and self._labels:
            painter.drawText(place + QPointF(half + 4, half), point.label)

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

    def _paint_marked(self, painter: QPainter) -> None:
        """What the keys have stepped to."""
        if isinstance(self._marked, MapArea):
            paint_mark(painter, self._theme, self._shape(self._marked.ring), self._marked.label)
        elif self._marked is not None:
            middle, half = self._pixel(*self._marked.where), self._theme.px(8)
            square = QRectF(middle.x() - half, middle.y() - half, 2 * half, 2 * half)
            paint_mark(painter, self._theme, QPolygonF(square), self._marked.label)

    def _places(self) -> list[QPointF]:
        """Where on the screen everything lies, seen or not; on the map of the village parcels stand for their trees."""
        points = (point for point in self._points if point.place or not (self._labels and self._own))
        things: list[MapArea | MapPoint] = [*points, *self._own, *self._around]
        return [self._pixel(*thing.where) for thing in things]

    def _arrows(self) -> dict[Direction, tuple[QRectF, str]]:
        return arrows(QRectF(self.rect()), self._places(), QFontMetrics(self._theme.font("small")))

    def _paint_frame(self, painter: QPainter) -> None:
        painter.setPen(QPen(self._theme.color("text"), 2))
        painter.setFont(self._theme.font("small"))
        paint_north(painter, self.width())
        paint_scale(painter, self.height(), self._scale)
        current = next((self._pixel(*p.where) for p in self._points if p.key == self._current), None)
        paint_arrows(painter, self._theme, self._arrows(), self.rect(), current)
