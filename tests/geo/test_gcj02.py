"""The shift as seven libraries compute it, and an inverse that is exact."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldapp.errors import ItemError
from fieldapp.geo.average import distance_m
from fieldapp.geo.gcj02 import bd09_to_wgs84, gcj02_to_wgs84, is_shifted, wgs84_to_bd09, wgs84_to_gcj02

lats = st.floats(24.5, 29.3)
lons = st.floats(103.5, 109.6)


def test_vectors(shared_data: Path) -> None:
    with (shared_data / "gcj02" / "gcj02_vectors.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            lat, lon = float(row["wgs_lat"]), float(row["wgs_lon"])
            gcj = wgs84_to_gcj02(lat, lon)
            assert distance_m(*gcj, float(row["gcj_lat_gcoord_js"]), float(row["gcj_lon_gcoord_js"])) < 0.001
            if row["bd09_lat_gcoord"]:
                bd = wgs84_to_bd09(lat, lon)
                assert distance_m(*bd, float(row["bd09_lat_gcoord"]), float(row["bd09_lon_gcoord"])) < 0.001


@given(lats, lons)
def test_the_way_back_is_exact(lat: float, lon: float) -> None:
    assert gcj02_to_wgs84(*wgs84_to_gcj02(lat, lon)) == (pytest.approx(lat, abs=1e-10), pytest.approx(lon, abs=1e-10))
    assert bd09_to_wgs84(*wgs84_to_bd09(lat, lon)) == (pytest.approx(lat, abs=1e-10), pytest.approx(lon, abs=1e-10))


@given(lats, lons)
def test_the_shift_in_guizhou_is_some_hundred_metres(lat: float, lon: float) -> None:
    assert 350 < distance_m(lat, lon, *wgs84_to_gcj02(lat, lon)) < 700


def test_abroad_nothing_is_shifted() -> None:
    assert wgs84_to_gcj02(48.1, 11.5) == gcj02_to_wgs84(48.1, 11.5) == (48.1, 11.5)
    assert not is_shifted(48.1, 11.5)


@pytest.mark.parametrize(
    ("lat", "lon"),
    [
        (29.9977, 137.8391),  # 137.8347 shifted over the edge, or a place that lies there
        (30.0, 72.0041),  # nothing is shifted to the first metres inside
        (0.8300, 100.0),
    ],
)
def test_at_the_edge_nobody_can_tell(lat: float, lon: float) -> None:
    with pytest.raises(ItemError, match="coords_edge"):
        gcj02_to_wgs84(lat, lon)


@given(st.floats(0.9, 55.8), st.floats(72.1, 137.8347))
def test_what_is_shifted_comes_back_or_is_told(lat: float, lon: float) -> None:
    try:
        back = gcj02_to_wgs84(*wgs84_to_gcj02(lat, lon))
    except ItemError:
        assert lon > 137.82
    else:
        assert back == (pytest.approx(lat, abs=1e-9), pytest.approx(lon, abs=1e-9))
