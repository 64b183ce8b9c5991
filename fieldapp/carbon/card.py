"""The card of one number as sections of words: window, paper and command line set the same card each in its way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from fieldapp.carbon.calculation import digits, given
from fieldapp.carbon.explain import Explanation
from fieldapp.carbon.words import error_text, flag_text, place_text, reason_text, rounding_rule, unit_text, year_ago
from fieldapp.i18n import aside, has, listed, t


@dataclass(frozen=True, slots=True)
class Row:
    """A name and what stands for it; `formula` says that it is to be set as one."""

    label: str
    text: str
    formula: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """Rows that belong together."""

    title: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class StepRow:
    """One step: what it is, its formula, the same with numbers, and the result."""

    label: str
    symbol: str
    formula: str
    calculation: str
    value: str
    unit: str


@dataclass(frozen=True, slots=True)
class Card:
    """A number with everything that led to it, in the language of the reader."""

    title: str
    headline: str
    marks: str
    before: tuple[Section, ...]
    steps: tuple[StepRow, ...]
    after: tuple[Section, ...]
    version: str
    checksum: str


def card_of(found: Explanation) -> Card:
    """The card of one tree."""
    card = found.as_dict()
    inputs, sink = found.inputs, found.sink
    name = f"{inputs['species_chinese']} {inputs['species_latin']}".strip() or str(inputs["species"])
    title = t("carbon.card.title", species=name)
    before = [_section("inputs", _input_rows(inputs, name, uses_height=_uses_height(found)))]
    if found.height_curve is not None:
        before.append(_section("height_curve", _curve_rows(found.height_curve, name)))
    if sink.error or sink.co2e_kg is None:
        headline = error_text(sink.error)
    else:
        low, high = f"{sink.co2e_low_kg:.1f}", f"{sink.co2e_high_kg:.1f}"
        headline = t("carbon.card.result", value=f"{sink.co2e_kg:.1f}", low=low, high=high)
    if found.equation is not None:
        before.append(_section("equation", [*_equation_rows(found.equation), _reason(found)]))
        before += [_section("equation", _equation_rows(other)) for other in _other_equations(found)]
        if found.equation["roots"] is not None and found.steps:
            before.append(_section("roots", _equation_rows(found.equation["roots"])))
    if found.factors:
        before.append(_section("factors", [_factor_row(factor) for factor in found.factors]))
    marks = [t("carbon.card.provisional"), *(flag_text(flag) for flag in sink.flags)]
    after = [_section("modelled", [_modelled_row(found.modelled)])] if found.modelled is not None else []
    after += [_section("change", _change_rows(found.change))] if found.change is not None else []
    checksum = str(card["checksum"])
    after.append(_section("keeping", _last_rows(found, checksum)))
    steps = _step_rows(found)
    return Card(title, headline, " · ".join(marks), tuple(before), steps, tuple(after), sink.method_version, checksum)


def _section(name: str, rows: list[Row]) -> Section:
    return Section(t(f"carbon.card.section.{name}"), tuple(row for row in rows if row.text))


def _row(name: str, text: object, *, formula: bool = False) -> Row:
    return Row(t(f"carbon.card.{name}"), "" if text is None else str(text), formula)


def _input_rows(inputs: Mapping[str, Any], name: str, *, uses_height: bool) -> list[Row]:
    height = _with_unit(inputs["height_m"], "m")
    measured = " ".join(str(inputs[part]) for part in ("measured_by", "measured_on") if inputs.get(part))
    return [
        _row("tag", inputs.get("tag")),
        _row("species", name),
        _row("stems", _stems_text(inputs.get("stems"))),
        _dbh_row(inputs["dbh_cm"], inputs.get("stems")),
        _row("height", height if uses_height or height is None else aside(height, t("carbon.card.height_unused"))),
        _row("density", _with_unit(inputs["wood_density"], "g/cm3")),
        _row("measured", measured),
        _row("planting_year", inputs.get("planting_year")),
        _row("asked_equation", inputs["equation"]),
        _row(
            "asked_why", (inputs.get("equation_reason") or t("carbon.card.no_reason")) if inputs["equation"] else None
        ),
    ]


def _uses_height(found: Explanation) -> bool:
    """Whether the equation, or that of the roots, takes the height; a refused tree has none to say so of."""
    equations = (found.equation, found.equation["roots"]) if found.equation is not None else ()
    return not found.steps or any(one is not None and "H" in one["inputs"] for one in equations)


def _dbh_row(dbh_cm: float | None, stems: str | None) -> Row:
    """The diameter that was measured, or what it follows from; that of a fork is not computed with."""
    if stems is None or dbh_cm is None:
        return _row("dbh", _with_unit(dbh_cm, "cm"))
    return (
        _row("dbh_of_stems", f"{digits(dbh_cm)} cm") if "+" in stems else _row("dbh_of_girth", _with_unit(dbh_cm, "cm"))
    )


def _stems_text(kept: str | None) -> str | None:
    """Girths and diameters as they were measured."""
    if kept is None:
        return None
    parts = [(part.startswith("C"), part.removeprefix("C")) for part in kept.split("+")]
    return " + ".join(t("carbon.card.girth", value=size) if girth else f"{size} cm" for girth, size in parts)


def _curve_rows(curve: Mapping[str, Any], name: str) -> list[Row]:
    """That the height was not measured, what it rests on, and the value without it."""
    without, low_high = curve["without_curve"], _range(curve["d_range_cm"], "cm")
    height = t("carbon.card.curve_height_value", h=f"{curve['height_m']:.2f}", sd=f"{curve['sd_m']:.2f}")
    fitted = t("carbon.card.curve_fitted_value", n=curve["n"], species=name, range=low_high, day=curve["fitted_on"])
    if without["error"]:
        other = error_text(without["error"])
    else:
        low, high = f"{without['co2e_low_kg']:.1f}", f"{without['co2e_high_kg']:.1f}"
        kg = t("carbon.card.result", value=f"{without['co2e_kg']:.1f}", low=low, high=high)
        other = aside(kg, without["equation"])
    return [
        _row("curve_height", height),
        _row("formula", curve["formula"].replace("^2", "²"), formula=True),
        _row("coefficients", f"a = {given(curve['a'])}, b = {given(curve['b'])}"),
        _row("curve_fitted", fitted),
        _row("curve_error", t("carbon.card.curve_error_value", sd=f"{curve['height_error_m']:.2f}")),
        _row("curve_outside", t("carbon.card.curve_outside_value") if curve["extrapolated"] else None),
        _row("curve_without", other),
    ]


def _equation_rows(equation: Mapping[str, Any]) -> list[Row]:
    source = equation["reference"]
    where = [source[part] for part in ("authors", "title", "year") if source[part]]
    where += [f"doi {source['doi']}"] if source["doi"] else []
    where += [source["locator"]] if source["locator"] else []
    symbol = {"volume": "V", "bgb": "BGB"}.get(equation["output"], "AGB")
    coefficients = ", ".join(f"{name} = {value}" for name, value in equation["coefficients"].items())
    units = [t(f"carbon.card.unit.{name}") for name in equation["inputs"]]
    units.append(f"{symbol} {unit_text(equation['unit'])}")
    bias = f"carbon.log_bias.{equation['log_bias'].replace(', ', '_').replace(' ', '_')}"
    return [
        _row("equation_id", equation["id"]),
        _row("formula", f"{symbol} = {equation['formula']}", formula=True),
        _row("units", listed(units)),
        _row("coefficients", coefficients),
        _row("source", "; ".join(where)),
        _row("range", _range(equation["d_range_cm"], "cm") or t("carbon.card.range_unknown")),
        _row("height_range", _range(equation["h_range_m"], "m") if "H" in equation["inputs"] else None),
        _row("place", place_text(equation["place"])),
        _row("n", equation["n"]),
        _row("r2", equation["r2"]),
        _row("log_bias", t(bias) if has(bias) and equation["form"].startswith(("ln", "log")) else None),
        _row("status", t(f"carbon.status.{equation['status']}")),
    ]


def _other_equations(found: Explanation) -> list[dict[str, Any]]:
    """Those of a fork's stems that are not the first's: a thin stem may have another."""
    first = found.equation["id"] if found.equation is not None else ""
    known = {stem.equation["id"]: stem.equation for stem in found.stems if stem.equation is not None}
    return [equation for name, equation in known.items() if name != first]


def _reason(found: Explanation) -> Row:
    return _row("reason", reason_text(found.reason, found.reason_params))


def _factor_row(factor: Mapping[str, Any]) -> Row:
    key, source = f"carbon.quantity.{factor['quantity']}", factor["reference"]
    value = "44/12" if factor["value"].startswith("3.66666666") else factor["value"]
    words = [f"{value} {unit_text(factor['unit'])}".strip(), t(f"carbon.status.{factor['status']}"), source["title"]]
    return Row(t(key) if has(key) else factor["quantity"], listed(filter(None, words), apart=True))


def _step_rows(found: Explanation) -> tuple[StepRow, ...]:
    """The steps of every stem, then those of the whole tree."""
    stems = [
        replace(row, label=t("carbon.card.stem_step", n=n, label=row.label))
        for n, stem in enumerate(found.stems, start=1)
        for row in _own_steps(stem)
    ]
    return (*stems, *_own_steps(found))


def _own_steps(found: Explanation) -> tuple[StepRow, ...]:
    return tuple(
        StepRow(
            t(f"carbon.step.{step.name}"),
            step.symbol,
            "" if step.formula == step.symbol else step.formula,
            step.calculation,
            step.printed,
            unit_text(step.unit),
        )
        for step in found.steps
    )


def _modelled_row(modelled: Mapping[str, Any]) -> Row:
    if modelled["error"] or modelled["yearly_kg"] is None:
        return _row("modelled", error_text(modelled["error"]))
    text = t(
        "carbon.card.modelled_value",
        value=f"{modelled['yearly_kg']:.1f}",
        age=modelled["age_years"],
        before=year_ago(modelled),
        form=t(f"carbon.curve.{modelled['form']}"),
        source=_curve_source(modelled),
    )
    return _row("modelled", text)


def _change_rows(change: Mapping[str, Any]) -> list[Row]:
    """The change since the last visit; a word in each row that could be taken for a fact says that it is none."""
    dates = t(
        "carbon.card.change_dates_value", begins=change["from"], ends=change["to"], years=f"{change['years']:.2f}"
    )
    rows = [
        _row("change_dates", dates),
        _row("change_dbh", f"{given(change['dbh_from_cm'])} → {given(change['dbh_to_cm'])} cm"),
    ]
    if change["error"]:
        return [*rows, _row("change", error_text(change["error"]))]
    value, low, high = (f"{change[f'change_{name}_kg']:+.1f}" for name in ("co2e", "low", "high"))
    measured, shared = (f"{change[f'{name}_half_width_kg']:.1f}" for name in ("measurement", "equation"))
    rows += [
        _row("change", t("carbon.card.change_value", value=value, low=low, high=high)),
        _row("change_parts", t("carbon.card.change_parts_value", measured=measured, shared=shared)),
    ]
    shrunk = t("carbon.card.change_shrunk") if "dbh_shrunk" in change["findings"] else None
    return [*rows, _row("change_question", shrunk)]


def _curve_source(modelled: Mapping[str, Any]) -> str:
    """Where the growth curve comes from, in words; one that was decided here has no publication to name."""
    curve, status = modelled["curve"], modelled["status"]
    if status == "decision":
        return t("carbon.card.curve_decided", curve=curve)
    return f"{curve}; {t(f'carbon.status.{status}')}; {modelled['reference']}"


def _last_rows(found: Explanation, checksum: str) -> list[Row]:
    version = aside(found.sink.method_version, found.method["dated"])
    rules = [_row("rounding", rounding_rule())] if found.steps else []
    discount = [_row("discount", t("carbon.card.discount_rule"))] if found.steps else []
    rules += [_row("range_says", t("carbon.card.range_says_value"))] if found.steps else []
    return [
        *rules,
        *discount,
        _row("version", version),
        _row("method", found.method["sha256"]),
        _row("checksum", checksum),
    ]


def _with_unit(value: float | None, unit: str) -> str | None:
    return None if value is None else f"{given(value)} {unit_text(unit)}"


def _range(ends: Sequence[float | None], unit: str) -> str | None:
    if all(end is None for end in ends):
        return None
    low, high = ("…" if end is None else given(end) for end in ends)
    return f"{low} – {high} {unit}"
