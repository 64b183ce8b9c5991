"""The picture of a comparison: biomass over diameter, one line an equation, and this tree on them.

Own painting from the palette. A line is solid where its equation was sampled and dashed where it is extrapolated;
numbers at the lines name the rows of the table beside it, so that nothing hangs on colour.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QLineF, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QToolTip, QWidget

from fieldapp import i18n
from fieldapp.carbon.picture import Picture, PictureLine
from fieldapp.ui.curve_scale import Scale, pieces
from fieldapp.ui.plain import plain_tip
from fieldapp.ui.theme import Theme

_NEAR_PX = 8.0
_STEPS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Left: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_Right: 1}


class CurveView(QWidget):
    """Shows the curves; arrow keys and clicks choose a line, `line_chosen` tells its place."""

    line_chosen = Signal(int)

    def __init__(self, theme: Theme, picture: Picture) -> None:
        super().__init__()
        self._theme, self._picture = theme, picture
        self._current = 0
        self.setMinimumSize(theme.px(330), theme.px(110))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(i18n.t("ui.compare.picture"))
        theme.changed.connect(self.update)
        self.choose(0)

    def sizeHint(self) -> QSize:
        """Room enough to tell twenty lines apart."""
        return QSize(self._theme.px(520), self._theme.px(400))

    @property
    def current(self) -> int:
        """The place of the chosen line."""
        return self._current

    def choose(self, place: int) -> None:
        """Brings one line to the front."""
        lines = self._picture.lines
        if not lines:
            return
        self._current = min(max(place, 0), len(lines) - 1)
        self.setAccessibleDescription(line_words(lines[self._current]))
        self.update()

    # -- keys and mouse
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows go from line to line."""
        step = _STEPS.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
            return
        self.choose(self._current + step)
        self.line_chosen.emit(self._current)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click takes the nearest line."""
        place = self._nearest(event.position())
        if place is not None:
            self.choose(place)
            self.line_chosen.emit(place)

    def event(self, event: QEvent) -> bool:
        """The tooltip of a line says which equation it is."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            place = self._nearest(QPointF(event.pos()))
            text = "" if place is None else line_words(self._picture.lines[place])
            QToolTip.showText(event.globalPos(), plain_tip(text), self)
            return True
        return super().event(event)

    def _nearest(self, at: QPointF) -> int | None:
        scale = self._scale()
        found = [(scale.distance(line, at), place) for place, line in enumerate(self._picture.lines)]
        near = min(found, default=(_NEAR_PX, 0))
        return near[1] if near[0] < self._theme.px(int(_NEAR_PX)) else None

    # -- painting
    def _scale(self) -> Scale:
        px = self._theme.px
        room = QRectF(self.rect()).adjusted(px(48), px(12), -px(34), -px(84))
        return Scale.of(self._picture, room)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Grid, sampled range of the chosen line, all lines, this tree, and what the strokes mean."""
        theme, scale = self._theme, self._scale()
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.fillRect(self.rect(), theme.color("card"))
            painter.setFont(theme.font("small"))
            if not self._picture.lines:
                painter.setPen(theme.color("quiet"))
                painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._picture.error)
                return
            self._band(painter, scale)
            self._grid(painter, scale)
            painter.save()
            painter.setClipRect(scale.room)
            for place, line in enumerate(self._picture.lines):
                if place != self._current:
                    self._curve(painter, scale, line, front=False)
            self._curve(painter, scale, self._picture.lines[self._current], front=True)
            painter.restore()
            self._numbers(painter, scale)
            self._tree(painter, scale)
            self._axis_words(painter, scale)
            self._legend(painter, scale)
            if self.hasFocus():
                painter.setPen(QPen(theme.color("fill"), 2))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRect(QRectF(self.rect()).adjusted(1, 1, -1, -1))

    def _band(self, painter: QPainter, scale: Scale) -> None:
        """The sampled range of the chosen equation; hatched where the theme has no greys."""
        band = scale.band(self._picture.lines[self._current])
        if band is None:
            return
        self._shade(painter, band)

    def _shade(self, painter: QPainter, room: QRectF) -> None:
        painter.fillRect(room, self._theme.color("soft"))
        if self._theme.palette.line_px > 1:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._theme.color("line"))
            painter.setOpacity(0.25)
            painter.fillRect(room, Qt.BrushStyle.BDiagPattern)
            painter.setOpacity(1.0)

    def _grid(self, painter: QPainter, scale: Scale) -> None:
        theme, room = self._theme, scale.room
        high = theme.px(18)
        for value, x in scale.ticks_d():
            painter.setPen(QPen(theme.color("track" if theme.palette.line_px == 1 else "line"), 1, Qt.PenStyle.DotLine))
            painter.drawLine(QLineF(x, room.top(), x, room.bottom()))
            painter.setPen(theme.color("quiet"))
            box = QRectF(x - 30, room.bottom() + 2, 60, high)
            painter.drawText(box, Qt.AlignmentFlag.AlignHCenter, f"{value:g}")
        for value, y in scale.ticks_kg():
            painter.setPen(QPen(theme.color("track" if theme.palette.line_px == 1 else "line"), 1, Qt.PenStyle.DotLine))
            painter.drawLine(QLineF(room.left(), y, room.right(), y))
            painter.setPen(theme.color("quiet"))
            box = QRectF(0, y - high / 2, room.left() - 6, high)
            painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, f"{value:g}")
        painter.setPen(QPen(theme.color("quiet"), theme.palette.line_px))
        painter.drawLine(QLineF(room.left(), room.bottom(), room.right(), room.bottom()))
        painter.drawLine(QLineF(room.left(), room.top(), room.left(), room.bottom()))
        below = QRectF(room.left(), room.bottom() + high, room.width(), high)
        painter.drawText(below, Qt.AlignmentFlag.AlignRight, i18n.t("ui.compare.axis_d"))

    def _axis_words(self, painter: QPainter, scale: Scale) -> None:
        """What stands upwards, on a ground of its own: lines go through there."""
        words = i18n.t("ui.compare.axis_kg")
        wide, high = painter.fontMetrics().horizontalAdvance(words) + 4, self._theme.px(18)
        box = QRectF(scale.room.left() + 3, scale.room.top() + 2, wide, high)
        painter.fillRect(box, self._theme.color("card"))
        painter.setPen(self._theme.color("quiet"))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)

    def _curve(self, painter: QPainter, scale: Scale, line: PictureLine, *, front: bool) -> None:
        theme = self._theme
        colour = theme.color("good" if front else "quiet")
        width = 4.0 if front else 2.0 if line.chosen else 1.0
        for inside, points in pieces(line):
            pen = QPen(colour, width, Qt.PenStyle.SolidLine if inside else Qt.PenStyle.DashLine)
            painter.setPen(pen)
            painter.drawPolyline(QPolygonF([scale.point(d, kg) for d, kg in points]))

    def _numbers(self, painter: QPainter, scale: Scale) -> None:
        """The numbers of the rows, where the lines end."""
        theme, high = self._theme, self._theme.px(13)
        for place, y in scale.label_heights(self._picture.lines, high):
            front = place == self._current
            box = QRectF(scale.room.right() + 3, y - high / 2, theme.px(24), high + 1)
            if front:
                painter.fillRect(box, theme.color("fill"))
            painter.setFont(theme.font("small", bold=front))
            painter.setPen(theme.color("on_fill" if front else "quiet"))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, str(self._picture.lines[place].number))
        painter.setFont(theme.font("small"))

    def _tree(self, painter: QPainter, scale: Scale) -> None:
        """This tree: a line at its diameter, a diamond on the chosen curve."""
        theme, line = self._theme, self._picture.lines[self._current]
        at = scale.point(self._picture.dbh_cm, line.agb_kg)
        painter.setPen(QPen(theme.color("amber"), theme.palette.line_px, Qt.PenStyle.DashDotLine))
        painter.drawLine(QLineF(at.x(), scale.room.top(), at.x(), scale.room.bottom()))
        self._diamond(painter, at)
        words = i18n.t("ui.compare.here", d=f"{self._picture.dbh_cm:g}", kg=f"{line.agb_kg:.1f}")
        wide, gap = painter.fontMetrics().horizontalAdvance(words) + 4, theme.px(6)
        left = at.x() + gap if at.x() + gap + wide < scale.room.right() else at.x() - gap - wide
        left = max(left, scale.room.left() + 2)
        box = QRectF(left, scale.room.top() + theme.px(22), wide, theme.px(18))
        painter.fillRect(box, theme.color("card"))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)

    def _diamond(self, painter: QPainter, at: QPointF) -> None:
        half = self._theme.px(6)
        corners = [QPointF(0, -half), QPointF(half, 0), QPointF(0, half), QPointF(-half, 0)]
        painter.setPen(QPen(self._theme.color("card"), 1))
        painter.setBrush(self._theme.color("amber"))
        painter.drawPolygon(QPolygonF([at + corner for corner in corners]))
        painter.setPen(self._theme.color("amber"))

    def _legend(self, painter: QPainter, scale: Scale) -> None:
        theme, px = self._theme, self._theme.px
        x, y = float(px(12)), scale.room.bottom() + px(46)
        for key, style in (("inside", Qt.PenStyle.SolidLine), ("outside", Qt.PenStyle.DashLine)):
            painter.setPen(QPen(theme.color("quiet"), 2, style))
            painter.drawLine(QLineF(x, y, x + px(28), y))
            x = self._legend_words(painter, x + px(34), y, i18n.t(f"ui.compare.{key}"))
        x, y = float(px(12)), y + px(22)
        swatch = QRectF(x, y - px(6), px(28), px(12))
        self._shade(painter, swatch)
        x = self._legend_words(painter, x + px(34), y, i18n.t("ui.compare.band"))
        self._diamond(painter, QPointF(x + px(6), y))
        self._legend_words(painter, x + px(18), y, i18n.t("ui.compare.tree"))

    def _legend_words(self, painter: QPainter, x: float, y: float, words: str) -> float:
        painter.setPen(self._theme.color("text"))
        wide = painter.fontMetrics().horizontalAdvance(words)
        high = self._theme.px(20)
        painter.drawText(QRectF(x, y - high / 2, wide + 4, high), Qt.AlignmentFlag.AlignVCenter, words)
        return x + wide + self._theme.px(20)


def line_words(line: PictureLine) -> str:
    """One line in words, for the tooltip and for those who hear the window."""
    low, high = (f"{end:g}" if end is not None else "…" for end in line.range_cm)
    span = i18n.t("carbon.card.range_unknown") if low == high == "…" else f"{low}–{high} cm"
    numbers = i18n.t("ui.compare.numbers", agb=f"{line.agb_kg:.1f}", co2=f"{line.co2e_kg:.1f}")
    return " · ".join((f"{line.number}. {line.name}", line.place, span, numbers, line.marks))
