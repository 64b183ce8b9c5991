"""What a map says in words: names that do not cover each other, and how much lies beyond each edge."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import product

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QFontMetrics

_ARROWS = {(-1, -1): "↖", (0, -1): "↑", (1, -1): "↗", (-1, 0): "←", (1, 0): "→", (-1, 1): "↙", (0, 1): "↓", (1, 1): "↘"}
_EDGE_PX = 4
_GAP_PX = 3

Direction = tuple[int, int]  # (-1, 0) is left, (0, 1) below


def placed_names(
    room: QRectF, names: Iterable[tuple[QRectF, str]], shapes: Sequence[QRectF], metrics: QFontMetrics
) -> list[tuple[QRectF, str]]:
    """Each name beside its shape, the first come; one that finds no free place is left to the tooltip.

    `shapes` are covered by no name but their own.
    """
    placed: list[tuple[QRectF, str]] = []
    covered = _Covered(shape for shape in shapes if shape.intersects(room))
    for shape, name in names:
        if not name or not shape.intersects(room):
            continue
        for place in _beside(shape, metrics.horizontalAdvance(name), metrics.height()):
            if room.contains(place) and not covered.meets(place, but=shape):
                covered.add(place)
                placed.append((place, name))
                break
    return placed


class _Covered:
    """Ground that is taken, in squares: of a thousand parcels a name asks only those around it."""

    _SQUARE_PX = 64

    def __init__(self, taken: Iterable[QRectF]) -> None:
        self._squares: dict[tuple[int, int], list[QRectF]] = defaultdict(list)
        for one in taken:
            self.add(one)

    def add(self, taken: QRectF) -> None:
        """Takes ground."""
        for square in self._touched(taken):
            self._squares[square].append(taken)

    def meets(self, wanted: QRectF, *, but: QRectF) -> bool:
        """Whether any of it is taken by something else."""
        found = (one for square in self._touched(wanted) for one in self._squares.get(square, ()))
        return any(one != but and one.intersects(wanted) for one in found)

    def _touched(self, rect: QRectF) -> Iterator[tuple[int, int]]:
        left, top, right, bottom = (
            int(end // self._SQUARE_PX) for end in (rect.left(), rect.top(), rect.right(), rect.bottom())
        )
        return product(range(left, right + 1), range(top, bottom + 1))


def _beside(shape: QRectF, width: float, height: float) -> Iterator[QRectF]:
    """Right of it, left, above, below."""
    middle = shape.center()
    yield QRectF(shape.right() + _GAP_PX, middle.y() - height / 2, width, height)
    yield QRectF(shape.left() - _GAP_PX - width, middle.y() - height / 2, width, height)
    yield QRectF(middle.x() - width / 2, shape.top() - height, width, height)
    yield QRectF(middle.x() - width / 2, shape.bottom(), width, height)


def direction_of(room: QRectF, place: QPointF) -> Direction:
    """Beyond which edge or corner a place lies; (0, 0) in view."""
    across = (place.x() > room.right()) - (place.x() < room.left())
    return across, (place.y() > room.bottom()) - (place.y() < room.top())


def beyond(room: QRectF, places: Iterable[QPointF]) -> Counter[Direction]:
    """How many places lie out of view, by direction."""
    found = Counter(direction_of(room, place) for place in places)
    del found[0, 0]
    return found


def arrows(room: QRectF, places: Iterable[QPointF], metrics: QFontMetrics) -> dict[Direction, tuple[QRectF, str]]:
    """An arrow with a count at each edge beyond which something lies, and where it stands."""
    found = {}
    for (across, down), count in beyond(room, places).items():
        text = f"{_ARROWS[across, down]} {count:,}"
        width, height = metrics.horizontalAdvance(text), metrics.height()
        x = room.center().x() - width / 2 + across * (room.width() / 2 - width / 2 - _EDGE_PX)
        y = room.center().y() - height / 2 + down * (room.height() / 2 - height / 2 - _EDGE_PX)
        found[across, down] = QRectF(x, y, width + 1, height), text
    return found
