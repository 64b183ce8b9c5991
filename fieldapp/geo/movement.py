"""Whether a receiver stood still: fixes along a way have a mean too, but nothing stands there."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from statistics import median

from fieldapp.geo.average import distance_m
from fieldapp.geo.nmea import MEASURED, Fix

_PARTS = 8  # of a log: the middle of each is quiet, where single fixes scatter
_STILL_M = 10.0  # so far does a receiver under trees wander in minutes without anybody moving it
_STILL_PER_HDOP_M = 5.0
_FEWEST_STILL = 3


def moved_m(fixes: Sequence[Fix]) -> float | None:
    """How far apart the farthest parts of a log lie; None where that is no more than a receiver wanders by itself."""
    measured = [fix for fix in fixes if fix.quality in MEASURED]
    size = max(1, -(-len(measured) // _PARTS))
    parts = [_middle(measured[at : at + size]) for at in range(0, len(measured), size)]
    far_m = max((distance_m(*one, *two) for one, two in combinations(parts, 2)), default=0.0)
    hdops = [fix.hdop for fix in measured if fix.hdop is not None]
    still_m = max(_STILL_M, _STILL_PER_HDOP_M * median(hdops)) if hdops else _STILL_M
    return far_m if far_m > still_m else None


def standing_at_end(fixes: Sequence[Fix]) -> Sequence[Fix]:
    """The longest end of a log in which the receiver stood still, as somebody does who walked to a tree."""
    measured = [fix for fix in fixes if fix.quality in MEASURED]
    size = len(measured)
    while size >= _FEWEST_STILL:
        if moved_m(measured[-size:]) is None:
            return measured[-size:]
        size = size * 3 // 4
    return ()


def _middle(part: Sequence[Fix]) -> tuple[float, float]:
    return median(fix.lat for fix in part), median(fix.lon for fix in part)
