"""Coordinates of a whole table: two columns in, two columns and an error out, every other column kept as it is."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from fieldapp.domain.numbers import Number, parse_number
from fieldapp.errors import FieldappError, Finding, ItemError, UsageError
from fieldapp.geo.crs import Crs, convert

DEGREE_DECIMALS, METRE_DECIMALS = 10, 5  # a hundredth of a millimetre each
Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class Table:
    """A converted table; `refused` rows have an error and no coordinates."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    refused: int

    def as_csv(self) -> str:
        """The table as CSV text."""
        out = io.StringIO()
        writer = csv.DictWriter(out, self.columns, lineterminator="\n", extrasaction="ignore")
        writer.writeheader()
        writer.writerows(self.rows)
        return out.getvalue()


def convert_table(text: str, source: Crs, target: Crs, in_words: Callable[[Finding | FieldappError], str]) -> Table:
    """Converts a CSV; UsageError when it lacks the two columns that `source` asks for.

    `in_words` puts what is wrong with a row into the sentence of its `error` column.
    """
    reader = csv.DictReader(io.StringIO(text, newline=""), restval="")
    headers = _headers(reader)
    found = {header.strip().lower(): header for header in reversed(headers)}
    if not set(source.columns) <= set(found):
        raise UsageError("coords_columns", wanted=" ".join(source.columns), found=" ".join(headers)[:200])
    twice = [header for at, header in enumerate(headers) if header.strip() and header in headers[:at]]
    if twice or any(sum(h.strip().lower() == name for h in headers) > 1 for name in source.columns):
        raise UsageError("coords_twice", name=" ".join(twice or source.columns)[:200])
    names = (found[source.columns[0]], found[source.columns[1]])
    to_names = (f"to_{target.columns[0]}", f"to_{target.columns[1]}")
    kept = [header for header in headers if header not in (*to_names, "error")]
    rows, refused = [], 0
    for row in _rows(reader):
        if any(cell.strip() for cell in row.get(None, ())):  # a comma too many moves every value after it
            made, error = ("", ""), in_words(ItemError("coords_cells"))
        else:
            made, error = _converted((row[names[0]], row[names[1]]), source, target, in_words)
        refused += bool(error)
        rows.append({**{name: row[name] for name in kept}, to_names[0]: made[0], to_names[1]: made[1], "error": error})
    return Table((*kept, *to_names, "error"), tuple(rows), refused)


def _headers(reader: csv.DictReader[str]) -> list[str]:
    try:
        return list(reader.fieldnames or [])
    except csv.Error as error:
        raise ItemError("coords_csv", line=1) from error


def _rows(reader: csv.DictReader[str]) -> Iterator[Mapping[str | None, Any]]:
    try:
        yield from reader
    except csv.Error as error:
        raise ItemError("coords_csv", line=reader.line_num) from error


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
