"""Areas beside those of another geodesic library, and clear refusals."""

from __future__ import annotations

import contextlib
import csv
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldapp.errors import ItemError
from fieldapp.geo.area import bearing_deg, distance_m, polygon_area, read_polygon

SQUARE = "(107 26, 107.01 26, 107.01 26.01, 107 26.01, 107 26)"
HOLE = "(107.002 26.002, 107.004 26.002, 107.004 26.004, 107.002 26.004, 107.002 26.002)"


def test_parcels(shared_data: Path) -> None:
    with (shared_data / "geodesy" / "parcel_area.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            area = polygon_area(read_polygon(row["wkt_lonlat"]))
            assert area.area_m2 == pytest.approx(float(row["area_m2_ellipsoid_wgs84"]), abs=1e-3)
            assert area.area_mu == pytest.approx(float(row["area_mu"]), abs=2e-6)
            assert area.perimeter_m == pytest.approx(float(row["perimeter_m"]), abs=1e-3)
            assert area.findings == ()


def test_distances(shared_data: Path) -> None:
    with (shared_data / "geodesy" / "geodesic_inverse_wgs84.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            ends = [float(row[name]) for name in ("lat1", "lon1", "lat2", "lon2")]
            assert distance_m(*ends) == pytest.approx(float(row["s12_m"]), abs=1e-5)
            if float(row["s12_m"]) > 100:
                assert bearing_deg(*ends) == pytest.approx(float(row["azi1_deg"]) % 360, abs=1e-6)


def test_every_form_of_one_polygon_has_one_area() -> None:
    ring = [[107, 26], [107.01, 26], [107.01, 26.01], [107, 26.01], [107, 26]]
    polygon = {"type": "Polygon", "coordinates": [ring]}
    feature = {"type": "Feature", "properties": {}, "geometry": polygon}
    texts = [
        f"POLYGON({SQUARE})",
        f"SRID=4326;polygon z ({SQUARE})",
        "POLYGON((107 26, 107.01 26, 107.01 26.01, 107 26.01))",
        json.dumps(polygon),
        json.dumps(feature),
        json.dumps({"type": "FeatureCollection", "features": [feature]}),
        json.dumps({"type": "Polygon", "coordinates": [ring[::-1]]}),
        "\ufeff" + json.dumps(feature),
        f"MULTIPOLYGON(({SQUARE}))",
        json.dumps({"type": "MultiPolygon", "coordinates": [[ring]]}),
    ]
    assert len({round(polygon_area(read_polygon(text)).area_m2, 4) for text in texts}) == 1


def test_holes_are_taken_off() -> None:
    whole = polygon_area(read_polygon(f"POLYGON({SQUARE})")).area_m2
    hole = polygon_area(read_polygon(f"POLYGON({HOLE})")).area_m2
    assert polygon_area(read_polygon(f"POLYGON({SQUARE}, {HOLE})")).area_m2 == pytest.approx(whole - hole)


def test_a_hole_outside_the_boundary_is_a_finding() -> None:
    far = "(108 27, 108.01 27, 108.01 27.01, 108 27)"
    assert [f.code for f in polygon_area(read_polygon(f"POLYGON({SQUARE}, {far})")).findings] == ["area_hole_outside"]
    assert polygon_area(read_polygon(f"POLYGON({SQUARE}, {HOLE})")).findings == ()


def test_a_boundary_that_crosses_itself_is_a_finding() -> None:
    bow = polygon_area(read_polygon("POLYGON((107 26, 107.01 26.01, 107.01 26, 107 26.01, 107 26))"))
    assert [f.code for f in bow.findings] == ["area_crossing"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "area_empty"),
        ("POLYGON EMPTY", "area_empty"),
        ("hello", "area_format"),
        ("{", "area_format"),
        ("[1, 2]", "area_format"),
        ("POLYGON((1 2, 3 x, 4 5))", "area_format"),
        (f"MULTIPOLYGON(({SQUARE}), ({SQUARE}))", "area_not_one_polygon"),
        ("POINT(1 2)", "area_not_one_polygon"),
        ('{"type": "MultiPolygon", "coordinates": []}', "area_not_one_polygon"),
        ('{"type": "FeatureCollection", "features": []}', "area_not_one_polygon"),
        ('{"type": "Feature", "geometry": null}', "area_empty"),
        ('{"type": "Polygon", "coordinates": [[["a", 1]]]}', "area_format"),
        ('{"type": "Polygon", "coordinates": [[[NaN, 1], [1, 2], [3, 4]]]}', "area_range"),
        ("POLYGON((26 107, 26.01 107, 26.01 107.01, 26 107))", "area_swapped"),
        ("POLYGON((751690 2907978, 751790 2907978, 751790 2908078, 751690 2907978))", "area_range"),
        ("POLYGON((107 26, 107.01 26, 107 26))", "area_corners"),
        ('{"type": "Polygon", "coordinates": [[[1' + "0" * 400 + ", 1], [1, 2], [3, 4]]]}", "area_range"),
        ('{"type": "Polygon", "coordinates": [[[1' + "0" * 5000 + ", 1], [1, 2], [3, 4]]]}", "area_format"),
    ],
)
def test_refusals(text: str, code: str) -> None:
    with pytest.raises(ItemError) as refused:
        read_polygon(text)
    assert refused.value.code == code


@given(st.text(max_size=60))
def test_no_text_breaks_it(text: str) -> None:
    for whole in (text, "{" + text, "POLYGON((" + text + "))"):
        with contextlib.suppress(ItemError):
            read_polygon(whole)
