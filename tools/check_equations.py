"""Compares the shipped equations with values that others evaluated, and records in `checked_by` what was compared.

`python -m tools.check_equations DATA` prints the record of every equation; `--write` puts it into
resources/species/equations.csv. DATA holds china_equations_allodb_eval.csv (coefficients as in the compilation, and
their values by R) and china_published_D2H_eval.csv (printed tables read by character recognition, and their values).
The formulas stand here a second time, in plain floating point, so that a slip in the program is none here. Equations
without a row in either file keep what is recorded; where nothing is, the record says so.
"""

from __future__ import annotations

import argparse
import csv
import io
import re
from collections import defaultdict
from collections.abc import Callable
from math import exp, isclose, log, log10
from pathlib import Path

EQUATIONS = Path(__file__).resolve().parents[1] / "resources" / "species" / "equations.csv"
BY_R, BY_TABLE = "china_equations_allodb_eval", "china_published_D2H_eval"
NOBODY = "nobody: no independent value is known"
WITHIN_R, WITHIN_TABLE = 1e-9, 1e-6  # the second file prints six decimals
ORGANS = {"leaf": ("foliage",), "root": ("root",), "stem": ("stem",), "branch": ("branch",), "AGB": ("",)}
SUMS = {"AGB=stem+branch+leaf": ("",), "total=AGB+root": ("", "root")}
SOURCES = {"ji2016": "ChinaXiv-201605.00424V1", "jiulongshan": "ChinaXiv-202003.00015V1"}
Row = dict[str, str]
Coefficients = dict[str, float]


def _pairs(c: Coefficients) -> list[tuple[float, float]]:
    return [(c[f"a{place}"], c[f"b{place}"]) for place in range(1, len(c) // 2 + 1)]


FORMS: dict[str, Callable[[Coefficients, float, float], float]] = {
    "power": lambda c, d, h: float(c["a"] * d ** c["b"]),
    "power_sum": lambda c, d, h: sum(a * d**b for a, b in _pairs(c)),
    "ln_power": lambda c, d, h: exp(c["a"] + c["b"] * log(d)),
    "ln_power_sum": lambda c, d, h: sum(exp(a + b * log(d)) for a, b in _pairs(c)),
    "log10_power": lambda c, d, h: float(10 ** (c["a"] + c["b"] * log10(d))),
    "linear": lambda c, d, h: c["a"] + c["b"] * d,
    "quadratic": lambda c, d, h: c["a"] + c["b"] * d + c["c"] * d * d,
    "d_exp": lambda c, d, h: c["a"] * d * exp(c["b"] * d),
    "d2h_power": lambda c, d, h: float(c["a"] * (d * d * h) ** c["b"]),
    "d2h_power_sum": lambda c, d, h: sum(a * (d * d * h) ** b for a, b in _pairs(c)),
}


def records(equations: list[Row], data: Path) -> dict[str, str]:
    """What is to stand in `checked_by`, by equation; ValueError names an equation that a value contradicts."""
    by_r = defaultdict(list)
    for row in _read(data / f"{BY_R}.csv"):
        by_r[row["equation_id"]].append(row)
    known = {equation["id"]: equation for equation in equations}
    by_table = _held_by_table(known, _read(data / f"{BY_TABLE}.csv"))
    found = {}
    for equation in equations:
        name = equation["id"]
        if equation["allodb_id"] in by_r:
            found[name] = _held_by_r(equation, by_r[equation["allodb_id"]])
        elif name in by_table:
            values = "; ".join(f"{n} {what}" for what, n in by_table[name].items())
            found[name] = f"values: {BY_TABLE}, {values}, within 1e-6; printed table not seen"
        else:
            found[name] = equation["checked_by"] or NOBODY
    return found


def _held_by_r(equation: Row, rows: list[Row]) -> str:
    for row in rows:
        factor = 0.001 if equation["output_unit"] == "g" else 1.0
        _hold(equation["id"], _value(equation, float(row["dbh_cm"])) * factor, row["biomass_kg"], WITHIN_R)
    _hold_range(equation, rows[0])
    printed = _numbers(rows[0]["equation_allometry"])
    same = all(any(isclose(abs(c), one) for one in printed) for c in _coefficients(equation).values() if c)
    text = "coefficients as in its text" if same else "coefficients by values alone"
    return f"values: {BY_R}, {len(rows)} by R within 1e-9; {text}; range, unit and place too; paper not seen"


def _hold_range(equation: Row, row: Row) -> None:
    names = {"d_min_cm": "in_range_min", "d_max_cm": "in_range_max", "lat": "lat", "lon": "lon"}
    same = all(float(equation[ours] or "nan") == float(row[theirs] or "nan") for ours, theirs in names.items())
    if not same or equation["place"] != row["area"] or equation["output_unit"] != row["output_unit"]:
        raise ValueError(f"{equation['id']}: range, unit or place is not that of the compilation")


def _held_by_table(known: dict[str, Row], rows: list[Row]) -> dict[str, dict[str, int]]:
    """How many values of a kind hold, by equation; values of equations that are not known are passed over."""
    held: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for row in rows:
        taxon = "broadleaf" if row["species_latin"] == "other" else row["species_latin"].lower().replace(" ", "_")
        source = next(name for name, title in SOURCES.items() if title in row["provenance"])
        summed = row["component"] in SUMS
        parts = SUMS[row["component"]] if summed else ORGANS[row["component"]]
        names = [f"{taxon}-{part}-{source}" if part else f"{taxon}-{source}" for part in parts]
        if not known.keys() >= set(names):
            continue
        d_cm, h_m = float(row["dbh_cm"]), float(row["height_m"])
        _hold(names[0], sum(_value(known[name], d_cm, h_m) for name in names), row["biomass_kg"], WITHIN_TABLE)
        if summed:
            organs = [f"{taxon}-{organ}-{source}" for organ in ("stem", "branch", "foliage")]
            names += [name for name in organs if name in known]
        for name in names:
            held[name]["sums over organs" if summed else "of its own"] += 1
    return held


def _hold(name: str, value: float, printed: str, within: float) -> None:
    if not isclose(value, float(printed), rel_tol=within, abs_tol=1e-6 if within == WITHIN_TABLE else 0.0):
        raise ValueError(f"{name}: {value} is not {printed}")


def _value(equation: Row, d_cm: float, h_m: float = 0.0) -> float:
    return FORMS[equation["form"]](_coefficients(equation), d_cm, h_m)


def _coefficients(equation: Row) -> Coefficients:
    return {
        name: float(value) for name, _, value in (one.partition("=") for one in equation["coefficients"].split(";"))
    }


def _numbers(text: str) -> list[float]:
    return [float(one) for one in re.findall(r"\d+\.?\d*(?:[eE][-+]?\d+)?", text)]


def _read(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def main() -> None:
    """Prints or writes the record."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--write", action="store_true")
    args = parser.parse_args()
    equations = _read(EQUATIONS)
    found = records(equations, args.data)
    for equation in equations:
        equation["checked_by"] = found[equation["id"]]
        print(f"{equation['id']}: {equation['checked_by']}")
    if args.write:
        text = io.StringIO(newline="")
        writer = csv.DictWriter(text, list(equations[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(equations)
        EQUATIONS.write_text(text.getvalue(), encoding="utf-8", newline="")


if __name__ == "__main__":
    main()
