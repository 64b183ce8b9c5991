"""The shifted coordinates of Chinese maps: GCJ-02 and, on top of it, BD-09. Only points on the mainland are shifted.

The formula is the public reconstruction that all open libraries share; they differ by a centimetre in the ellipsoid's
last digits. Nobody has the official one, so a point that went through GCJ-02 is never a survey.
"""

from __future__ import annotations

import math

from fieldapp.errors import ItemError

_AXIS_M = 6_378_245.0  # Krasovsky 1940
_ECCENTRICITY_SQUARED = 0.00669342162296594323
_BD_PI = math.pi * 3000 / 180
_EXACT_DEG = 1e-12
_LAT_RANGE, _LON_RANGE = (0.8293, 55.8271), (72.004, 137.8347)
_LARGEST_SHIFT_DEG, _ROUNDING_DEG = 0.02, 1e-7


def is_shifted(lat: float, lon: float, margin_deg: float = 0.0) -> bool:
    """Whether the formula shifts a true place: a rectangle around China, as every map program uses it."""
    north = _LAT_RANGE[0] - margin_deg <= lat <= _LAT_RANGE[1] + margin_deg
    return north and _LON_RANGE[0] - margin_deg <= lon <= _LON_RANGE[1] + margin_deg


def wgs84_to_gcj02(lat: float, lon: float) -> tuple[float, float]:
    """The shifted place of a true one, degrees."""
    if not is_shifted(lat, lon):
        return lat, lon
    north_deg, east_deg = _shift(lat, lon)
    return lat + north_deg, lon + east_deg


def gcj02_to_wgs84(lat: float, lon: float) -> tuple[float, float]:
    """The true place of a shifted one, by iteration: forward again gives what came in, to a nanometre.

    Raises ItemError `coords_edge` on some hundred metres along the edge of the rectangle: what lies there is a place
    inside that was shifted over the edge, or one outside that was not shifted, or nothing is ever shifted to it.
    """
    if not is_shifted(lat, lon, _LARGEST_SHIFT_DEG):
        return lat, lon
    true = _unshifted(lat, lon)
    if is_shifted(*true, _ROUNDING_DEG) != is_shifted(lat, lon):
        raise ItemError("coords_edge")
    return true if is_shifted(lat, lon) else (lat, lon)


def _unshifted(lat: float, lon: float) -> tuple[float, float]:
    true_lat, true_lon = lat, lon
    for _ in range(30):
        north_deg, east_deg = _shift(true_lat, true_lon)
        next_lat, next_lon = lat - north_deg, lon - east_deg
        moved = max(abs(next_lat - true_lat), abs(next_lon - true_lon))
        true_lat, true_lon = next_lat, next_lon
        if moved < _EXACT_DEG:
            break
    return true_lat, true_lon


def gcj02_to_bd09(lat: float, lon: float) -> tuple[float, float]:
    """Baidu's second shift."""
    radius = math.hypot(lon, lat) + 0.00002 * math.sin(lat * _BD_PI)
    angle = math.atan2(lat, lon) + 0.000003 * math.cos(lon * _BD_PI)
    return radius * math.sin(angle) + 0.006, radius * math.cos(angle) + 0.0065


def bd09_to_gcj02(lat: float, lon: float) -> tuple[float, float]:
    """The second shift taken back by iteration; the closed formula that is usual is a metre off."""
    gcj_lat, gcj_lon = lat - 0.006, lon - 0.0065
    for _ in range(30):
        again_lat, again_lon = gcj02_to_bd09(gcj_lat, gcj_lon)
        north_deg, east_deg = lat - again_lat, lon - again_lon
        gcj_lat, gcj_lon = gcj_lat + north_deg, gcj_lon + east_deg
        if max(abs(north_deg), abs(east_deg)) < _EXACT_DEG:
            break
    return gcj_lat, gcj_lon


def wgs84_to_bd09(lat: float, lon: float) -> tuple[float, float]:
    """Both shifts."""
    return gcj02_to_bd09(*wgs84_to_gcj02(lat, lon))


def bd09_to_wgs84(lat: float, lon: float) -> tuple[float, float]:
    """Both shifts taken back."""
    return gcj02_to_wgs84(*bd09_to_gcj02(lat, lon))


def _shift(lat: float, lon: float) -> tuple[float, float]:
    """The shift at a place, degrees of latitude and longitude."""
    x, y = lon - 105.0, lat - 35.0
    root = math.sqrt(abs(x))
    waves = 20 * _sin(6 * x) + 20 * _sin(2 * x)
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root
    north += (waves + 20 * _sin(y) + 40 * _sin(y / 3) + 160 * _sin(y / 12) + 320 * _sin(y / 30)) * 2 / 3
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root
    east += (waves + 20 * _sin(x) + 40 * _sin(x / 3) + 150 * _sin(x / 12) + 300 * _sin(x / 30)) * 2 / 3
    sine = math.sin(math.radians(lat))
    curvature = 1 - _ECCENTRICITY_SQUARED * sine * sine
    meridian_m = _AXIS_M * (1 - _ECCENTRICITY_SQUARED) / curvature**1.5
    parallel_m = _AXIS_M / math.sqrt(curvature) * math.cos(math.radians(lat))
    return math.degrees(north / meridian_m), math.degrees(east / parallel_m)


def _sin(turns: float) -> float:
    return math.sin(turns * math.pi)
