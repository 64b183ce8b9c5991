"""Area, perimeter and distance on the ellipsoid, from GeoJSON or WKT in lon lat order."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from fieldapp.errors import Finding, ItemError, Severity
from fieldapp.geo.crs import geod
from fieldapp.geo.rings import crosses_itself, outside, overlap, turns_back

SQUARE_METRES_PER_MU = 2000 / 3
Ring = list[tuple[float, float]]  # lon, lat
_NUMBER = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?"


@dataclass(frozen=True, slots=True)
class Area:
    """Size of one polygon; the perimeter is that of its outer ring and its holes."""

    area_m2: float
    perimeter_m: float
    findings: tuple[Finding, ...] = ()

    @property
    def area_mu(self) -> float:
        """The area in mu; 15 mu are a hectare."""
        return self.area_m2 / SQUARE_METRES_PER_MU


def read_polygon(text: str) -> list[Ring]:
    """Rings of the one polygon in a GeoJSON or WKT text, the outer one first. ItemError says what is wrong with it."""
    text = text.lstrip("\ufeff").strip()
    if not text:
        raise ItemError("area_empty")
    rings = _from_geojson(text) if text.startswith(("{", "[")) else _from_wkt(text)
    return [_checked(ring) for ring in rings]


def polygon_area(rings: Sequence[Sequence[tuple[float, float]]]) -> Area:
    """Area and perimeter of a polygon whose first ring is the outer one, the others holes; any direction."""
    area_m2 = perimeter_m = 0.0
    for index, ring in enumerate(rings):
        lons, lats = [lon for lon, _ in ring], [lat for _, lat in ring]
        ring_m2, ring_m = geod().polygon_area_perimeter(lons, lats)
        area_m2 += abs(ring_m2) if index == 0 else -abs(ring_m2)
        perimeter_m += ring_m
    return Area(max(area_m2, 0.0), perimeter_m, _findings(rings))


def _findings(rings: Sequence[Sequence[tuple[float, float]]]) -> tuple[Finding, ...]:
    outer, holes = rings[0], rings[1:]
    codes = (
        ("area_crossing", any(map(crosses_itself, rings))),
        ("area_spike", any(map(turns_back, rings))),
        ("area_hole_outside", any(outside(hole, outer) for hole in holes)),
        ("area_holes_overlap", any(overlap(one, other) for one, other in combinations(holes, 2))),
    )
    return tuple(Finding(code, Severity.AMBER, "boundary_wkt") for code, found in codes if found)


def distance_m(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Length of the geodesic between two places."""
    return float(geod().inv(lon1, lat1, lon2, lat2)[2])


def bearing_deg(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Direction from the first place to the second, degrees clockwise from true north, 0 to 360."""
    return float(geod().inv(lon1, lat1, lon2, lat2)[0]) % 360


def _from_geojson(text: str) -> list[Ring]:
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:  # ValueError: also numbers of thousands of digits
        raise ItemError("area_format") from error
    geometry = _geometry(data)
    if not isinstance(geometry, dict) or geometry.get("type") != "Polygon":
        raise ItemError("area_not_one_polygon", found=_type_name(geometry))
    rings = geometry.get("coordinates")
    if not isinstance(rings, list) or not rings:
        raise ItemError("area_empty")
    return [[_point(point) for point in ring] if isinstance(ring, list) else [] for ring in rings]


def _geometry(data: Any) -> Any:
    """The geometry inside a feature, or the one member of a collection or of several polygons in name alone."""
    if not isinstance(data, dict):
        raise ItemError("area_format")
    kind = data.get("type")
    if kind == "Feature":
        if data.get("geometry") is None:
            raise ItemError("area_empty")
        return _geometry(data["geometry"])
    members = data.get("coordinates")
    if kind == "MultiPolygon" and isinstance(members, list) and len(members) == 1:
        return {"type": "Polygon", "coordinates": members[0]}
    parts = {"FeatureCollection": "features", "GeometryCollection": "geometries"}.get(str(kind))
    if parts is None:
        return data
    members = data.get(parts)
    if not isinstance(members, list) or len(members) != 1:
        raise ItemError("area_not_one_polygon", found=f"{kind} ({len(members) if isinstance(members, list) else 0})")
    return _geometry(members[0])


def _point(point: Any) -> tuple[float, float]:
    numbers = isinstance(point, list) and len(point) >= 2 and all(type(v) in (int, float) for v in point[:2])
    if not numbers or max(abs(point[0]), abs(point[1])) > 1e9:
        raise ItemError("area_range" if numbers else "area_format")
    return float(point[0]), float(point[1])


def _type_name(geometry: Any) -> str:
    return str(geometry.get("type", "?"))[:40] if isinstance(geometry, dict) else "?"


def _from_wkt(text: str) -> list[Ring]:
    text = re.sub(r"^SRID=\d+;", "", text, flags=re.I).strip().rstrip(";").strip()
    found = re.fullmatch(r"([A-Z]+)\s*(?:ZM|Z|M)?\s*(EMPTY|\(.*\))", text, flags=re.I | re.S)
    if not found:
        raise ItemError("area_format")
    body = found[2][1:-1].strip()
    if found[1].upper() == "MULTIPOLYGON" and len(re.findall(r"\(\s*\(", body)) == 1:
        return _from_wkt(f"POLYGON {body}")  # exports write a parcel of one part as one of several
    if found[1].upper() != "POLYGON":
        raise ItemError("area_not_one_polygon", found=found[1].upper()[:40])
    if found[2].upper() == "EMPTY":
        raise ItemError("area_empty")
    if not re.fullmatch(r"\([^()]*\)(\s*,\s*\([^()]*\))*", body):
        raise ItemError("area_format")
    return [[_wkt_point(point) for point in ring.split(",")] for ring in re.findall(r"\(([^()]*)\)", body)]


def _wkt_point(text: str) -> tuple[float, float]:
    parts = text.split()
    if not 2 <= len(parts) <= 4 or not all(re.fullmatch(_NUMBER, part) for part in parts):
        raise ItemError("area_format")
    return float(parts[0]), float(parts[1])


def _checked(ring: Ring) -> Ring:
    """A closed ring of at least three different corners with coordinates that exist."""
    for lon, lat in ring:
        if not (math.isfinite(lon) and math.isfinite(lat) and -180 <= lon <= 180 and -90 <= lat <= 90):
            swapped = -180 <= lat <= 180 and -90 <= lon <= 90
            raise ItemError("area_swapped" if swapped else "area_range")
    if len(set(ring)) < 3:
        raise ItemError("area_corners")
    return ring if ring[0] == ring[-1] else [*ring, ring[0]]
