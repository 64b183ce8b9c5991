"""The rows of a card that say what was measured, and what a height curve added to it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fieldapp.carbon.calculation import digits, given
from fieldapp.carbon.card_parts import Row, row, span, with_unit
from fieldapp.carbon.explain import Explanation
from fieldapp.carbon.words import error_text
from fieldapp.i18n import aside, t


def input_rows(inputs: Mapping[str, Any], name: str, *, uses_height: bool) -> list[Row]:
    height = with_unit(inputs["height_m"], "m")
    measured = " ".join(str(inputs[part]) for part in ("measured_by", "measured_on") if inputs.get(part))
    return [
        row("tag", inputs.get("tag")),
        row("species", name),
        row("stems", _stems_text(inputs.get("stems"))),
        _dbh_row(inputs["dbh_cm"], inputs.get("stems")),
        row("height", height if uses_height or height is None else aside(height, t("carbon.card.height_unused"))),
        row("density", with_unit(inputs["wood_density"], "g/cm3")),
        row("measured", measured),
        row("planting_year", inputs.get("planting_year")),
        row("asked_equation", inputs["equation"]),
        row("asked_why", (inputs.get("equation_reason") or t("carbon.card.no_reason")) if inputs["equation"] else None),
    ]


def uses_height(found: Explanation) -> bool:
    """Whether the equation, or that of the roots, takes the height; a refused tree has none to say so of."""
    equations = (found.equation, found.equation["roots"]) if found.equation is not None else ()
    return not found.steps or any(one is not None and "H" in one["inputs"] for one in equations)


def _dbh_row(dbh_cm: float | None, stems: str | None) -> Row:
    """The diameter that was measured, or what it follows from; that of a fork is not computed with."""
    if stems is None or dbh_cm is None:
        return row("dbh", with_unit(dbh_cm, "cm"))
    return row("dbh_of_stems", f"{digits(dbh_cm)} cm") if "+" in stems else row("dbh_of_girth", with_unit(dbh_cm, "cm"))


def _stems_text(kept: str | None) -> str | None:
    """Girths and diameters as they were measured."""
    if kept is None:
        return None
    parts = [(part.startswith("C"), part.removeprefix("C")) for part in kept.split("+")]
    return " + ".join(t("carbon.card.girth", value=size) if girth else f"{size} cm" for girth, size in parts)


def curve_rows(curve: Mapping[str, Any], name: str) -> list[Row]:
    """That the height was not measured, what it rests on, and the value without it."""
    without, low_high = curve["without_curve"], span(curve["d_range_cm"], "cm")
    height = t("carbon.card.curve_height_value", h=f"{curve['height_m']:.2f}", sd=f"{curve['sd_m']:.2f}")
    fitted = t("carbon.card.curve_fitted_value", n=curve["n"], species=name, range=low_high, day=curve["fitted_on"])
    if without["error"]:
        other = error_text(without["error"])
    else:
        low, high = f"{without['co2e_low_kg']:.1f}", f"{without['co2e_high_kg']:.1f}"
        kg = t("carbon.card.result", value=f"{without['co2e_kg']:.1f}", low=low, high=high)
        other = aside(kg, without["equation"])
    return [
        row("curve_height", height),
        row("formula", curve["formula"].replace("^2", "²"), formula=True),
        row("coefficients", f"a = {given(curve['a'])}, b = {given(curve['b'])}"),
        row("curve_fitted", fitted),
        row("curve_error", t("carbon.card.curve_error_value", sd=f"{curve['height_error_m']:.2f}")),
        row("curve_outside", t("carbon.card.curve_outside_value") if curve["extrapolated"] else None),
        row("curve_without", other),
    ]
