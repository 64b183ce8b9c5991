"""What a map shows, before it is painted: points, areas, and what of them lies together. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

from fieldapp.geo.guizhou import in_guizhou
from fieldapp.ui.tree_delegate import ACCURACY_GATE_M

if TYPE_CHECKING:
    from fieldapp.domain.records import Parcel, Position
    from fieldapp.storage.views import TreeRow

M_PER_DEGREE = 111_320.0  # of latitude; a map of one village needs no better, areas are measured in geo/
_PAIR = re.compile(r"(-?\d+(?:\.\d+)?)\s+(-?\d+(?:\.\d+)?)")
_STRAY_DEG = 0.03
_ROOM_M = 15.0  # round a single place, so that it does not fill the map with its own inaccuracy

Ring = list[tuple[float, float]]  # (lon, lat)


@dataclass(frozen=True, slots=True)
class MapPoint:
    """One thing with a place; `amber` asks for a look. A tree's accuracy is drawn while it is the current one;
    the accuracy of a place, which is a parcel or household that has nothing else to draw, always."""

    key: bytes
    lat: float
    lon: float
    label: str = ""
    amber: bool = False
    accuracy_m: float | None = None
    place: bool = False
    other: bool = False  # of a household that is not on the desk

    @property
    def where(self) -> tuple[float, float]:
        """Longitude and latitude."""
        return self.lon, self.lat


@dataclass(frozen=True, slots=True)
class MapArea:
    """The outline of a parcel; `key` is its own, or that of another household, to which choosing it leads."""

    key: bytes
    ring: Ring
    label: str = ""

    @property
    def where(self) -> tuple[float, float]:
        """Longitude and latitude of the middle of its corners."""
        lons, lats = zip(*self.ring, strict=True)
        return (min(lons) + max(lons)) / 2, (min(lats) + max(lats)) / 2


def outline(wkt: str | None) -> Ring:
    """The outer ring of a WKT polygon as (lon, lat) pairs; empty when there is none."""
    ring = (wkt or "").partition(")")[0]
    return [(float(lon), float(lat)) for lon, lat in _PAIR.findall(ring)]


def parcel_areas(parcel: Parcel) -> list[MapArea]:
    """The outline of a parcel under its place name; none when it has no outline."""
    ring = outline(parcel.boundary_wkt)
    return [MapArea(parcel.id, ring, parcel.place_name or "")] if ring else []


def tree_points(rows: Sequence[TreeRow]) -> list[MapPoint]:
    """The trees that have a position."""
    return [
        MapPoint(r.tree.id, r.lat, r.lon, r.tree.tag or "", (r.accuracy_m or 0) > ACCURACY_GATE_M, r.accuracy_m)
        for r in rows
        if r.lat is not None and r.lon is not None
    ]


def place_point(key: bytes, position: Position | None, label: str = "") -> list[MapPoint]:
    """A parcel's or household's own position as a point, none when it has none."""
    if position is None or position.lat is None or position.lon is None:
        return []
    amber = (position.accuracy_m or 0) > ACCURACY_GATE_M
    return [MapPoint(key, position.lat, position.lon, label, amber, position.accuracy_m, place=True)]


def extent(points: Sequence[MapPoint], rings: Sequence[Ring]) -> tuple[float, float, float, float] | None:
    """West, south, east and north of what lies together; None of nothing."""
    corners = [MapPoint(b"", ring[0][1], ring[0][0], str(number)) for number, ring in enumerate(rings) if ring]
    together = without_strays([*points, *corners])
    near = [rings[int(one.label)] for one in together if not one.key]
    lons = [lon for ring in near for lon, _ in ring]
    lats = [lat for ring in near for _, lat in ring]
    for point in (one for one in together if one.key):
        alone = point.place or len(together) == 1
        room = max(point.accuracy_m or 0, _ROOM_M) / M_PER_DEGREE if alone else 0.0
        lons += [point.lon - room, point.lon + room]
        lats += [point.lat - room, point.lat + room]
    return (min(lons), min(lats), max(lons), max(lats)) if lons else None


def without_strays(points: Sequence[MapPoint]) -> list[MapPoint]:
    """The points round the place where most of them lie: one wrong position must not make a dot of the rest.

    Where no place has more than the others, one in the province counts: 0,0 and another country are mistakes.
    """
    if not points:
        return []
    cells = Counter((round(p.lat / _STRAY_DEG), round(p.lon / _STRAY_DEG)) for p in points)

    def weight(cell: tuple[int, int]) -> tuple[int, bool]:
        around = sum(cells[cell[0] + down, cell[1] + across] for down in (-1, 0, 1) for across in (-1, 0, 1))
        return around, in_guizhou(cell[0] * _STRAY_DEG, cell[1] * _STRAY_DEG)

    row, column = max(list(cells), key=weight)
    crowd = [p for p in points if abs(p.lat / _STRAY_DEG - row) < 1.5 and abs(p.lon / _STRAY_DEG - column) < 1.5]
    lat, lon = median(p.lat for p in crowd), median(p.lon for p in crowd)
    return [p for p in points if abs(p.lat - lat) < _STRAY_DEG and abs(p.lon - lon) < _STRAY_DEG] or crowd
