"""Coordinates of a whole table: two columns in, two columns and an error out, every other column kept as it is."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass

from fieldapp.domain.numbers import Number, parse_number
from fieldapp.errors import FieldappError, Finding, ItemError, Severity
from fieldapp.geo.crs import Crs, convert
from fieldapp.tables import Table as CellTable

DEGREE_DECIMALS, METRE_DECIMALS = 10, 5  # a hundredth of a millimetre each
Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class Table:
    """A converted table; `refused` rows have an error and no coordinates."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    refused: int
    delimiter: str

    def as_csv(self) -> str:
        """The table as CSV text."""
        out = io.StringIO()
        writer = csv.DictWriter(out, self.columns, lineterminator="\n", extrasaction="ignore")
        writer.writeheader()
        writer.writerows(self.rows)
        return out.getvalue()


def convert_table(text: str, source: Crs, target: Crs, in_words: Callable[[Finding | FieldappError], str]) -> Table:
    """Converts a CSV; ItemError when it lacks the two columns that `source` asks for.

    `in_words` puts what is wrong with a row into the sentence of its `error` column.
    """
    table = CellTable(text)
    columns, names = table.header, _columns(table.header, source)
    to_names = (f"to_{target.columns[0]}", f"to_{target.columns[1]}")
    kept = [place for place, header in enumerate(columns) if header not in (*to_names, "error")]
    rows, refused = [], 0
    for cells, fault in table.rows():
        if fault:
            made, error = ("", ""), in_words(Finding(fault, Severity.RED))
        else:
            made, error = _converted((cells[names[0]], cells[names[1]]), source, target, in_words)
        refused += bool(error)
        row = {columns[place]: cells[place] for place in kept}
        rows.append({**row, to_names[0]: made[0], to_names[1]: made[1], "error": error})
    header = (*(columns[place] for place in kept), *to_names, "error")
    return Table(header, tuple(rows), refused, table.delimiter)


def _columns(headers: list[str], source: Crs) -> tuple[int, int]:
    """Where the two columns of `source` stand; no column of the table may stand in it twice."""
    plain = [header.strip().lower() for header in headers]
    if not set(source.columns) <= set(plain):
        raise ItemError("coords_columns", wanted=" ".join(source.columns), found=" ".join(headers)[:200])
    twice = [header for at, header in enumerate(headers) if header.strip() and header in headers[:at]]
    if twice or any(plain.count(name) > 1 for name in source.columns):
        raise ItemError("coords_twice", name=" ".join(twice or source.columns)[:200])
    return plain.index(source.columns[0]), plain.index(source.columns[1])


def _converted(
    pair: tuple[str, str], source: Crs, target: Crs, in_words: Callable[[Finding | FieldappError], str]
) -> tuple[tuple[str, str], str]:
    numbers = [parse_number(text) for text in pair]
    for number in numbers:
        if isinstance(number, Finding):
            return ("", ""), in_words(number)
    values = [number.value for number in numbers if isinstance(number, Number)]
    try:
        made = convert(values[0], values[1], source, target)
    except ItemError as error:
        return ("", ""), in_words(error)
    decimals = DEGREE_DECIMALS if target.geographic else METRE_DECIMALS
    return (f"{made[0]:.{decimals}f}", f"{made[1]:.{decimals}f}"), ""
