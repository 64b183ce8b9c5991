"""What a map says in words: names that do not cover each other, and how much lies beyond each edge."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter

_ARROWS = {(-1, -1): "↖", (0, -1): "↑", (1, -1): "↗", (-1, 0): "←", (1, 0): "→", (-1, 1): "↙", (0, 1): "↓", (1, 1): "↘"}
_EDGE_PX = 4
_GAP_PX = 3


def paint_names(painter: QPainter, room: QRectF, names: Iterable[tuple[QRectF, str]]) -> None:
    """Writes each name right of its shape, the first come; one that would cover another is left to the tooltip."""
    taken: list[QRectF] = []
    metrics = painter.fontMetrics()
    for shape, name in names:
        if not name or not shape.intersects(room):
            continue
        width, height = metrics.horizontalAdvance(name), metrics.height()
        place = QRectF(shape.right() + _GAP_PX, shape.center().y() - height / 2, width, height)
        if room.contains(place) and not any(place.intersects(other) for other in taken):
            taken.append(place)
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, name)


def beyond(room: QRectF, places: Iterable[QPointF]) -> Counter[tuple[int, int]]:
    """How many places lie out of view, by direction: (-1, 0) is left, (0, 1) below."""
    found: Counter[tuple[int, int]] = Counter()
    for place in places:
        across = (place.x() > room.right()) - (place.x() < room.left())
        down = (place.y() > room.bottom()) - (place.y() < room.top())
        if across or down:
            found[across, down] += 1
    return found


def paint_beyond(painter: QPainter, room: QRectF, places: Iterable[QPointF]) -> None:
    """An arrow with a count at each edge beyond which something lies."""
    metrics = painter.fontMetrics()
    for (across, down), count in beyond(room, places).items():
        text = f"{_ARROWS[across, down]} {count:,}"
        width, height = metrics.horizontalAdvance(text), metrics.height()
        x = room.center().x() - width / 2 + across * (room.width() / 2 - width / 2 - _EDGE_PX)
        y = room.center().y() - height / 2 + down * (room.height() / 2 - height / 2 - _EDGE_PX)
        painter.drawText(QRectF(x, y, width + 1, height), Qt.AlignmentFlag.AlignCenter, text)
