"""`fieldapp estimate` without its words: a CSV of trees in, the same rows with their sinks out, block by block.

Columns may stand in any order and under their Chinese names; unknown ones are passed through. A bad row
gets its error and the other rows go on.
"""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from fieldapp.carbon.bulk import ColumnEstimator, Inputs
from fieldapp.carbon.cells import MODELLED, OUTPUTS, UNITS, delimiter_of, read_number
from fieldapp.carbon.estimate import RegistryEstimator
from fieldapp.carbon.estimates import Estimates
from fieldapp.carbon.height_curve import HeightCurve, fill
from fieldapp.carbon.stems import diameter_of_girth
from fieldapp.domain.sinks import Sink, SinkInput
from fieldapp.errors import ItemError

BLOCK_ROWS = 20_000  # keeps a block's columns in the processor's cache and memory flat for any file
INPUTS = {
    "species": ("species", "species_id", "species_cn", "树种"),
    "dbh_cm": ("dbh_cm", "胸径", "胸径(cm)", "胸径（cm）"),
    "girth_cm": ("girth_cm", "胸围", "胸围(cm)", "胸围（cm）"),
    "height_m": ("height_m", "树高", "树高(m)", "树高（m）"),
    "wood_density": ("wood_density", "木材密度"),
    "equation": ("equation", "方程"),
    "age": ("age", "age_years", "树龄"),
    "parcel": ("parcel", "parcel_id", "地块", "小地名"),
}


@dataclass(slots=True)
class Block:
    """Some rows of the table with what was computed for them; errors are codes."""

    rows: list[list[str]]
    inputs: Inputs
    estimates: Estimates
    errors: dict[int, str]
    marks: dict[int, str] = field(default_factory=dict)  # how a value came about: from a girth, from a curve
    ages: list[float | None] | None = None

    def tree(self, place: int) -> SinkInput:
        """One row as the single estimate takes it."""
        columns = self.inputs
        return SinkInput(
            columns.species[place],
            columns.dbh_cm[place],
            columns.height_m[place],
            columns.wood_density[place] if columns.wood_density is not None else None,
            (columns.equation[place] or None) if columns.equation is not None else None,
        )

    def sink(self, place: int) -> Sink:
        """The sink of one row, with the marks of how it was typed."""
        sink = self.estimates.sink(place)
        if place not in self.marks or sink.error:
            return sink
        return replace(sink, flags=(self.marks[place], *sink.flags))


@dataclass(frozen=True, slots=True)
class ParcelCurve:
    """A height curve of one parcel and species, and how many heights it filled."""

    parcel: str
    curve: HeightCurve
    filled: int


class TreeTable:
    """A CSV of trees as text; a table without the needed columns is an ItemError."""

    def __init__(self, text: str) -> None:
        self._reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter_of(text))
        header = next(self._lines(), [])
        outputs = {*OUTPUTS, MODELLED}
        self._kept = [place for place, name in enumerate(header) if name.strip().lower() not in outputs]
        self.header = [header[place] for place in self._kept]
        self._width = len(header)
        self._read: list[list[str]] | None = None
        self._from_curve: dict[int, float] = {}
        names = {name.strip().lower(): place for place, name in reversed(list(enumerate(self.header)))}
        self._at = {
            column: next((names[known] for known in accepted if known in names), None)
            for column, accepted in INPUTS.items()
        }
        self.has_age = self._at["age"] is not None
        if self._at["species"] is None or (self._at["dbh_cm"] is None and self._at["girth_cm"] is None):
            raise ItemError("estimate_columns_missing", found=", ".join(self.header) or "-")

    def blocks(self, estimator: RegistryEstimator) -> Iterator[Block]:
        """The table's rows with their sinks, at most `BLOCK_ROWS` at a time."""
        columns = ColumnEstimator(estimator)
        start = 0
        rows: list[list[str]] = []
        for row in self._rows():
            rows.append(row)
            if len(rows) == BLOCK_ROWS:
                yield self._block(columns, estimator, rows, start)
                start += len(rows)
                rows = []
        if rows:
            yield self._block(columns, estimator, rows, start)

    def fit_heights(self) -> list[ParcelCurve]:
        """Fills missing heights parcel by parcel where there are enough; the whole table is read for it."""
        self._read = list(self._rows())
        d, _girths = self._diameters(self._read, {})
        h, species = self._numbers("height_m", self._read, {}), self._texts("species", self._read)
        by_parcel: dict[str, list[int]] = defaultdict(list)
        for place, parcel in enumerate(self._texts("parcel", self._read)):
            by_parcel[parcel].append(place)
        found = []
        for parcel, places in by_parcel.items():
            filled, curves = fill([SinkInput(species[place], d[place], h[place]) for place in places])
            counts = dict.fromkeys(curves, 0)
            for place, one in zip(places, filled, strict=True):
                if one.from_curve and one.tree.height_m is not None:
                    self._from_curve[place] = one.tree.height_m
                    counts[one.tree.species] += 1
            found += [ParcelCurve(parcel, curve, counts[name]) for name, curve in curves.items()]
        return found

    def _rows(self) -> Iterator[list[str]]:
        if self._read is not None:
            return iter(self._read)
        return (self._fitted(row) for row in self._lines())

    def _lines(self) -> Iterator[list[str]]:
        """Rows that hold anything."""
        try:
            for row in self._reader:
                if any(cell.strip() for cell in row):
                    yield row
        except csv.Error as error:
            raise ItemError("estimate_csv", line=self._reader.line_num) from error

    def _fitted(self, row: list[str]) -> list[str]:
        """The cells under the kept columns; a short row is filled up."""
        cells = row + [""] * (self._width - len(row))
        return [cells[place] for place in self._kept]

    def _block(
        self, columns: ColumnEstimator, estimator: RegistryEstimator, rows: list[list[str]], start: int
    ) -> Block:
        errors: dict[int, str] = {}
        d, marks = self._diameters(rows, errors)
        h = self._numbers("height_m", rows, errors)
        for place in range(len(rows)) if self._from_curve else ():
            if start + place in self._from_curve:
                h[place] = self._from_curve[start + place]
                marks[place] = "height_curve"
        inputs = Inputs(
            species=self._texts("species", rows),
            dbh_cm=d,
            height_m=h,
            wood_density=self._present("wood_density", self._numbers("wood_density", rows, errors)),
            equation=self._texts("equation", rows) if self._at["equation"] is not None else None,
        )
        ages = self._numbers("age", rows, errors)
        for place, age in enumerate(ages):
            if age is not None and age < 0:
                errors.setdefault(place, "carbon_age_negative")
        estimates = columns.estimate(inputs)
        for place, code in errors.items():
            estimates.refuse([place], estimator.refused(code))
        return Block(rows, inputs, estimates, errors, marks, self._present("age", ages))

    def _diameters(self, rows: list[list[str]], errors: dict[int, str]) -> tuple[list[float | None], dict[int, str]]:
        """Diameters, from a girth where only that was measured, and the rows where it was."""
        d = self._numbers("dbh_cm", rows, errors)
        girths = {}
        for place, girth in enumerate(self._numbers("girth_cm", rows, errors)):
            if d[place] is None and girth is not None and place not in errors:
                d[place] = diameter_of_girth(girth)
                girths[place] = "girth"
        return d, girths

    def _texts(self, column: str, rows: list[list[str]]) -> list[str]:
        at = self._at[column]
        return [""] * len(rows) if at is None else [row[at].strip() for row in rows]

    def _numbers(self, column: str, rows: list[list[str]], errors: dict[int, str]) -> list[float | None]:
        at = self._at[column]
        numbers: list[float | None] = []
        if at is None:
            return [None] * len(rows)
        code = f"carbon_{column.partition('_')[0] if column != 'wood_density' else 'density'}_not_a_number"
        for place, row in enumerate(rows):
            cell = row[at]
            try:
                number = read_number(cell, UNITS[column])
            except ValueError:
                number = None
                errors.setdefault(place, code)
            numbers.append(number)
        return numbers

    def _present(self, column: str, values: list[float | None]) -> list[float | None] | None:
        return None if self._at[column] is None else values
