"""Standing still and walking told apart, on logs of real receivers and on ways that are made up."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from fieldapp.geo.movement import moved_m, standing_at_end
from fieldapp.geo.nmea import Fix, lines_of, read

M_PER_DEGREE = 111_320.0


def fixes(norths_m: list[float], hdop: float | None = 1.0) -> list[Fix]:
    """Fixes along a meridian, with some metre of noise."""
    chance = random.Random(7)
    return [
        Fix(None, 26 + (m + chance.gauss(0, 1)) / M_PER_DEGREE, 108.5 + chance.gauss(0, 1e-5), None, 1, 9, hdop)
        for m in norths_m
    ]


def test_a_walk_is_measured_and_its_end_is_where_somebody_stood() -> None:
    walk = fixes([*(1.2 * second for second in range(60)), *[72.0] * 60])
    metres = moved_m(walk)
    assert metres is not None
    assert 55 < metres < 75
    end = standing_at_end(walk)
    assert 30 < len(end) <= 70
    assert moved_m(end) is None


def test_out_and_back_is_a_walk_too() -> None:
    assert moved_m(fixes([*(float(m) for m in range(40)), *(40.0 - m for m in range(40))])) is not None


def test_standing_still_is_no_walk_and_a_poor_sky_wanders() -> None:
    assert moved_m(fixes([0.0] * 90)) is None
    wandering = fixes([0.25 * second for second in range(80)], hdop=6.0)  # 20 m
    assert moved_m(wandering) is None
    assert moved_m([]) is None
    assert standing_at_end([]) == ()


@pytest.mark.parametrize(
    ("log", "walked"),
    [("haicom-305N.log", True), ("beidou-bd.log", True), ("bu353s4.log", False), ("ais-nmea.log", False)],
)
def test_logs_of_receivers(shared_data: Path, log: str, walked: bool) -> None:
    found = read(lines_of((shared_data / "nmea" / log).read_bytes()))
    assert (moved_m(found.fixes) is not None) == walked
