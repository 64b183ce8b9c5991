"""Projections beside PROJ's own figures; north comes first, and no datum is bent."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldapp.errors import ItemError, UsageError
from fieldapp.geo.crs import convert, from_degrees, gauss_meridian, gauss_zone, parse_crs, to_degrees


def test_forward_and_back(shared_data: Path) -> None:
    with (shared_data / "geodesy" / "cgcs2000_gk_forward.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            lat, lon = float(row["lat_cgcs2000"]), float(row["lon_cgcs2000"])
            for code in (column[:-6] for column in row if column.endswith("_north") and row[column]):
                crs = parse_crs(f"epsg:{code}")
                north, east = float(row[f"{code}_north"]), float(row[f"{code}_east"])
                assert from_degrees(lat, lon, crs) == (pytest.approx(north, abs=1e-4), pytest.approx(east, abs=1e-4))
                assert to_degrees(north, east, crs) == (pytest.approx(lat, abs=2e-9), pytest.approx(lon, abs=2e-9))


def test_inverse(shared_data: Path) -> None:
    with (shared_data / "geodesy" / "gk_inverse.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            place = to_degrees(float(row["north"]), float(row["east"]), parse_crs(f"epsg:{row['epsg']}"))
            assert place == (
                pytest.approx(float(row["lat_cgcs2000"]), abs=2e-10),
                pytest.approx(float(row["lon_cgcs2000"]), abs=2e-10),
            )


def test_gie_file(shared_data: Path) -> None:
    text = (shared_data / "geodesy" / "guizhou_cgcs2000.gie").read_text("utf-8")
    crs, checked = None, 0
    pattern = r"lon_0=(\d+).*?x_0=(\d+)|accept ([\d.]+) ([\d.]+)\s+expect ([-\d.]+) ([-\d.]+)"
    for found in re.finditer(pattern, text):
        if found[1]:
            zone = int(found[2]) // 1_000_000
            crs = gauss_zone(zone) if zone else gauss_meridian(int(found[1]))
            continue
        assert crs is not None
        north, east = from_degrees(float(found[4]), float(found[3]), crs)
        assert (east, north) == (pytest.approx(float(found[5]), abs=1e-4), pytest.approx(float(found[6]), abs=1e-4))
        checked += 1
    assert checked > 50


@given(st.floats(24.6, 29.2), st.floats(103.6, 109.6))
def test_there_and_back(lat: float, lon: float) -> None:
    for name in ("epsg:4523", "epsg:4546", "epsg:32648", "epsg:3857", "gcj02", "bd09", "cgcs2000"):
        crs = parse_crs(name)
        assert to_degrees(*from_degrees(lat, lon, crs), crs) == (
            pytest.approx(lat, abs=1e-9),
            pytest.approx(lon, abs=1e-9),
        )


def test_wgs84_and_cgcs2000_are_one() -> None:
    assert convert(26.259, 107.519, parse_crs("wgs84"), parse_crs("CGCS2000")) == (26.259, 107.519)
    assert convert(26.259, 107.519, parse_crs("epsg:4326"), parse_crs("epsg:4490")) == (26.259, 107.519)


def test_zones() -> None:
    zone, meridian = gauss_zone(35), gauss_meridian(108)
    assert zone is not None
    assert meridian is not None
    assert (zone.name, meridian.name) == ("epsg:4523", "epsg:4545")
    assert gauss_zone(24) is None
    assert gauss_meridian(106) is None


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("utm", "crs_unknown"),
        ("epsg:999999", "crs_unknown"),
        ("epsg:4610", "crs_datum"),  # Xi'an 80
        ("epsg:2379", "crs_datum"),
        ("epsg:4214", "crs_datum"),  # Beijing 54
        ("epsg:4979", "crs_kind"),
    ],
)
def test_what_cannot_be_converted_is_refused(name: str, code: str) -> None:
    with pytest.raises(UsageError) as refused:
        parse_crs(name)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("first", "second", "name"),
    [
        (107.5, 26.2, "wgs84"),
        (91.0, 0.0, "gcj02"),
        (2907978.0, 751690.0, "epsg:4523"),
        (35751690.0, 2907978.0, "epsg:4523"),
    ],
)
def test_impossible_places(first: float, second: float, name: str) -> None:
    with pytest.raises(ItemError):
        to_degrees(first, second, parse_crs(name))
    with pytest.raises(ItemError):
        from_degrees(48.0, 11.0, parse_crs("epsg:4544"))
