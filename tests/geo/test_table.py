"""Tables are converted row by row; what is not a coordinate stays as it is."""

from __future__ import annotations

import csv
import io

import pytest

from fieldapp.errors import FieldappError, Finding, ItemError
from fieldapp.geo.crs import parse_crs
from fieldapp.geo.table import Table, convert_table


def _convert(text: str, source: str = "wgs84", target: str = "epsg:4523") -> Table:
    def code(what: Finding | FieldappError) -> str:
        return what.code

    return convert_table(text, parse_crs(source), parse_crs(target), code)


def test_a_bad_row_does_not_stop_the_others() -> None:
    table = _convert("id,lat,lon\n1,26.259,107.519\n2,x,107\n3,107.5,26.2\n4\n5,２６.２５９,107.519\n")
    assert [row["error"] for row in table.rows] == ["", "number_unreadable", "coords_swapped", "coords_missing", ""]
    assert table.refused == 3
    assert table.rows[0]["to_north"] == table.rows[4]["to_north"] == "2907978.07955"
    assert table.rows[1]["to_north"] == ""


def test_columns_are_kept_and_results_replaced() -> None:
    table = _convert("error,name,LAT, Lon ,to_north\nold,杨,26.259,107.519,9\n", target="gcj02")
    assert table.columns == ("name", "LAT", " Lon ", "to_north", "to_lat", "to_lon", "error")
    again = list(csv.DictReader(io.StringIO(table.as_csv())))
    assert (again[0]["name"], again[0]["to_north"], again[0]["error"]) == ("杨", "9", "")


def test_back_from_the_plane() -> None:
    row = _convert("north,east\n2907978.0795,35751690.6204\n", "epsg:4523", "cgcs2000").rows[0]
    assert (float(row["to_lat"]), float(row["to_lon"])) == (pytest.approx(26.259), pytest.approx(107.519))


def test_missing_columns_and_broken_tables() -> None:
    for text in ("", "a,b\n1,2\n", "north,east\n1,2\n"):
        with pytest.raises(ItemError):
            _convert(text)
    table = _convert('lat,lon\n"' + "x" * 200_000 + '",1\n"26.5,107.5\n26.5,107.5\n')
    assert [row["error"] for row in table.rows] == ["table_long", "table_quote", ""]


@pytest.mark.parametrize("separator", ["\t", ";", "，"])
def test_decimal_commas_between_other_separators(separator: str) -> None:
    table = _convert(f"lat{separator}lon\n26,2590{separator}107,5190\n")
    assert table.delimiter == separator
    assert table.rows[0]["to_north"] == "2907978.07955"


@pytest.mark.parametrize("headers", ["lat,lon,lat", "lat,lon,LAT", "note,lat,lon,note"])
def test_a_column_that_stands_twice_is_refused_before_a_value_is_lost(headers: str) -> None:
    with pytest.raises(ItemError, match="coords_twice"):
        convert_table(f"{headers}\n26.5,107.5,9,1\n", parse_crs("wgs84"), parse_crs("gcj02"), str)


def test_a_row_with_too_many_cells_is_refused_and_empty_ones_are_not() -> None:
    text = "lat,lon,,\n26,5,107,5,x\n26.5,107.5,,,,\n"
    table = _convert(text, target="gcj02")
    assert [row["error"] for row in table.rows] == ["table_cells", ""]
    assert table.rows[0]["to_lat"] == ""


@pytest.mark.parametrize("row", ["26.5,", ",107.5", "26.5, ", "26.5"])
def test_an_empty_cell_is_missing_and_not_unreadable(row: str) -> None:
    table = _convert(f"lat,lon\n{row}\n26.5,107.5\n")
    assert [found["error"] for found in table.rows] == ["coords_missing", ""]
