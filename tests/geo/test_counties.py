"""The outlines know every county of the list and answer within a kilometre."""

from __future__ import annotations

import pytest

from fieldapp.domain import places
from fieldapp.geo.counties import county_at, inside_county, known_counties, metres_from_county
from tools.make_counties import simplified


def test_every_county_has_an_outline_and_a_name() -> None:
    assert len(known_counties()) == 88
    assert all(places.load().county(code) for code in known_counties())


@pytest.mark.parametrize(
    ("lat", "lon", "code"),
    [(26.259, 107.519, "522701"), (26.231, 109.137, "522631"), (26.857, 104.279, "520526"), (28.59, 105.697, "520381")],
)
def test_towns_lie_in_their_counties(lat: float, lon: float, code: str) -> None:
    assert county_at(lat, lon) == code
    assert inside_county(lat, lon, code) is True
    assert inside_county(lat, lon, code + "100201") is True
    assert inside_county(lat, lon, "522201") is None


def test_elsewhere_and_unknown() -> None:
    assert inside_county(26.259, 107.519, "522631") is False
    assert inside_county(39.9, 116.4, "522701") is False
    assert inside_county(28.2, 112.9, "430102") is None
    assert county_at(28.2, 112.9) is None


def test_how_far_a_place_lies_outside() -> None:
    assert metres_from_county(26.259, 107.519, "522701") == 0.0
    assert 80_000 < (metres_from_county(26.259, 106.3, "522701") or 0) < 90_000
    assert metres_from_county(26.259, 107.519, "430102") is None


def test_the_margin_reaches_over_the_border() -> None:
    inside, lon = True, 107.519
    while inside:  # eastwards until the county ends
        lon += 0.001
        inside = inside_county(26.259, lon, "522701") is True
    assert inside_county(26.259, lon, "522701", margin_m=1_000) is True
    assert inside_county(26.259, lon + 0.3, "522701", margin_m=1_000) is False


def test_simplifying_moves_no_corner_further_than_it_says() -> None:
    wave = [[100 + i / 1000, 26 + 0.0004 * (i % 2)] for i in range(50)]
    assert len(simplified(wave, 0.0009)) == 2
    corner = [[100.0, 26.0], [100.1, 26.0], [100.1, 26.1]]
    assert simplified(corner, 0.0009) == corner


@pytest.mark.parametrize(
    ("lat", "lon", "km"), [(31.2479, 121.5874, 1410), (20.6288, -87.0681, 14565), (0.0, 0.0, 11840)]
)
def test_far_away_is_told_along_the_globe(lat: float, lon: float, km: float) -> None:
    metres = metres_from_county(lat, lon, "522632")
    assert metres is not None
    assert metres / 1000 == pytest.approx(km, rel=0.01)
