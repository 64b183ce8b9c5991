"""One position from many fixes: good ones only, outliers cut, better ones weigh more, and the spread told.

Errors of a receiver drift over minutes: `spread_m` and `n` are what was seen, no promise of accuracy.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from fieldapp.geo.nmea import MEASURED, Fix

BEST_HDOP = 2.5
FEWEST_SATELLITES = 6
FEWEST_GOOD = 3
CUT_MADS = 3.0
_SMALLEST_MAD_M = 0.2  # below the last printed digit of most receivers: nothing nearer is ever an outlier
_UNKNOWN_HDOP = 5.0
_BEST_M = 1.0
_AXIS_M = 6_378_137.0
_ECCENTRICITY_SQUARED = 0.0066943799901413165  # WGS 84


@dataclass(frozen=True, slots=True)
class Average:
    """A mean position in WGS 84 degrees from `n` fixes; `spread_m` is their weighted root mean square distance from it.

    `weak` says that too few fixes were good (HDOP, satellites), so that all measured ones were used.
    """

    lat: float
    lon: float
    alt_m: float | None
    n: int
    spread_m: float
    hdop: float | None
    weak: bool


def average(fixes: Sequence[Fix]) -> Average | None:
    """The position of somebody who stood still; None when nothing was measured."""
    measured = [fix for fix in fixes if fix.quality in MEASURED]
    if not measured:
        return None
    good = [fix for fix in measured if is_good(fix)]
    weak = len(good) < FEWEST_GOOD and len(good) < len(measured)
    kept = _without_outliers(measured if weak else good)
    weights = [1 / (fix.hdop or _UNKNOWN_HDOP) ** 2 for fix in kept]
    total = sum(weights)
    origin = kept[0]  # differences from it are small, so that nothing is lost in the sums, nor at 180 degrees
    lat = origin.lat + sum(w * (f.lat - origin.lat) for w, f in zip(weights, kept, strict=True)) / total
    lon = origin.lon + sum(w * _turn(f.lon - origin.lon) for w, f in zip(weights, kept, strict=True)) / total
    squares = sum(w * distance_m(lat, lon, f.lat, f.lon) ** 2 for w, f in zip(weights, kept, strict=True))
    hdops = [fix.hdop for fix in kept if fix.hdop is not None]
    return Average(
        lat=lat,
        lon=_turn(lon),
        alt_m=_mean_altitude(kept, weights),
        n=len(kept),
        spread_m=math.sqrt(squares / total),
        hdop=sum(hdops) / len(hdops) if hdops else None,
        weak=weak,
    )


def is_good(fix: Fix) -> bool:
    """Whether a fix is good enough to count on its own."""
    enough = fix.satellites is not None and fix.satellites >= FEWEST_SATELLITES
    return enough and fix.hdop is not None and fix.hdop <= BEST_HDOP


def accuracy_m(fixes: Sequence[Fix], mean: Average, range_error_m: float) -> float | None:
    """One standard deviation of a mean position to one decimal; None where nothing is known of the sky.

    The error of a receiver drifts slower than a log is long, so that a small spread is no accuracy: what counts is the
    receiver's own estimate, or else how the satellites stood, times `range_error_m`: one standard deviation of the
    way to one satellite (orbit, clock, air and receiver together).
    """
    told = [fix.sigma_m for fix in fixes if fix.sigma_m is not None and fix.quality in MEASURED]
    if told:
        from_sky = median(told)
    elif mean.hdop is not None:
        from_sky = mean.hdop * range_error_m
    else:
        return None
    return round(max(mean.spread_m, from_sky, _BEST_M), 1)


def metres_per_degree(lat: float) -> tuple[float, float]:
    """Length of one degree northwards and eastwards at a latitude, on the ellipsoid."""
    sine = math.sin(math.radians(lat))
    curvature = 1 - _ECCENTRICITY_SQUARED * sine**2
    north = _AXIS_M * (1 - _ECCENTRICITY_SQUARED) / curvature**1.5
    east = _AXIS_M / math.sqrt(curvature) * math.cos(math.radians(lat))
    return math.radians(north), math.radians(east)


def distance_m(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Distance of two near points (some kilometres); to be exact over longer ways is `geo.area.distance_m`'s work."""
    north, east = metres_per_degree((lat1 + lat2) / 2)
    return math.hypot((lat2 - lat1) * north, _turn(lon2 - lon1) * east)


def _without_outliers(fixes: Sequence[Fix]) -> Sequence[Fix]:
    """Fixes within three median absolute deviations of the median point."""
    middle_lat = median(fix.lat for fix in fixes)
    middle_lon = fixes[0].lon + median(_turn(fix.lon - fixes[0].lon) for fix in fixes)
    away = [distance_m(middle_lat, middle_lon, fix.lat, fix.lon) for fix in fixes]
    limit = CUT_MADS * max(median(away), _SMALLEST_MAD_M)
    return [fix for fix, metres in zip(fixes, away, strict=True) if metres <= limit] or fixes


def _mean_altitude(fixes: Sequence[Fix], weights: Sequence[float]) -> float | None:
    known = [(w, fix.alt_m) for w, fix in zip(weights, fixes, strict=True) if fix.alt_m is not None]
    return sum(w * alt_m for w, alt_m in known) / sum(w for w, _ in known) if known else None


def _turn(degrees: float) -> float:
    return (degrees + 180) % 360 - 180 if not -180 <= degrees < 180 else degrees
