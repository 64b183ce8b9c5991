"""One damaged cell at a time: the check names file, row and column, and never falls over."""

from __future__ import annotations

import csv
import io
import random

import pytest

from fieldapp.carbon.check import check_contents
from fieldapp.carbon.registry import Registry
from fieldapp.carbon.tables import ENTRIES

MASSON = "pinus_massoniana-20caf8"
FIR = "cunninghamia_lanceolata"
WEIRD = ("", "x", "-1", "1e9")
KEYS = {"densities.csv": "species", "worked.csv": "equation", "factors.csv": "quantity", "columns.csv": "column"}


def damaged(registry: Registry, file: str, row: int, column: str, value: str) -> dict[str, bytes]:
    """The files with one cell changed."""
    table = csv.DictReader(io.StringIO(registry.contents[file].decode("utf-8")))
    rows = list(table)
    rows[row][column] = value
    return registry.contents | {file: written(rows)}


def written(rows: list[dict[str, str]]) -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def table(registry: Registry, file: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(registry.contents[file].decode("utf-8"))))


def place_of(registry: Registry, file: str, key: str) -> int:
    column = KEYS.get(file, "id")
    return next(place for place, row in enumerate(table(registry, file)) if row[column] == key)


@pytest.mark.parametrize(
    ("file", "key", "column", "value", "code"),
    [
        ("equations.csv", MASSON, "form", "eval", "unreadable"),
        ("equations.csv", MASSON, "form", "power_dh", "unreadable"),
        ("equations.csv", MASSON, "coefficients", "a=0.0881", "unreadable"),
        ("equations.csv", MASSON, "coefficients", "a=1;b=1e9", "overflow"),
        ("equations.csv", MASSON, "inputs", "D;H", "unreadable"),
        ("equations.csv", MASSON, "inputs", "", "unreadable"),
        ("equations.csv", MASSON, "n", "three", "unreadable"),
        ("equations.csv", MASSON, "d_min_cm", "-1", "range"),
        ("equations.csv", MASSON, "d_min_cm", "nan", "unreadable"),
        ("equations.csv", MASSON, "d_min_cm", "", "empty"),
        ("equations.csv", MASSON, "d_max_cm", "1", "range"),
        ("equations.csv", MASSON, "d_max_cm", "1e9", "range"),
        ("equations.csv", MASSON, "n", "0", "range"),
        ("equations.csv", MASSON, "r2", "1.2", "range"),
        ("equations.csv", MASSON, "place_class", "mars", "word"),
        ("equations.csv", MASSON, "log_bias", "perhaps", "word"),
        ("equations.csv", MASSON, "lat", "91", "range"),
        ("equations.csv", MASSON, "output_unit", "m3", "word"),
        ("equations.csv", MASSON, "output", "volume", "word"),
        ("equations.csv", MASSON, "use", "felling", "word"),
        ("equations.csv", MASSON, "reference", "nobody", "reference"),
        ("equations.csv", MASSON, "locator", "", "empty"),
        ("equations.csv", MASSON, "partner", MASSON, "partner"),
        ("factors.csv", "carbon_fraction_above", "value", "47", "factor"),
        ("factors.csv", "carbon_fraction_above", "value", "0.2", "factor"),
        ("factors.csv", "carbon_fraction", "value", "0.7", "factor"),
        ("factors.csv", "co2_per_carbon", "value", "12/44", "factor"),
        ("factors.csv", "co2_per_carbon", "value", "3.6", "factor"),
        ("factors.csv", "co2_per_carbon", "unit", "kg", "word"),
        ("factors.csv", "z_90", "value", "1.96", "factor"),
        ("factors.csv", "root_shoot_ratio", "unit", "percent", "word"),
        ("factors.csv", "root_shoot_ratio", "value", "25", "factor"),
        ("factors.csv", "wood_density", "unit", "kg/m3", "word"),
        ("factors.csv", "wood_density", "value", "307", "factor"),
        ("factors.csv", "biomass_expansion_factor", "value", "0.6", "factor"),
        ("factors.csv", "dbh_sd_cm", "unit", "mm", "word"),
        ("factors.csv", "z_90", "set", "other", "word"),
        ("densities.csv", FIR, "density_g_cm3", "0.05", "density"),
        ("densities.csv", FIR, "density_g_cm3", "323", "density"),
        ("densities.csv", FIR, "density_g_cm3", "nan", "unreadable"),
        ("densities.csv", FIR, "sd_g_cm3", "0", "density"),
        ("densities.csv", FIR, "basis", "guess", "word"),
        ("densities.csv", FIR, "species", "alnus_cremastogyne", "row_twice"),
        ("worked.csv", MASSON, "tolerance", "50", "tolerance"),
        ("worked.csv", MASSON, "tolerance", "nan", "unreadable"),
        ("worked.csv", MASSON, "unit", "g", "word"),
        ("worked.csv", MASSON, "unit", "m3", "word"),
        ("worked.csv", MASSON, "d_cm", "-1", "range"),
        ("worked.csv", MASSON, "quantity", "volume", "word"),
        ("worked.csv", MASSON, "equation", "nothing", "no_equation"),
        ("worked.csv", "hardwood-volume-guizhou", "h_m", "", "empty"),
        ("worked.csv", "hardwood-volume-guizhou", "unit", "kg", "word"),
        ("species.csv", FIR, "habit", "shrub", "word"),
        ("species.csv", FIR, "latin", "", "empty"),
        ("references.csv", "luo2018", "title", "", "empty"),
        ("curves.csv", "even-diameter", "form", "power", "curve"),
        ("columns.csv", "d_min_cm", "type", "text", "unreadable"),
    ],
)
def test_one_damaged_cell_is_named(shipped: Registry, file: str, key: str, column: str, value: str, code: str) -> None:
    row = place_of(shipped, file, key)
    _registry, problems = check_contents(damaged(shipped, file, row, column, value))
    shown_as = "coefficients" if (file, column) == ("curves.csv", "form") else column
    changed = value if column in ("species", "equation") else key
    found = [(p.code, p.file, p.column) for p in problems if changed in p.where]
    # a form that exists but wants other coefficients is a fault of either column
    wanted = {(code, file, shown_as)} | ({(code, file, "coefficients")} if value == "power_dh" else set())
    assert wanted & set(found), problems


@pytest.mark.parametrize("file", ["equations.csv", "densities.csv", "factors.csv", "references.csv", "species.csv"])
def test_a_row_that_stands_there_twice_is_named(shipped: Registry, file: str) -> None:
    rows = table(shipped, file)
    _registry, problems = check_contents(shipped.contents | {file: written([*rows, rows[3]])})
    assert [(p.code, p.file) for p in problems] == [("row_twice", file)]


@pytest.mark.parametrize("version", ["", "../../elsewhere", "2027 1"])
def test_a_version_must_be_a_name(shipped: Registry, version: str) -> None:
    text = shipped.contents["version.json"].replace(b'"2026.2"', f'"{version}"'.encode())
    _registry, problems = check_contents(shipped.contents | {"version.json": text})
    assert [(p.code, p.file, p.column) for p in problems] == [("version", "version.json", "version")]


def test_a_larger_tolerance_wants_a_reason(shipped: Registry) -> None:
    row = place_of(shipped, "worked.csv", MASSON)
    files = damaged(shipped, "worked.csv", row, "tolerance", "5")
    rows = list(csv.DictReader(io.StringIO(files["worked.csv"].decode())))
    rows[row]["source"] += "; tolerance: printed as a whole number of kg"
    assert check_contents(files | {"worked.csv": written(rows)})[1] == []


@pytest.mark.parametrize("file", [*ENTRIES, "columns.csv"])
def test_no_damage_makes_the_check_fall_over(shipped: Registry, file: str) -> None:
    chance = random.Random(f"damage of {file}")
    rows = table(shipped, file)
    for _ in range(8):
        cell = (chance.randrange(len(rows)), chance.choice(list(rows[0])), chance.choice(WEIRD))
        registry, problems = check_contents(damaged(shipped, file, *cell))
        assert registry is not None or problems, cell
