"""Puts a choice and a card into words: sentences from the catalogue, for window, paper and command line alike."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from fieldapp.carbon.calculation import SIGNIFICANT_DIGITS, TAKEN_DIGITS, digits
from fieldapp.carbon.compare import Comparison, Line
from fieldapp.carbon.entries import Equation
from fieldapp.carbon.exact import GRID_BITS
from fieldapp.carbon.explain import finite
from fieldapp.carbon.limits import FIELDS
from fieldapp.carbon.registry import Registry
from fieldapp.carbon.rounding import rounded
from fieldapp.carbon.stems import BETWEEN_STEMS
from fieldapp.i18n import has, language, listed, t


def reason_text(key: str, params: dict[str, Any]) -> str:
    """Why an equation was taken, such as "species equation, Guangxi, n = 36, D in range"."""
    if not key:
        return ""
    parts = [t(params["level"]), place_text(params["place"])]
    if params["n"] is not None:
        parts.append(t("carbon.reason.n", count=params["n"]))
    parts.append(t(params["range"], low=_number(params["low"]), high=_number(params["high"]), d=_number(params["d"])))
    parts.append(t(params["status"]))
    return t(key, parts=listed(parts))


def flag_text(code: str) -> str:
    """A mark such as `extrapolated` in words."""
    return t(f"carbon.flag.{code}")


def error_text(code: str) -> str:
    """Why there is no result."""
    return t(f"finding.{code}") if has(f"finding.{code}") else code


def error_sentence(code: str) -> str:
    """Why a row has no result: the field's name as in the header, then the sentence; "" for no code."""
    if not code:
        return ""
    return f"{FIELDS[code]}: {error_text(code)}" if FIELDS[code] else error_text(code)


def unit_text(unit: str) -> str:
    """A unit as it is printed; a pure number has none."""
    return {"1": "", "m3": "m³", "g/cm3": "g/cm³"}.get(unit, unit)


def year_ago(modelled: Mapping[str, Any]) -> str:
    """The tree a year ago with what the same equation gives for it; of a fork stem by stem."""
    if "stems" in modelled:
        return " + ".join(map(year_ago, modelled["stems"]))
    height, dbh = modelled["height_before_m"], digits(modelled["dbh_before_cm"])
    size = f"D {dbh} cm" if height is None else f"D {dbh} cm, H {digits(height)} m"
    return f"{size}: {digits(modelled['co2e_before_kg'])} kg CO2"


def rounding_rule() -> str:
    """How a card rounds, so that a reader who repeats it gets its digits."""
    return t("carbon.card.rounding_rule", digits=SIGNIFICANT_DIGITS, taken=TAKEN_DIGITS, grid=f"2^-{GRID_BITS}")


def place_text(place: str) -> str:
    """Where an equation was fitted, in the language of the reader; a place the catalogue does not know stays."""
    key = f"carbon.place.{re.sub('[^a-z]+', '_', place.lower())}"
    return t(key) if has(key) else place


def equation_name(registry: Registry, equation: Equation) -> str:
    """Short: what it was fitted to, and the part of its id that tells it from others of the same species."""
    species = registry.species(equation.taxon)
    if species is None:
        return equation.id
    genus, _, rest = species.latin.partition(" ")
    short = f"{genus[:1]}. {rest.split()[0]}" if rest else species.latin
    name = short if language() == "en" or not species.chinese else species.chinese
    return f"{name} {equation.id.removeprefix(f'{equation.taxon}-')}"


def equation_names(registry: Registry, equation_id: str) -> str:
    """The names of an equation, or of those of a fork's stems; empty when the registry does not know one of them."""
    found = [registry.equation(one) for one in equation_id.split(BETWEEN_STEMS)]
    return " + ".join(equation_name(registry, one) for one in found if one is not None) if all(found) else ""


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.6g}"


def height_words(comparison: Comparison) -> str:
    """The height that was compared with; one that nobody measured says so."""
    if comparison.height_m is None:
        return "–"
    if comparison.tree.height_m is None:
        return t("carbon.compare.height_from_curve", h=f"{comparison.height_m:.1f}")
    return f"{_number(comparison.height_m)} m"


def line_marks(line: Line) -> list[str]:
    """The marks of one answer in words."""
    marks = [flag_text(flag) for flag in line.sink.flags]
    return [t("carbon.compare.without_curve"), *marks] if line.without_curve else marks


def comparison_lines(comparison: Comparison) -> list[str]:
    """All equations for one tree as a table of text, the chosen one marked, with the spread below."""
    tree = comparison.tree
    if comparison.error or comparison.spread is None:
        error = error_text(comparison.error or "carbon_no_equation")
        return [t("carbon.compare.refused", species=tree.species, error=error)]
    height = height_words(comparison)
    lines = [
        t("carbon.compare.title", species=tree.species, d=_number(tree.dbh_cm), h=height, n=len(comparison.lines)),
        f"  {'':2}{'':44}{'AGB kg':>10}{'CO2e kg':>10}{'-90 %':>10}{'+90 %':>10}",
    ]
    for line in comparison.lines:
        sink = line.sink
        numbers = (sink.agb_kg, sink.co2e_kg, sink.co2e_low_kg, sink.co2e_high_kg)
        cells = "".join(f"{number or 0.0:10.2f}" for number in numbers)
        marks = [place_text(line.equation.place), t(f"carbon.status.{sink.status}"), *line_marks(line)]
        mark = "* " if line.chosen else "  "
        lines.append(f"  {mark}{sink.equation_id:44}{cells}  {listed(marks)}")
    low, high = comparison.spread
    ratio = f"{high / low:.2f}" if low else "–"
    return [*lines, "  " + t("carbon.compare.spread", low=f"{low:.2f}", high=f"{high:.2f}", ratio=ratio)]


def comparison_dict(comparison: Comparison) -> dict[str, Any]:
    """The same as the JSON of `fieldapp estimate --compare`."""
    tree, spread = comparison.tree, comparison.spread
    return {
        "species": tree.species,
        "dbh_cm": finite(tree.dbh_cm),
        "height_m": finite(tree.height_m),
        "wood_density": finite(tree.wood_density),
        "equations": [
            {
                "equation_id": line.sink.equation_id,
                "chosen": line.chosen,
                "status": line.sink.status,
                "place": line.equation.place,
                "agb_kg": rounded(line.sink.agb_kg),
                "co2e_kg": rounded(line.sink.co2e_kg),
                "co2e_low_kg": rounded(line.sink.co2e_low_kg),
                "co2e_high_kg": rounded(line.sink.co2e_high_kg),
                "flags": list(line.sink.flags),
            }
            | ({"without_height_curve": True} if line.without_curve else {})
            for line in comparison.lines
        ],
        "spread": None
        if spread is None
        else {"low_kg": rounded(spread[0]), "high_kg": rounded(spread[1]), "ratio": rounded(spread[1] / spread[0])},
        "error": error_text(comparison.error) if comparison.error else "",
    }
