"""What people paste is understood, and the reading is told."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldapp import i18n
from fieldapp.geo.coordinates import Candidate, parse_coordinates


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("26.259, 107.519", "degrees"),
        ("107.519 26.259", "degrees"),
        ("107.519E 26.259N", "degrees"),
        ("N26.259 E107.519", "degrees"),
        ("26.259°N 107.519°E", "degrees"),
        ("东经107.519° 北纬26.259°", "degrees"),
        ("纬度:26.259 经度:107.519", "degrees"),
        ("２６．２５９，１０７．５１９", "degrees"),
        ("26,259 107,519", "degrees"),
        ("26°15.54' 107°31.14'", "degrees_minutes"),
        ("26°15'32.4\"N, 107°31'8.4\"E", "dms"),
        ("N26°15′32.4″ E107°31′8.4″", "dms"),
        ("26 15 32.4 107 31 8.4", "dms"),
        ("26:15:32.4 107:31:08.4", "dms"),
        ("26-15-32.4 107-31-08.4", "dms"),
        ("261532.4N 1073108.4E", "dms"),
        ("N261532.4,E1073108.4", "dms"),
        ("26º15´32.4´´N 107º31´8.4´´E", "dms"),
        ("26°15'32.4\"107°31'8.4\"", "dms"),
        ("lat=26.259&lon=107.519", "degrees"),
        ("东经107度31分8.4秒 北纬26度15分32.4秒", "dms"),
        ("2907978.0795 35751690.6204", "gauss"),
        ("36451949.1225,2905618.4146", "gauss"),
        ("X=2905618.4146 Y=36451949.1225", "gauss"),
    ],
)
def test_one_place_in_many_notations(text: str, reading: str) -> None:
    (candidate,) = parse_coordinates(text)
    assert (candidate.lat, candidate.lon) == (pytest.approx(26.259, abs=1e-7), pytest.approx(107.519, abs=1e-7))
    assert candidate.reading == reading
    assert candidate.inside
    assert i18n.has(f"coordinates.{reading}")


def test_without_a_zone_every_zone_that_fits_is_offered() -> None:
    found = parse_coordinates("2905618.4146, 451949.1225")
    assert [(c.crs, round(c.lon, 3)) for c in found] == [("epsg:4544", 104.519), ("epsg:4545", 107.519)]


def test_outside_guizhou_both_orders_are_offered() -> None:
    found = parse_coordinates("48.1 11.5")
    assert [(c.lat, c.lon, c.swapped) for c in found] == [(48.1, 11.5, False), (11.5, 48.1, True)]
    assert not any(c.inside for c in found)


@pytest.mark.parametrize(
    "text", ["", "abc", "26.259", "26 107 5", "N26.2 N107.5", "26°75'0\" 107°0'0\"", "26.5°30' 107.5°1'"]
)
def test_no_place(text: str) -> None:
    assert parse_coordinates(text) == []


@given(st.text(max_size=50))
def test_no_text_breaks_it(text: str) -> None:
    for candidate in parse_coordinates(text):
        assert isinstance(candidate, Candidate)
        assert -90 <= candidate.lat <= 90
        assert -180 <= candidate.lon <= 180


@given(st.floats(24.6, 29.2), st.floats(103.6, 109.6))
def test_printed_degrees_are_read_back(lat: float, lon: float) -> None:
    for text in (f"{lat:.7f}, {lon:.7f}", f"{lon:.7f} {lat:.7f}"):
        (candidate,) = parse_coordinates(text)
        assert (candidate.lat, candidate.lon) == (pytest.approx(lat, abs=1e-7), pytest.approx(lon, abs=1e-7))
