"""Cells of the table of trees: numbers as people and spreadsheets write them, results as text."""

from __future__ import annotations

from fieldapp.carbon.steps import DECIMALS
from fieldapp.domain.numbers import parse_number
from fieldapp.domain.sinks import Sink
from fieldapp.errors import Finding, ItemError

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


def places_of(header: list[str]) -> dict[str, int | None]:
    """Where each known column stands; ItemError when one stands twice, for nobody knows which is meant."""
    names = [name.strip().lower() for name in header]
    found: dict[str, int | None] = {}
    for column, accepted in INPUTS.items():
        name = next((known for known in accepted if known in names), None)
        if name is not None and names.count(name) > 1:
            raise ItemError("estimate_column_twice", name=name)
        found[column] = None if name is None else names.index(name)
    return found
