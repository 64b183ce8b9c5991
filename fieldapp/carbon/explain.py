"""Explains one number: inputs, equation, coefficients, source, range, each step with its unit, version and a checksum.

The same card serves window, paper and `fieldapp explain --json`; a second implementation that follows the
steps arrives at the same digits. The checksum is SHA-256 over the canonical JSON of everything but sentences.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Any

from fieldapp.carbon.entries import Equation
from fieldapp.carbon.estimate import Plan, RegistryEstimator, columns_of_one
from fieldapp.carbon.forms import short, written
from fieldapp.carbon.limits import FIELDS
from fieldapp.carbon.registry import Registry
from fieldapp.carbon.routes import Route, Values
from fieldapp.domain.sinks import Sink, SinkInput

DECIMALS = 10
SENTENCES = ("checksum", "reason")


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the calculation."""

    name: str
    formula: str
    value: float
    unit: str

    def as_dict(self) -> dict[str, Any]:
        """As in the JSON of `fieldapp explain`."""
        return {"name": self.name, "formula": self.formula, "value": rounded(self.value), "unit": self.unit}


@dataclass(frozen=True, slots=True)
class Explanation:
    """A tree's number with everything that led to it; `reason` is a catalogue key with parameters."""

    inputs: dict[str, Any]
    equation: dict[str, Any] | None
    steps: tuple[Step, ...]
    sink: Sink
    reason: str
    reason_params: dict[str, Any]
    method: dict[str, str]

    def as_dict(self, reason: str = "") -> dict[str, Any]:
        """The JSON of `fieldapp explain`; `reason` is the sentence in the language of the reader."""
        sink = self.sink
        card = {
            "inputs": self.inputs,
            "equation": self.equation,
            "steps": [step.as_dict() for step in self.steps],
            "agb_kg": rounded(sink.agb_kg),
            "bgb_kg": rounded(sink.bgb_kg),
            "carbon_kg": rounded(sink.carbon_kg),
            "co2e_kg": rounded(sink.co2e_kg),
            "co2e_low_kg": rounded(sink.co2e_low_kg),
            "co2e_high_kg": rounded(sink.co2e_high_kg),
            "status": sink.status,
            "flags": list(sink.flags),
            "rounding": {"decimals": DECIMALS, "rule": "half to even; steps use unrounded values"},
            "discount": {"applied": False, "rule": "AR-TOOL14 Appendix 2, in reports only"},
            "method_version": sink.method_version,
            "method": self.method,
            "error": sink.error,
            "error_field": FIELDS.get(sink.error, ""),
        }
        return card | {"reason": reason, "checksum": checksum(card)}


def checksum(card: Mapping[str, Any]) -> str:
    """SHA-256 over the card as JSON with sorted keys, without spaces, in UTF-8; sentences are left out."""
    plain = {key: value for key, value in card.items() if key not in SENTENCES}
    text = json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


def rounded(value: float | None) -> float | None:
    """A number as it is printed."""
    return None if value is None else round(value, DECIMALS)


def explain(estimator: RegistryEstimator, tree: SinkInput, provenance: Mapping[str, str] | None = None) -> Explanation:
    """The card of one tree; `provenance` says who measured it, when, with what tool (as far as it is known)."""
    registry = estimator.registry
    plan = estimator.plan(tree)
    sink = estimator.estimate(tree)
    species = registry.species(tree.species) if tree.species else None
    inputs: dict[str, Any] = {
        "species": species.id if species else tree.species,
        "species_chinese": species.chinese if species else "",
        "species_latin": species.latin if species else "",
        "dbh_cm": _finite(tree.dbh_cm),
        "height_m": _finite(tree.height_m),
        "wood_density": _finite(tree.wood_density),
        "equation": tree.equation_id,
    } | dict(provenance or {})
    equation = None if plan.choice is None else described(registry, plan.choice.equation, plan.route, tree.dbh_cm)
    choice = plan.choice
    method = {"version": registry.version, "dated": registry.about.get("dated", ""), "sha256": registry.checksum}
    reason, params = (choice.reason, choice.params) if choice else ("", {})
    return Explanation(inputs, equation, _steps(plan, tree, sink), sink, reason, params, method)


def _finite(value: float | None) -> float | None:
    """JSON knows no infinity: what is not a number was refused already."""
    return value if value is not None and isfinite(value) else None


def described(
    registry: Registry, equation: Equation, route: Route | None = None, d_cm: float | None = None
) -> dict[str, Any]:
    """An equation with its source, as a card shows it."""
    source = registry.references.get(equation.reference)
    roots = None if route is None or route.roots is None else described(registry, route.roots, None, d_cm)
    return {
        "id": equation.id,
        "allodb_id": equation.allodb_id or None,
        "taxon": equation.taxon,
        "level": equation.level,
        "output": equation.output,
        "form": equation.form,
        "formula": written(equation.form, equation.coefficients, d_cm),
        "coefficients": {name: short(value) for name, value in equation.coefficients.items()},
        "inputs": list(equation.inputs),
        "unit": equation.output_unit,
        "d_range_cm": [equation.d_min_cm, equation.d_max_cm],
        "h_range_m": [equation.h_min_m, equation.h_max_m],
        "n": equation.n,
        "r2": equation.r2,
        "log_bias": equation.log_bias,
        "place": equation.place,
        "status": equation.status.value,
        "reference": {
            "id": equation.reference,
            "title": source.title if source else "",
            "authors": source.authors if source else "",
            "year": source.year if source else "",
            "doi": source.doi if source else "",
            "locator": equation.locator,
        },
        "roots": roots,
        "note": equation.note,
    }


def _steps(plan: Plan, tree: SinkInput, sink: Sink) -> tuple[Step, ...]:
    route = plan.route
    if route is None or tree.dbh_cm is None or sink.error:
        return ()
    values = columns_of_one(route, tree)
    return (*_above_steps(route, tree, values), *_carbon_steps(route, tree, values), *_range_steps(values))


def _above_steps(route: Route, tree: SinkInput, values: Values) -> list[Step]:
    equation = route.equation
    assert tree.dbh_cm is not None
    formula = written(equation.form, equation.coefficients, tree.dbh_cm)
    steps = []
    if equation.needs_density and route.density is not None:
        steps.append(Step("wood_density", "ρ", route.density, "g/cm3"))
    if equation.output == "volume":
        heights = [tree.height_m] if tree.height_m is not None else []
        volume = equation.model.column([tree.dbh_cm], heights, [])[0]
        steps.append(Step("volume", formula, volume, "m3"))
        wd, bef = route.factor("wood_density"), route.factor("biomass_expansion_factor")
        formula = f"V × WD {wd:g} × BEF {bef:g} × 1000"
    elif equation.to_kg != 1.0:
        formula = f"({formula}) × {equation.to_kg:g}"
    return [*steps, Step("agb", formula, values.agb[0], "kg")]


def _carbon_steps(route: Route, tree: SinkInput, values: Values) -> list[Step]:
    if route.roots is not None:
        below = written(route.roots.form, route.roots.coefficients, tree.dbh_cm)
    else:
        below = f"AGB × R {route.factor('root_shoot_ratio'):g}"
    above_fraction, below_fraction = route.factor("carbon_fraction_above"), route.factor("carbon_fraction_below")
    return [
        Step("bgb", below, values.bgb[0], "kg"),
        Step("carbon_above", f"AGB × CF {above_fraction:g}", values.agb[0] * above_fraction, "kg"),
        Step("carbon_below", f"BGB × CF {below_fraction:g}", values.bgb[0] * below_fraction, "kg"),
        Step("carbon", "C above + C below", values.carbon[0], "kg"),
        Step("co2e", "C × 44/12", values.co2e[0], "kg"),
    ]


def _range_steps(values: Values) -> list[Step]:
    sink = values.co2e[0]
    half = (values.high[0] - sink) / sink if sink else 0.0
    return [
        Step("half_width", "90 %: measurement, density, equation", half, "1"),
        Step("co2e_low", "CO2 × (1 − U)", values.low[0], "kg"),
        Step("co2e_high", "CO2 × (1 + U)", values.high[0], "kg"),
    ]
