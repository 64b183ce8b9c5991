"""Whether a place lies in a county, within a kilometre: to notice a wrong village, never to draw a boundary.

The outlines are coarse (100 m) and shipped for Guizhou alone; they are read when first asked for.
"""

from __future__ import annotations

import gzip
import json
import math
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from fieldapp import paths
from fieldapp.geo.area import Ring
from fieldapp.geo.average import metres_per_degree
from fieldapp.geo.rings import winding

_FLAT_M = 300_000.0  # beyond it a plane is no help
_EARTH_M = 6_371_000.0


@dataclass(frozen=True, slots=True)
class _Outline:
    """A county's polygons, each a list of rings, and the box around them: west, south, east, north."""

    polygons: list[list[Ring]]
    box: tuple[float, float, float, float]


def inside_county(lat: float, lon: float, county_code: str, *, margin_m: float = 0.0) -> bool | None:
    """Whether a WGS 84 place lies in a county (6 digits; longer codes are cut) or within the margin; None: unknown."""
    outline = _outlines().get(county_code[:6])
    if outline is None:
        return None
    north_m, east_m = metres_per_degree(lat)
    west, south, east, north = outline.box
    if not (south - margin_m / north_m <= lat <= north + margin_m / north_m):
        return False
    if not (west - margin_m / east_m <= lon <= east + margin_m / east_m):
        return False
    # an even-odd count over all rings takes holes into account
    if sum(winding(lat, lon, ring) for polygon in outline.polygons for ring in polygon) % 2:
        return True
    rings = (ring for polygon in outline.polygons for ring in polygon)
    return any(_nearer(lat, lon, ring, margin_m, north_m, east_m) for ring in rings)


def metres_from_county(lat: float, lon: float, county_code: str) -> float | None:
    """How far a WGS 84 place lies outside a county, 0 inside; None: unknown. To rank readings, not to measure."""
    outline = _outlines().get(county_code[:6])
    if outline is None:
        return None
    if inside_county(lat, lon, county_code):
        return 0.0
    north_m, east_m = metres_per_degree(lat)
    rings = (ring for polygon in outline.polygons for ring in polygon)
    near_m = min(_ring_m(lat, lon, ring, north_m, east_m) for ring in rings)
    return near_m if near_m < _FLAT_M else _around_m(lat, lon, outline)


def _around_m(lat: float, lon: float, outline: _Outline) -> float:
    """From far away along the globe, to the middle of the county."""
    west, south, east, north = outline.box
    there, here, turn = (math.radians(x) for x in ((south + north) / 2, lat, (west + east) / 2 - lon))
    half = math.sin((there - here) / 2) ** 2 + math.cos(here) * math.cos(there) * math.sin(turn / 2) ** 2
    return 2 * _EARTH_M * math.asin(math.sqrt(half))


def county_at(lat: float, lon: float) -> str | None:
    """The six-digit code of the county that holds a WGS 84 place; None outside Guizhou."""
    for code in _outlines():
        if inside_county(lat, lon, code):
            return code
    return None


def known_counties() -> frozenset[str]:
    """Codes of the counties whose outlines are shipped."""
    return frozenset(_outlines())


def _nearer(lat: float, lon: float, ring: Ring, margin_m: float, north_m: float, east_m: float) -> bool:
    """Whether the ring passes within the margin of the place."""
    return _ring_m(lat, lon, ring, north_m, east_m) <= margin_m


def _ring_m(lat: float, lon: float, ring: Ring, north_m: float, east_m: float) -> float:
    """How near the ring passes to the place, on the plane that touches there."""
    flat = [((x - lon) * east_m, (y - lat) * north_m) for x, y in ring]
    return min((_to_origin_m(*a, *b) for a, b in pairwise(flat)), default=math.inf)


def _to_origin_m(ax: float, ay: float, bx: float, by: float) -> float:
    dx, dy = bx - ax, by - ay
    length2 = dx * dx + dy * dy
    part = 0.0 if length2 == 0 else max(0.0, min(1.0, -(ax * dx + ay * dy) / length2))
    return math.hypot(ax + part * dx, ay + part * dy)


@cache
def _outlines() -> dict[str, _Outline]:
    file = paths.resources() / "geo" / "guizhou_counties.json.gz"
    counties = json.loads(gzip.decompress(file.read_bytes()))["counties"]
    return {code: _outline(polygons) for code, polygons in counties.items()}


def _outline(polygons: list[list[list[list[float]]]]) -> _Outline:
    rings = [[[(lon, lat) for lon, lat in ring] for ring in polygon] for polygon in polygons]
    points = [point for polygon in rings for ring in polygon for point in ring]
    lons, lats = [lon for lon, _ in points], [lat for _, lat in points]
    return _Outline(rings, (min(lons), min(lats), max(lons), max(lats)))
