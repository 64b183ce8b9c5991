"""Puts a choice and a card into words: sentences from the catalogue, for window, paper and command line alike."""

from __future__ import annotations

from typing import Any

from fieldapp.carbon.compare import Comparison
from fieldapp.carbon.explain import Explanation, rounded
from fieldapp.i18n import has, t


def reason_text(key: str, params: dict[str, Any]) -> str:
    """Why an equation was taken, such as "species equation, Guangxi, n = 36, D in range"."""
    if not key:
        return ""
    parts = [t(params["level"]), params["place"]]
    if params["n"] is not None:
        parts.append(t("carbon.reason.n", count=params["n"]))
    parts.append(t(params["range"], low=_number(params["low"]), high=_number(params["high"]), d=_number(params["d"])))
    parts.append(t(params["status"]))
    return t(key, parts=t("carbon.reason.comma").join(parts))


def flag_text(code: str) -> str:
    """A mark such as `extrapolated` in words."""
    return t(f"carbon.flag.{code}")


def error_text(code: str) -> str:
    """Why there is no result."""
    return t(f"finding.{code}") if has(f"finding.{code}") else code


def card_lines(explanation: Explanation) -> list[str]:
    """The explanation as lines of text for a screen or a sheet of paper."""
    card = explanation.as_dict()
    inputs, sink = card["inputs"], explanation.sink
    name = f"{inputs['species_chinese']} {inputs['species_latin']}".strip() or str(inputs["species"])
    lines = [t("carbon.card.title", species=name), t("carbon.card.provisional")]
    measured = t("carbon.card.dbh", value=_number(inputs["dbh_cm"]))
    if inputs["height_m"] is not None:
        measured += "  " + t("carbon.card.height", value=_number(inputs["height_m"]))
    lines.append(measured)
    if inputs.get("measured_by") or inputs.get("measured_on"):
        who = {"by": inputs.get("measured_by", ""), "on": inputs.get("measured_on", "")}
        lines.append(t("carbon.card.measured", **who).strip())
    if sink.error:
        return [*lines, error_text(sink.error)]
    equation = card["equation"]
    lines += [t("carbon.card.equation", id=equation["id"], formula=equation["formula"]), *_source_lines(equation)]
    lines.append(t("carbon.card.reason", reason=reason_text(explanation.reason, explanation.reason_params)))
    for step in explanation.steps:
        value = _number(step.value) if step.unit in ("g/cm3", "m3") else f"{step.value:.3f}"
        unit = "" if step.unit == "1" else f" {step.unit}"
        lines.append(f"  {t(f'carbon.step.{step.name}')}: {step.formula} = {value}{unit}")
    low, high = f"{sink.co2e_low_kg:.1f}", f"{sink.co2e_high_kg:.1f}"
    lines.append(t("carbon.card.result", value=f"{sink.co2e_kg:.1f}", low=low, high=high))
    if sink.flags:
        lines.append(t("carbon.card.flags", flags=t("carbon.reason.comma").join(map(flag_text, sink.flags))))
    return [*lines, t("carbon.card.version", version=sink.method_version, checksum=card["checksum"])]


def _source_lines(equation: dict[str, Any]) -> list[str]:
    source = equation["reference"]
    low, high = equation["d_range_cm"]
    span = t("carbon.card.range_unknown") if low is None and high is None else f"{_number(low)}–{_number(high)} cm"
    where = ", ".join(str(part) for part in (source["authors"], source["year"], source["doi"]) if part)
    return [
        t("carbon.card.source", title=source["title"], where=where, locator=source["locator"]),
        t("carbon.card.range", range=span, place=equation["place"], n=equation["n"] if equation["n"] else "–"),
    ]


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.6g}"


def comparison_lines(comparison: Comparison) -> list[str]:
    """All equations for one tree as a table of text, the chosen one marked, with the spread below."""
    tree = comparison.tree
    if comparison.error or comparison.spread is None:
        error = error_text(comparison.error or "carbon_no_equation")
        return [t("carbon.compare.refused", species=tree.species, error=error)]
    height = "–" if tree.height_m is None else f"{_number(tree.height_m)} m"
    lines = [
        t("carbon.compare.title", species=tree.species, d=_number(tree.dbh_cm), h=height, n=len(comparison.lines)),
        f"  {'':2}{'':44}{'AGB kg':>10}{'CO2e kg':>10}{'-90 %':>10}{'+90 %':>10}",
    ]
    for line in comparison.lines:
        sink = line.sink
        numbers = (sink.agb_kg, sink.co2e_kg, sink.co2e_low_kg, sink.co2e_high_kg)
        cells = "".join(f"{number or 0.0:10.2f}" for number in numbers)
        marks = [line.equation.place, t(f"carbon.status.{sink.status}"), *map(flag_text, sink.flags)]
        mark = "* " if line.chosen else "  "
        lines.append(f"  {mark}{sink.equation_id:44}{cells}  {t('carbon.reason.comma').join(marks)}")
    low, high = comparison.spread
    ratio = f"{high / low:.2f}" if low else "–"
    return [*lines, "  " + t("carbon.compare.spread", low=f"{low:.2f}", high=f"{high:.2f}", ratio=ratio)]


def comparison_dict(comparison: Comparison) -> dict[str, Any]:
    """The same as the JSON of `fieldapp estimate --compare`."""
    tree, spread = comparison.tree, comparison.spread
    return {
        "species": tree.species,
        "dbh_cm": tree.dbh_cm,
        "height_m": tree.height_m,
        "wood_density": tree.wood_density,
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
            for line in comparison.lines
        ],
        "spread": None
        if spread is None
        else {"low_kg": rounded(spread[0]), "high_kg": rounded(spread[1]), "ratio": rounded(spread[1] / spread[0])},
        "error": error_text(comparison.error) if comparison.error else "",
    }
