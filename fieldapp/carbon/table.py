"""`fieldapp estimate` without its words: a CSV of trees in, the same rows with their sinks out, block by block.

Columns may stand in any order and under their Chinese names; unknown ones are passed through. A bad row
gets its error and the other rows go on.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field

from fieldapp.carbon.bulk import ColumnEstimator, Inputs
from fieldapp.carbon.estimate import RegistryEstimator
from fieldapp.carbon.estimates import Estimates
from fieldapp.carbon.explain import rounded
from fieldapp.carbon.stems import diameter_of_girth
from fieldapp.domain.numbers import parse_number
from fieldapp.domain.sinks import Sink, SinkInput
from fieldapp.errors import Finding, ItemError

BLOCK_ROWS = 20_000  # keeps a block's columns in the processor's cache and memory flat for any file
INPUTS = {
    "species": ("species", "species_id", "species_cn", "树种"),
    "dbh_cm": ("dbh_cm", "胸径", "胸径(cm)", "胸径（cm）"),
    "girth_cm": ("girth_cm", "胸围", "胸围(cm)", "胸围（cm）"),
    "height_m": ("height_m", "树高", "树高(m)", "树高（m）"),
    "wood_density": ("wood_density", "木材密度"),
    "equation": ("equation", "方程"),
    "age": ("age", "age_years", "树龄"),
}
OUTPUTS = (
    "equation_id",
    "status",
    "agb_kg",
    "bgb_kg",
    "carbon_kg",
    "co2e_kg",
    "co2e_low_kg",
    "co2e_high_kg",
    "flags",
    "method_version",
    "error",
)
UNITS = {"dbh_cm": "cm", "girth_cm": "cm", "height_m": "m", "wood_density": "", "age": "year"}


@dataclass(slots=True)
class Block:
    """Some rows of the table with what was computed for them; errors are codes."""

    rows: list[list[str]]
    inputs: Inputs
    estimates: Estimates
    errors: dict[int, str]
    girths: set[int] = field(default_factory=set)

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
        if place not in self.girths or sink.error:
            return sink
        return Sink(
            sink.equation_id,
            sink.status,
            sink.agb_kg,
            sink.bgb_kg,
            sink.carbon_kg,
            sink.co2e_kg,
            sink.co2e_low_kg,
            sink.co2e_high_kg,
            ("girth", *sink.flags),
            sink.method_version,
        )


class TreeTable:
    """A CSV of trees as text; a table without the needed columns is an ItemError."""

    def __init__(self, text: str) -> None:
        self._reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
        header = next(self._lines(), [])
        outputs = set(OUTPUTS)
        self._kept = [place for place, name in enumerate(header) if name.strip().lower() not in outputs]
        self.header = [header[place] for place in self._kept]
        self._width = len(header)
        names = {name.strip().lower(): place for place, name in reversed(list(enumerate(self.header)))}
        self._at = {
            column: next((names[known] for known in accepted if known in names), None)
            for column, accepted in INPUTS.items()
        }
        if self._at["species"] is None or (self._at["dbh_cm"] is None and self._at["girth_cm"] is None):
            raise ItemError("estimate_columns_missing", found=", ".join(self.header) or "-")

    def blocks(self, estimator: RegistryEstimator) -> Iterator[Block]:
        """The table's rows with their sinks, at most `BLOCK_ROWS` at a time."""
        columns = ColumnEstimator(estimator)
        rows: list[list[str]] = []
        for row in self._lines():
            rows.append(self._fitted(row))
            if len(rows) == BLOCK_ROWS:
                yield self._block(columns, estimator, rows)
                rows = []
        if rows:
            yield self._block(columns, estimator, rows)

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

    def _block(self, columns: ColumnEstimator, estimator: RegistryEstimator, rows: list[list[str]]) -> Block:
        errors: dict[int, str] = {}
        d, girths = self._diameters(rows, errors)
        inputs = Inputs(
            species=self._texts("species", rows),
            dbh_cm=d,
            height_m=self._numbers("height_m", rows, errors),
            wood_density=self._present("wood_density", self._numbers("wood_density", rows, errors)),
            equation=self._texts("equation", rows) if self._at["equation"] is not None else None,
        )
        for place, age in enumerate(self._numbers("age", rows, errors)):
            if age is not None and age < 0:
                errors.setdefault(place, "carbon_age_negative")
        estimates = columns.estimate(inputs)
        for place, code in errors.items():
            estimates.refuse([place], estimator.refused(code))
        return Block(rows, inputs, estimates, errors, girths)

    def _diameters(self, rows: list[list[str]], errors: dict[int, str]) -> tuple[list[float | None], set[int]]:
        """Diameters, from a girth where only that was measured, and the rows where it was."""
        d = self._numbers("dbh_cm", rows, errors)
        girths = set()
        for place, girth in enumerate(self._numbers("girth_cm", rows, errors)):
            if d[place] is None and girth is not None and place not in errors:
                d[place] = diameter_of_girth(girth)
                girths.add(place)
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


def read_number(cell: str, unit: str) -> float | None:
    """A cell as a number, None when it is empty; ValueError when it is neither."""
    try:
        if "_" not in cell:
            return float(cell)
    except ValueError:
        pass  # not plainly a number: read it as people type numbers
    if not cell.strip():
        return None
    number = parse_number(cell, unit)
    if isinstance(number, Finding):
        raise ValueError(number.code)
    return number.value


def result_cells(sink: Sink, error: str) -> list[str]:
    """The output columns of one row as text; `error` is the sentence, empty when there is a result."""
    if sink.error:
        return [sink.equation_id, sink.status, "", "", "", "", "", "", "", sink.method_version, error]
    numbers = (sink.agb_kg, sink.bgb_kg, sink.carbon_kg, sink.co2e_kg, sink.co2e_low_kg, sink.co2e_high_kg)
    cells = [repr(rounded(number)) for number in numbers]
    return [sink.equation_id, sink.status, *cells, ";".join(sink.flags), sink.method_version, ""]


def _delimiter(text: str) -> str:
    """What separates the cells of the first line: comma, tab or semicolon."""
    line = text.lstrip("\ufeff\r\n").partition("\n")[0]
    return max(",\t;", key=line.count)
