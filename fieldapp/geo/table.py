"""Coordinates of a whole table: two columns in, two columns and an error out, every other column kept as it is."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from fieldapp.domain.numbers import Number, parse_number
from fieldapp.errors import FieldappError, Finding, ItemError, Severity
from fieldapp.geo.crs import Crs, from_degrees, to_degrees
from fieldapp.geo.gcj02 import is_shifted
from fieldapp.tables import Table as CellTable

DEGREE_DECIMALS, METRE_DECIMALS = 10, 5  # a hundredth of a millimetre each
Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class Table:
    """A converted table; `refused` rows have an error and no coordinates.

    `abroad` rows went from or to a shifted system where nothing is shifted, so that no shift was taken off or put on.
    """

    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    refused: int
    delimiter: str
    abroad: int = 0

    def as_csv(self) -> str:
        """The table as CSV text."""
        out = io.StringIO()
        writer = csv.DictWriter(out, self.columns, lineterminator="\n", extrasaction="ignore")
        writer.writeheader()
        writer.writerows(self.rows)
        return out.getvalue()


class _Made(NamedTuple):
    """The two new cells of a row, or why it has none."""

    cells: tuple[str, str] = ("", "")
    error: str = ""
    abroad: bool = False


def convert_table(text: str, source: Crs, target: Crs, in_words: Callable[[Finding | FieldappError], str]) -> Table:
    """Converts a CSV; ItemError when it lacks the two columns that `source` asks for.

    `in_words` puts what is wrong with a row into the sentence of its `error` column.
    """
    table = CellTable(text)
    columns, names = table.header, _columns(table.header, source)
    to_names = (f"to_{target.columns[0]}", f"to_{target.columns[1]}")
    kept = [place for place, header in enumerate(columns) if header not in (*to_names, "error")]
    rows, refused, abroad = [], 0, 0
    for cells, fault in table.rows():
        if fault:
            made = _Made(error=in_words(Finding(fault, Severity.RED)))
        else:
            made = _converted((cells[names[0]], cells[names[1]]), source, target, in_words)
        refused += bool(made.error)
        abroad += made.abroad
        row = {columns[place]: cells[place] for place in kept}
        rows.append({**row, **dict(zip(to_names, made.cells, strict=True)), "error": made.error})
    header = (*(columns[place] for place in kept), *to_names, "error")
    return Table(header, tuple(rows), refused, table.delimiter, abroad)


def _columns(headers: list[str], source: Crs) -> tuple[int, int]:
    """Where the two columns of `source` stand; no column of the table may stand in it twice."""
    plain = [header.strip().lower() for header in headers]
    if not set(source.columns) <= set(plain):
        raise ItemError("coords_columns", wanted=" ".join(source.columns), found=" ".join(headers)[:200] or "-")
    twice = [header for at, header in enumerate(headers) if header.strip() and header in headers[:at]]
    if twice or any(plain.count(name) > 1 for name in source.columns):
        raise ItemError("coords_twice", name=" ".join(twice or source.columns)[:200])
    return plain.index(source.columns[0]), plain.index(source.columns[1])


def _converted(
    pair: tuple[str, str], source: Crs, target: Crs, in_words: Callable[[Finding | FieldappError], str]
) -> _Made:
    if missing := [name for name, text in zip(source.columns, pair, strict=True) if not text.strip()]:
        return _Made(error=in_words(Finding("coords_missing", Severity.RED, params={"columns": " ".join(missing)})))
    numbers = [parse_number(text) for text in pair]
    for number in numbers:
        if isinstance(number, Finding):
            return _Made(error=in_words(number))
    first, second = (number.value for number in numbers if isinstance(number, Number))
    try:
        lat, lon = to_degrees(first, second, source)
        made = from_degrees(lat, lon, target)
    except ItemError as error:
        return _Made(error=in_words(error))
    decimals = DEGREE_DECIMALS if target.geographic else METRE_DECIMALS
    abroad = (source.shifted or target.shifted) and not is_shifted(lat, lon)
    return _Made((f"{made[0]:.{decimals}f}", f"{made[1]:.{decimals}f}"), abroad=abroad)
