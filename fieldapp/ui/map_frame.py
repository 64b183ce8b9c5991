"""What a map has whatever it shows: grid, north, scale, its dots, and the mark on what the keys have stepped to."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QLineF, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPixmap, QPolygonF

from fieldapp import i18n
from fieldapp.ui.map_labels import Direction, direction_of
from fieldapp.ui.theme import Theme

_STEPS_M: tuple[int, ...] = tuple(step * 10**power for power in range(7) for step in (1, 2, 5))  # 1 m to 5,000 km


def paint_grid(painter: QPainter, theme: Theme, room: QRect, shift: QPointF, scale: float) -> None:
    """Lines as far apart as the scale bar is long."""
    painter.setPen(QPen(theme.color("track"), 1))
    step = _step_m(scale) * scale
    x = (room.width() / 2 + shift.x()) % step
    while x < room.width():
        painter.drawLine(QLineF(x, 0, x, room.height()))
        x += step
    y = (room.height() / 2 + shift.y()) % step
    while y < room.height():
        painter.drawLine(QLineF(0, y, room.width(), y))
        y += step


def dot(theme: Theme, *, amber: bool) -> QPixmap:
    """A tree; hollow where something is to be looked at."""
    size = theme.px(8)
    made = QPixmap(size, size)
    made.fill(Qt.GlobalColor.transparent)
    with QPainter(made) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.color("amber_fill"), 2) if amber else Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("card" if amber else "fill"))
        painter.drawEllipse(QRectF(1.5, 1.5, size - 3, size - 3))
    return made


def _step_m(scale: float) -> int:
    """The distance between two lines of the grid at so many pixels a metre."""
    return next((step for step in _STEPS_M if step * scale >= 56), _STEPS_M[-1])


def kept_free(room: QRect, line_px: int) -> tuple[QRectF, QRectF]:
    """Where north and scale stand: no name is written there."""
    return QRectF(room.width() - 44, 0, 44, 2 * line_px + 36), QRectF(
        0, room.height() - 2 * line_px - 20, 130, line_px + 20
    )


def paint_north(painter: QPainter, width: int) -> None:
    """The arrow at the upper right."""
    right, top = width - 20, painter.fontMetrics().height() + 12  # in the corner itself stands what lies beyond it
    letter = QRectF(right - 20, top, 40, painter.fontMetrics().height())
    painter.drawText(letter, Qt.AlignmentFlag.AlignCenter, i18n.t("ui.map.north"))
    tip = letter.bottom() + 2
    painter.drawLine(QLineF(right, tip, right, tip + 18))
    painter.drawLine(QLineF(right, tip, right - 4, tip + 6))
    painter.drawLine(QLineF(right, tip, right + 4, tip + 6))


def paint_scale(painter: QPainter, height: int, scale: float) -> None:
    """The bar at the lower left, as long as its number says."""
    bottom, step = height - painter.fontMetrics().height() - 14, _step_m(scale)
    painter.drawLine(QLineF(14, bottom, 14 + step * scale, bottom))
    text = f"{step} m" if step < 1_000 else f"{step // 1_000:,} km"
    painter.drawText(QPointF(14, bottom - 5), text)


def paint_arrows(
    painter: QPainter, theme: Theme, ways: Mapping[Direction, tuple[QRectF, str]], room: QRect, current: QPointF | None
) -> None:
    """What lies beyond the edges; the arrow to the current one stands out, for its dot cannot be seen."""
    there = direction_of(QRectF(room), current) if current is not None else (0, 0)
    for way, (place, text) in ways.items():
        painter.setPen(theme.color("amber" if way == there else "text"))
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, text)


def paint_mark(painter: QPainter, theme: Theme, shape: QPolygonF, name: str) -> None:
    """A strong outline, and the name below it on a ground of its own."""
    painter.setPen(QPen(theme.color("text"), 3))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPolygon(shape)
    if not name:
        return
    painter.setFont(theme.font("body", bold=True))
    size, frame = painter.fontMetrics().size(0, name), shape.boundingRect()
    wide = size.width() + 12
    box = QRectF(frame.center().x() - wide / 2, frame.bottom() + 6, wide, size.height() + 4)
    painter.setPen(QPen(theme.color("text"), 1))
    painter.setBrush(theme.color("card"))
    painter.drawRoundedRect(box, 4, 4)
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, name)
