"""Where things lie in the picture of a comparison: centimetres and kilograms to pixels. Pure: values in, places out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from math import floor, hypot, inf, log10
from statistics import median

from PySide6.QtCore import QPointF, QRectF

from fieldapp.carbon.picture import Picture, PictureLine

_OUTLIER = 2.2  # times the median: what lies above is cut, else one steep line would press all others flat
_TICKS = 5


@dataclass(frozen=True, slots=True)
class Scale:
    """The room of the plot and what its far corner stands for."""

    room: QRectF
    d_max_cm: float
    kg_max: float

    @staticmethod
    def of(picture: Picture, room: QRectF) -> Scale:
        """A scale that shows the tree, and the lines as far as they lie together."""
        ends = [line.along_kg[-1] for line in picture.lines] or [1.0]
        at_tree = max((line.agb_kg for line in picture.lines), default=1.0)
        return Scale(room, picture.up_to_cm or 1.0, max(min(max(ends), _OUTLIER * median(ends)), 1.1 * at_tree))

    def point(self, d_cm: float, kg: float) -> QPointF:
        """Where a diameter and a mass lie."""
        x = self.room.left() + self.room.width() * d_cm / self.d_max_cm
        return QPointF(x, self.room.bottom() - self.room.height() * kg / self.kg_max)

    def ticks_d(self) -> Iterator[tuple[float, float]]:
        """Round diameters with their x."""
        return ((value, self.point(value, 0.0).x()) for value in round_steps(self.d_max_cm))

    def ticks_kg(self) -> Iterator[tuple[float, float]]:
        """Round masses with their y."""
        return ((value, self.point(0.0, value).y()) for value in round_steps(self.kg_max))

    def band(self, line: PictureLine) -> QRectF | None:
        """The sampled range of an equation over the whole height; None when it is not known."""
        low, high = line.range_cm
        if low is None and high is None:
            return None
        left = self.point(min(low or 0.0, self.d_max_cm), 0.0).x()
        right = self.point(min(self.d_max_cm if high is None else high, self.d_max_cm), 0.0).x()
        return QRectF(left, self.room.top(), right - left, self.room.height())

    def distance(self, line: PictureLine, at: QPointF) -> float:
        """How far a point is from a line's drawn points, in pixels."""
        places = (self.point(d, kg) - at for d, kg in zip(line.d_cm, line.along_kg, strict=True))
        return min((hypot(place.x(), place.y()) for place in places), default=inf)

    def label_heights(self, lines: Sequence[PictureLine], high: float) -> list[tuple[int, float]]:
        """The places of the lines' numbers at the right, pushed apart so that all can be read."""
        wanted = [max(self.point(0.0, line.along_kg[-1]).y(), self.room.top()) for line in lines]
        order = sorted(range(len(lines)), key=lambda place: (wanted[place], -lines[place].along_kg[-1]))
        gap = min(high, self.room.height() / max(len(lines), 1))
        found: list[tuple[int, float]] = []
        lowest = self.room.bottom() - gap * (len(order) - 1)
        for rank, place in enumerate(order):
            y = min(max(wanted[place], found[-1][1] + gap if found else -inf), lowest + gap * rank)
            found.append((place, y))
        return found


def pieces(line: PictureLine) -> Iterator[tuple[bool, list[tuple[float, float]]]]:
    """A line cut where its sampled range begins and ends; True inside. An unknown range counts as outside."""
    low, high = line.range_cm
    unknown = low is None and high is None
    points = list(zip(line.d_cm, line.along_kg, strict=True))

    def inside(point: tuple[float, float]) -> bool:
        return not unknown and (low is None or point[0] >= low) and (high is None or point[0] <= high)

    last: list[tuple[float, float]] = []
    for is_inside, group in groupby(points, key=inside):
        part = [*last, *group]
        last = part[-1:]
        yield is_inside, part


def round_steps(top: float) -> list[float]:
    """Round numbers from 0 up to `top`, about five of them."""
    raw = top / _TICKS
    size = 10.0 ** floor(log10(raw))
    step = next(size * factor for factor in (1, 2, 5, 10) if size * factor >= raw)
    return [step * place for place in range(int(top / step + 1e-9) + 1)]
