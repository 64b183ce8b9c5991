"""The mean of a log is nearer to the truth than its fixes, and honest about its spread."""

from __future__ import annotations

import dataclasses
import random

import pytest

from fieldapp.geo.average import accuracy_m, average, distance_m, metres_per_degree
from fieldapp.geo.nmea import Fix

LAT, LON = 26.259, 107.519
NORTH_M, EAST_M = metres_per_degree(LAT)


def _fix(north_m: float = 0.0, east_m: float = 0.0, **more: object) -> Fix:
    fix = Fix(None, LAT + north_m / NORTH_M, LON + east_m / EAST_M, 850.0, 1, 9, 1.0)
    return dataclasses.replace(fix, **more)


def test_nothing_measured_is_no_position() -> None:
    assert average([]) is None
    assert average([_fix(quality=8), _fix(quality=6), _fix(quality=7)]) is None


def test_outliers_and_bad_fixes_do_not_count() -> None:
    random.seed(1)
    good = [_fix(random.gauss(0, 1), random.gauss(0, 1)) for _ in range(60)]
    wild = [_fix(400, 300) for _ in range(5)]
    poor = [_fix(20, 20, hdop=8.0) for _ in range(20)] + [_fix(-20, 5, satellites=4) for _ in range(20)]
    mean = average([*good, *wild, *poor])
    assert mean is not None
    assert not mean.weak
    assert 50 <= mean.n <= 60
    assert distance_m(mean.lat, mean.lon, LAT, LON) < 0.5
    assert mean.spread_m == pytest.approx(1.41, abs=0.3)


def test_better_fixes_weigh_more() -> None:
    mean = average([_fix(0, hdop=0.5), _fix(1, hdop=2.0), _fix(0, hdop=0.5), _fix(1, hdop=2.0)])
    assert mean is not None
    assert (mean.lat - LAT) * NORTH_M == pytest.approx(1 / 17, abs=1e-6)


def test_too_few_good_fixes_are_told() -> None:
    mean = average([_fix(0, hdop=5.0), _fix(1, hdop=5.0), _fix(0.5, hdop=None, satellites=None), _fix(0.2)])
    assert mean is not None
    assert (mean.weak, mean.n) == (True, 4)
    alone = average([_fix()])
    assert alone is not None
    assert (alone.weak, alone.n, alone.spread_m) == (False, 1, 0.0)


@pytest.mark.parametrize(
    ("fixes", "metres"),
    [
        ([_fix()] * 30, 3.0),  # no spread at all: the sky still allows no more
        ([_fix(hdop=4.0, satellites=4)] * 5, 12.0),
        ([_fix(sigma_m=0.4)] * 5, 1.0),
        ([_fix(sigma_m=9.9)] * 5, 9.9),
        ([_fix(north_m) for north_m in (-20.0, 20.0)] * 10, 20.0),
        ([_fix(hdop=None)] * 5, None),
    ],
)
def test_a_small_spread_is_no_accuracy(fixes: list[Fix], metres: float | None) -> None:
    mean = average(fixes)
    assert mean is not None
    assert accuracy_m(fixes, mean, range_error_m=3.0) == pytest.approx(metres)


def test_a_receiver_that_stands_still_keeps_its_fixes() -> None:
    mean = average([_fix()] * 30 + [_fix(0.15)])
    assert mean is not None
    assert mean.n == 31


def test_the_date_line_is_no_edge() -> None:
    mean = average([_fix(lon=179.99999), _fix(lon=-179.99999)] * 5)
    assert mean is not None
    assert abs(abs(mean.lon) - 180) < 1e-4
    assert mean.spread_m < 2
