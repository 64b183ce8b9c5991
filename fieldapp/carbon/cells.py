"""Cells of the table of trees: numbers as people and spreadsheets write them, results as text."""

from __future__ import annotations

from fieldapp.carbon.rounding import DECIMALS
from fieldapp.domain.numbers import parse_number
from fieldapp.domain.sinks import Sink
from fieldapp.errors import Finding

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
MODELLED = "modelled_yearly_co2e_kg"  # only for tables with an age; nobody measured it
UNITS = {"dbh_cm": "cm", "girth_cm": "cm", "height_m": "m", "wood_density": "", "age": "year"}


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
    cells = [_written(number) for number in numbers]
    return [sink.equation_id, sink.status, *cells, ";".join(sink.flags), sink.method_version, ""]


def _written(number: float | None) -> str:
    """A result as text: the digits of `rounded`, without zeros at the end."""
    text = f"{number or 0.0:.{DECIMALS}f}".rstrip("0")
    return text + "0" if text.endswith(".") else text


def no_number(column: str) -> str:
    """The code of a cell of this column that is no number."""
    return f"carbon_{column.partition('_')[0] if column != 'wood_density' else 'density'}_not_a_number"
