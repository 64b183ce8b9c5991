"""The card of one number as sections of words: window, paper and command line set the same card each in its way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from fieldapp.carbon.card_growth import change_rows, modelled_row
from fieldapp.carbon.card_inputs import curve_rows, input_rows, uses_height
from fieldapp.carbon.card_parts import Card, Row, StepRow, row, section, span
from fieldapp.carbon.explain import Explanation
from fieldapp.carbon.words import error_text, flag_text, place_text, reason_text, rounding_rule, unit_text
from fieldapp.i18n import aside, has, listed, t


def card_of(found: Explanation) -> Card:
    """The card of one tree."""
    card = found.as_dict()
    inputs, sink = found.inputs, found.sink
    name = f"{inputs['species_chinese']} {inputs['species_latin']}".strip() or str(inputs["species"])
    title = t("carbon.card.title", species=name)
    before = [section("inputs", input_rows(inputs, name, uses_height=uses_height(found)))]
    if found.height_curve is not None:
        before.append(section("height_curve", curve_rows(found.height_curve, name)))
    if sink.error or sink.co2e_kg is None:
        headline = error_text(sink.error)
    else:
        low, high = f"{sink.co2e_low_kg:.1f}", f"{sink.co2e_high_kg:.1f}"
        headline = t("carbon.card.result", value=f"{sink.co2e_kg:.1f}", low=low, high=high)
    if inputs.get("state"):
        headline = t("carbon.card.not_counted", state=_state_text(str(inputs["state"])), figure=headline)
    if found.equation is not None:
        before.append(section("equation", [*_equation_rows(found.equation), _reason(found)]))
        before += [section("equation", _equation_rows(other)) for other in _other_equations(found)]
        if found.equation["roots"] is not None and found.steps:
            before.append(section("roots", _equation_rows(found.equation["roots"])))
    if found.factors:
        before.append(section("factors", [_factor_row(factor) for factor in found.factors]))
    marks = [t("carbon.card.provisional"), *(flag_text(flag) for flag in sink.flags)]
    after = [section("modelled", [modelled_row(found.modelled)])] if found.modelled is not None else []
    after += [section("change", change_rows(found.change))] if found.change is not None else []
    checksum = str(card["checksum"])
    after.append(section("keeping", _last_rows(found, checksum)))
    steps = _step_rows(found)
    return Card(title, headline, " · ".join(marks), tuple(before), steps, tuple(after), sink.method_version, checksum)


def _state_text(state: str) -> str:
    key = f"choice.tree.state.{state}"
    return t(key) if has(key) else state  # a newer version may know others


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
    corrected = listed([t(bias), f"{equation['log_bias_factor']:g}"]) if equation["log_bias_factor"] else t(bias)
    return [
        row("equation_id", equation["id"]),
        row("formula", f"{symbol} = {equation['formula']}", formula=True),
        row("units", listed(units)),
        row("coefficients", coefficients),
        row("source", "; ".join(where)),
        row("range", span(equation["d_range_cm"], "cm") or t("carbon.card.range_unknown")),
        row("height_range", span(equation["h_range_m"], "m") if "H" in equation["inputs"] else None),
        row("place", place_text(equation["place"])),
        row("n", equation["n"]),
        row("r2", equation["r2"]),
        row("log_bias", corrected if has(bias) and equation["form"].startswith(("ln", "log")) else None),
        row("status", t(f"carbon.status.{equation['status']}")),
    ]


def _other_equations(found: Explanation) -> list[dict[str, Any]]:
    """Those of a fork's stems that are not the first's: a thin stem may have another."""
    first = found.equation["id"] if found.equation is not None else ""
    known = {stem.equation["id"]: stem.equation for stem in found.stems if stem.equation is not None}
    return [equation for name, equation in known.items() if name != first]


def _reason(found: Explanation) -> Row:
    return row("reason", reason_text(found.reason, found.reason_params))


def _factor_row(factor: Mapping[str, Any]) -> Row:
    key, source = f"carbon.quantity.{factor['quantity']}", factor["reference"]
    value = "44/12" if factor["value"].startswith("3.66666666") else factor["value"]
    # a decision of ours has no paper: the page that gives its reasons
    where = (
        [source["locator"]]
        if factor["status"] == "decision"
        else [source["title"], source["doi"] and f"doi {source['doi']}"]
    )
    words = [f"{value} {unit_text(factor['unit'])}".strip(), t(f"carbon.status.{factor['status']}"), *where]
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


def _last_rows(found: Explanation, checksum: str) -> list[Row]:
    version = aside(found.sink.method_version, found.method["dated"])
    rules = [row("rounding", rounding_rule())] if found.steps else []
    discount = [row("discount", t("carbon.card.discount_rule"))] if found.steps else []
    rules += [row("range_says", t("carbon.card.range_says_value"))] if found.steps else []
    return [
        *rules,
        *discount,
        row("version", version),
        row("method", found.method["sha256"]),
        row("checksum", checksum),
    ]
