"""Where a key leads on a map: in order from north to south, or to the next thing in a direction."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QPointF

from fieldapp.ui.map_places import MapArea, MapPoint

Thing = MapArea | MapPoint


def in_order(areas: Sequence[MapArea], points: Sequence[MapPoint]) -> list[Thing]:
    """What a person steps through, from north to south: parcels, and what else has a place but is no tree."""
    found: list[Thing] = [*areas, *(point for point in points if point.place)]
    return sorted(found, key=lambda thing: (-thing.where[1], thing.where[0]))


def towards(
    things: Sequence[Thing], here: QPointF, way: tuple[int, int], pixel: Callable[[float, float], QPointF]
) -> Thing | None:
    """The nearest thing more in this direction than across it; what lies aside counts double."""
    found: list[tuple[float, int]] = []
    for place, thing in enumerate(things):
        off = pixel(*thing.where) - here
        along = off.x() * way[0] + off.y() * way[1]
        across = abs(off.x() * way[1]) + abs(off.y() * way[0])
        if along > 0.5 and across <= along:
            found.append((along + 2 * across, place))
    return things[min(found)[1]] if found else None
