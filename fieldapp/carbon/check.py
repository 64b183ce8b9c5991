"""`fieldapp methodology check`: what an auditor would try first on a registry, and what it answers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from fieldapp.carbon.entries import Equation, WorkedValue
from fieldapp.carbon.estimate import AGB_OUTPUTS, RegistryEstimator
from fieldapp.carbon.forms import FORMS
from fieldapp.carbon.models import TwoBranches
from fieldapp.carbon.registry import ANY, Registry
from fieldapp.domain.sinks import SinkInput

UNITS = {"agb": ("kg", "g"), "volume": ("m3",)}
MASS_UNITS = ("kg", "g")
USES = ("choice", "named", "partner", "part", "volume")
LEVELS = ("species", "genus", "group", "general")
CURVE_FORMS = ("proportional", "power", "increment")
INPUTS = ("D", "H", "rho")
BAND_LOW, BAND_HIGH = 0.05, 1.2  # kg per cm2 of D squared
BAND_D_CM = (5.0, 30.0)
BRANCH_TOLERANCE = 0.02  # printed coefficients leave branches apart by their rounding
STEPS = 60
# where no range is published, the programme's trees and somewhat beyond
USUAL_D_CM = (5.0, 30.0)
TYPICAL_DENSITY = 0.5


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong in a registry; `code` is the catalogue key `carbon.check.<code>`."""

    code: str
    where: str
    params: dict[str, Any] = field(default_factory=dict)


def check(registry: Registry) -> list[Problem]:
    """Every problem of the registry; an empty list is what may be shipped."""
    problems: list[Problem] = []
    for part in (_references, _names, _equations, _worked_values, _numbers):
        problems += part(registry)
    return problems


def _references(registry: Registry) -> Iterator[Problem]:
    """Every number names a source that exists; every partner and taxon does too."""
    known_taxa = {s.id for s in registry.species_list} | {g for s in registry.species_list for g in s.groups} | {ANY}
    for equation in registry.equations.values():
        if equation.reference not in registry.references:
            yield Problem("reference", equation.id, {"name": equation.reference})
        if equation.partner and equation.partner not in registry.equations:
            yield Problem("partner", equation.id, {"name": equation.partner})
        if equation.taxon not in known_taxa:
            yield Problem("taxon", equation.id, {"name": equation.taxon})
    for factor in registry.factors:
        where = f"{factor.set}/{factor.quantity}/{factor.taxon}"
        if factor.reference not in registry.references:
            yield Problem("reference", where, {"name": factor.reference})
        if factor.taxon not in known_taxa:
            yield Problem("taxon", where, {"name": factor.taxon})
    for curve in registry.curves.values():
        if curve.form not in CURVE_FORMS:
            yield Problem("curve", curve.id, {"name": curve.form})
        if curve.reference not in registry.references:
            yield Problem("reference", curve.id, {"name": curve.reference})
        if curve.taxon not in known_taxa:
            yield Problem("taxon", curve.id, {"name": curve.taxon})
    for density in registry.densities.values():
        if density.reference not in registry.references:
            yield Problem("reference", density.species, {"name": density.reference})
        if registry.species(density.species) is None:
            yield Problem("taxon", density.species, {"name": density.species})


def _names(registry: Registry) -> Iterator[Problem]:
    """No name means two species."""
    owner: dict[str, str] = {}
    for species in registry.species_list:
        for name in species.names:
            first = owner.setdefault(name.casefold(), species.id)
            if first != species.id:
                yield Problem("name_twice", species.id, {"name": name, "other": first})


def _equations(registry: Registry) -> Iterator[Problem]:
    for equation in registry.equations.values():
        if (odd := _unknown_words(equation)) is not None:
            yield Problem("word", equation.id, {"word": odd})
            continue
        yield from _shape(equation)


def _unknown_words(equation: Equation) -> str | None:
    """A unit, form, use or input that this program does not know."""
    units = UNITS.get(equation.output, MASS_UNITS)
    allowed = (
        (equation.d_unit, ("cm",)),
        (equation.output_unit, units),
        (equation.use, USES),
        (equation.level, LEVELS),
        (equation.form, tuple(FORMS)),
        *((word, INPUTS) for word in equation.inputs),
    )
    return next((word for word, known in allowed if word not in known), None)


def _shape(equation: Equation) -> Iterator[Problem]:
    """Grows with D over its range, stays in the sanity band, and its branches meet."""
    low = equation.d_min_cm if equation.d_min_cm is not None else USUAL_D_CM[0]
    high = equation.d_max_cm if equation.d_max_cm is not None else USUAL_D_CM[1]
    d = [low + (high - low) * step / STEPS for step in range(STEPS + 1)]
    values = values_along(equation, d)
    if any(later <= earlier for earlier, later in pairwise(values)):
        yield Problem("not_monotone", equation.id, {"low": low, "high": high})
    if equation.output == "agb":
        inside = [(x, v) for x, v in zip(d, values, strict=True) if BAND_D_CM[0] <= x <= BAND_D_CM[1]]
        bad = next(((x, v) for x, v in inside if not BAND_LOW * x * x <= v <= BAND_HIGH * x * x), None)
        if bad is not None:
            yield Problem("band", equation.id, {"d": round(bad[0], 2), "value": round(bad[1], 3)})
    if isinstance(equation.model, TwoBranches):
        split = equation.model.split
        below, above = (
            branch.column([split], [typical_height(split)], [])
            for branch in (equation.model.below, equation.model.above)
        )
        if abs(below[0] - above[0]) > BRANCH_TOLERANCE * above[0]:
            yield Problem("branches", equation.id, {"d": split, "below": below[0], "above": above[0]})


def values_along(equation: Equation, d: list[float]) -> list[float]:
    """The equation over diameters, with a typical height and density where it wants them, in kg or m3."""
    h = [typical_height(one) for one in d] if equation.needs_height else []
    rho = [TYPICAL_DENSITY] * len(d) if equation.needs_density else []
    return [value * equation.to_kg for value in equation.model.column(d, h, rho)]


def typical_height(d_cm: float) -> float:
    """A height that goes with a diameter in young plantations; only for checks and pictures."""
    return 1.3 + d_cm * d_cm / (1.3 + 0.19 * d_cm) ** 2


def _worked_values(registry: Registry) -> Iterator[Problem]:
    """Every equation has a worked value, and all of them hold."""
    estimator = RegistryEstimator(registry, allow_memory=True)
    with_value = set()
    for worked in registry.worked:
        with_value.add(worked.equation)
        found = value_of(estimator, worked)
        if found is None or abs(found - worked.value) > worked.tolerance:
            yield Problem("worked", worked.equation, {"expected": worked.value, "found": found, "d": worked.d_cm})
    for missing in registry.equations.keys() - with_value:
        yield Problem("no_worked_value", missing)


def value_of(estimator: RegistryEstimator, worked: WorkedValue) -> float | None:
    """What this program computes for a worked value; None when it cannot."""
    equation = estimator.registry.equations.get(worked.equation)
    if equation is None:
        return None
    if worked.quantity == equation.output:
        h = [worked.h_m] if worked.h_m is not None else []
        rho = [worked.wood_density] if worked.wood_density is not None else []
        return equation.model.column([worked.d_cm], h, rho)[0] * equation.to_kg
    if equation.output not in AGB_OUTPUTS or worked.quantity not in ("bgb", "carbon", "co2e"):
        return None
    tree = SinkInput(equation.taxon, worked.d_cm, worked.h_m, worked.wood_density, equation.id)
    sink = estimator.estimate(tree)
    return {"bgb": sink.bgb_kg, "carbon": sink.carbon_kg, "co2e": sink.co2e_kg}[worked.quantity]


def _numbers(registry: Registry) -> Iterator[Problem]:
    """Densities and factors that could not be."""
    for density in registry.densities.values():
        if not 0.1 <= density.density_g_cm3 <= 1.3 or not 0 < density.sd_g_cm3 < density.density_g_cm3:
            yield Problem("density", density.species, {"value": density.density_g_cm3})
    for factor in registry.factors:
        if factor.value <= 0:
            yield Problem("factor", f"{factor.set}/{factor.quantity}/{factor.taxon}", {"value": float(factor.value)})
    for set_name, quantity in REQUIRED:
        if registry.factor(set_name, quantity) is None:
            yield Problem("missing", quantity, {"set": set_name})


REQUIRED = (
    ("default", "root_shoot_ratio"),
    ("default", "carbon_fraction_above"),
    ("default", "carbon_fraction_below"),
    ("default", "co2_per_carbon"),
    *(
        ("uncertainty", quantity)
        for quantity in (
            "dbh_sd_cm",
            "height_sd_m",
            "z_90",
            "residual_sd",
            "residual_sd_general",
            "bias_half_width_large",
            "bias_half_width",
            "bias_half_width_small",
            "bias_extrapolated",
            "root_ratio_sd",
            "density_sd_default",
        )
    ),
)
