"""Datums and projections; the only module that knows pyproj.

Everything goes through one truth, WGS 84 degrees, which CGCS2000 equals at survey accuracy (a decimetre of plate
motion, no shift). A datum whose parameters are not public (Xi'an 80, Beijing 54) is refused, never approximated.
Pairs are (lat, lon) or (north, east): the Chinese X is north and comes first.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import lru_cache

import pyproj
from pyproj.exceptions import CRSError, ProjError

from fieldapp.errors import ItemError, UsageError
from fieldapp.geo import gcj02

_NAMED_EPSG = {"wgs84": 4326, "cgcs2000": 4490}
_SHIFTS = {
    "gcj02": (gcj02.gcj02_to_wgs84, gcj02.wgs84_to_gcj02),
    "bd09": (gcj02.bd09_to_wgs84, gcj02.wgs84_to_bd09),
}
_SAME_DATUMS = re.compile(r"(World Geodetic System 1984.*|WGS.?84.*|China Geodetic Coordinate System 2000|China 2000)")
_REACH_DEG = 10.0  # beyond its area a transverse Mercator is of no use, but still exact for some degrees
_CLOSES_M = 0.01
_FIRST_MERIDIAN_EPSG = 4534  # 3-degree zones without their number before the easting: 75 degrees east, zone 25
_ZONE_WIDTHS_DEG = {3: (25, 45, 4513), 6: (13, 23, 4491)}  # width -> first and last zone, EPSG code of the first


@dataclass(frozen=True, slots=True)
class Crs:
    """A coordinate system by the name people call it on the command line."""

    name: str
    geographic: bool

    @property
    def shifted(self) -> bool:
        """Whether it is one of the shifted systems of Chinese maps."""
        return self.name in _SHIFTS

    @property
    def columns(self) -> tuple[str, str]:
        """Names of its two coordinates, in their order."""
        return ("lat", "lon") if self.geographic else ("north", "east")


@lru_cache(maxsize=64)
def parse_crs(text: str) -> Crs:
    """A coordinate system from `wgs84`, `cgcs2000`, `gcj02`, `bd09` or `epsg:NNNN`; UsageError for any other.

    Written as people write them: `WGS 84`, `GCJ-02`.
    """
    name = re.sub(r"[\s_-]", "", text.lower())
    if name in _SHIFTS or name in _NAMED_EPSG:
        return Crs(name, geographic=True)
    found = re.fullmatch(r"epsg:([0-9]{4,6})", name)
    if not found:
        raise UsageError("crs_unknown", crs=text)
    try:
        crs = pyproj.CRS.from_epsg(int(found[1]))
    except CRSError as error:
        raise UsageError("crs_unknown", crs=text) from error
    if not (crs.is_projected or crs.is_geographic) or len(crs.axis_info) != 2 or crs.is_bound:
        raise UsageError("crs_kind", crs=text)
    if crs.datum is None or not _SAME_DATUMS.fullmatch(crs.datum.name):
        raise UsageError("crs_datum", crs=text, datum=crs.datum.name if crs.datum else crs.name)
    return Crs(name, geographic=crs.is_geographic)


def to_degrees(first: float, second: float, crs: Crs) -> tuple[float, float]:
    """WGS 84 latitude and longitude of (lat, lon) or (north, east); ItemError for a place that `crs` cannot have."""
    if crs.geographic:
        _check_range(first, second)
        return _SHIFTS[crs.name][0](first, second) if crs.shifted else (first, second)
    try:
        lon, lat = _run(_inverse(crs.name), second, first)
    except ItemError as error:  # an easting without its zone number, or with one where none belongs
        raise ItemError("coords_outside", crs=crs.name) from error
    _check_reach(lat, lon, crs)
    again_east, again_north = _run(_forward(crs.name), lon, lat)
    if math.hypot(again_east - second, again_north - first) > _CLOSES_M:
        raise ItemError("coords_outside", crs=crs.name)
    return lat, lon


def from_degrees(lat: float, lon: float, crs: Crs) -> tuple[float, float]:
    """(lat, lon) or (north, east) in `crs` of a WGS 84 place."""
    _check_range(lat, lon)
    if crs.geographic:
        return _SHIFTS[crs.name][1](lat, lon) if crs.shifted else (lat, lon)
    _check_reach(lat, lon, crs)
    east, north = _run(_forward(crs.name), lon, lat)
    return north, east


def convert(first: float, second: float, source: Crs, target: Crs) -> tuple[float, float]:
    """A pair of one coordinate system in another."""
    return from_degrees(*to_degrees(first, second, source), target)


def gauss_zone(zone: int, width_deg: int = 3) -> Crs | None:
    """CGCS2000 Gauss-Krueger zone whose number stands before the easting (35: EPSG:4523); None for none of China."""
    first, last, epsg = _ZONE_WIDTHS_DEG[width_deg]
    return parse_crs(f"epsg:{epsg + zone - first}") if first <= zone <= last else None


def gauss_meridian(meridian_deg: int) -> Crs | None:
    """CGCS2000 3-degree Gauss-Krueger without zone number by its central meridian (105 -> EPSG:4544)."""
    known = 75 <= meridian_deg <= 135 and meridian_deg % 3 == 0
    return parse_crs(f"epsg:{_FIRST_MERIDIAN_EPSG + (meridian_deg - 75) // 3}") if known else None


def gauss_of(name: str) -> tuple[int, int] | None:
    """Width in degrees and number of the CGCS2000 Gauss-Krueger zone that a system is; None for any other."""
    found = re.fullmatch(r"epsg:([0-9]+)", name)
    code = int(found[1]) if found else 0
    for width, (first, last, epsg) in _ZONE_WIDTHS_DEG.items():
        if epsg <= code <= epsg + last - first:
            return width, code - epsg + first
    return (3, code - _FIRST_MERIDIAN_EPSG + 25) if 0 <= code - _FIRST_MERIDIAN_EPSG <= 20 else None


def geod() -> pyproj.Geod:
    """The ellipsoid for areas and distances; WGS 84's and CGCS2000's differ by a tenth of a millimetre."""
    return _GEOD


_GEOD = pyproj.Geod(ellps="WGS84")


@lru_cache(maxsize=64)
def _forward(name: str) -> pyproj.Transformer:
    """From the projection's own degrees: no datum step, by decision."""
    crs = pyproj.CRS.from_user_input(name)
    return pyproj.Transformer.from_crs(crs.geodetic_crs or crs, crs, always_xy=True)


@lru_cache(maxsize=64)
def _inverse(name: str) -> pyproj.Transformer:
    crs = pyproj.CRS.from_user_input(name)
    return pyproj.Transformer.from_crs(crs, crs.geodetic_crs or crs, always_xy=True)


def _run(transformer: pyproj.Transformer, x: float, y: float) -> tuple[float, float]:
    try:
        out_x, out_y = transformer.transform(x, y, errcheck=True)
    except ProjError as error:
        raise ItemError("coords_range") from error
    if not (math.isfinite(out_x) and math.isfinite(out_y)):
        raise ItemError("coords_range")
    return out_x, out_y


def _check_range(lat: float, lon: float) -> None:
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        raise ItemError("coords_swapped" if -90 <= lon <= 90 and -180 <= lat <= 180 else "coords_range")


def _check_reach(lat: float, lon: float, crs: Crs) -> None:
    bounds = _bounds(crs.name)
    if bounds is None:
        return
    west, south, east, north = bounds
    away = max(west - lon, lon - east) if west <= east else 0.0  # a zone over 180 degrees is not judged
    if away > _REACH_DEG or max(south - lat, lat - north) > _REACH_DEG:
        raise ItemError("coords_outside", crs=crs.name)


@lru_cache(maxsize=64)
def _bounds(name: str) -> tuple[float, float, float, float] | None:
    area = pyproj.CRS.from_user_input(name).area_of_use
    return area.bounds if area else None
