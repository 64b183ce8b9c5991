"""A place that the receiver could not stand on: a bearing and a distance from one where it could."""

from __future__ import annotations

import math
from dataclasses import dataclass

from fieldapp.geo.crs import geod

COMPASS_ERROR_DEG = 2.0  # a hand compass, read by a careful person
TAPE_ERROR_SHARE = 0.01


@dataclass(frozen=True, slots=True)
class Offset:
    """The place that was aimed at, WGS 84 degrees, with the combined standard error in metres."""

    lat: float
    lon: float
    accuracy_m: float


def offset(
    lat: float,
    lon: float,
    bearing_deg: float,
    distance_m: float,
    *,
    accuracy_m: float = 0.0,
    bearing_error_deg: float = COMPASS_ERROR_DEG,
    distance_error_m: float | None = None,
    declination_deg: float = 0.0,
) -> Offset:
    """Goes `distance_m` along a compass bearing (degrees clockwise; `declination_deg` is east of true north, positive).

    The errors of fix, bearing and distance (1 % without a better figure) are independent, so their squares add.
    """
    far_lon, far_lat, _ = geod().fwd(lon, lat, bearing_deg + declination_deg, distance_m)
    along_m = TAPE_ERROR_SHARE * distance_m if distance_error_m is None else distance_error_m
    across_m = distance_m * math.radians(bearing_error_deg)
    return Offset(far_lat, far_lon, math.sqrt(accuracy_m**2 + along_m**2 + across_m**2))
