"""A modelled yearly value, always marked 预估: nobody measured it.

It is what the tree's last year brought if its diameter followed the curve of the methodology; a tree that forks is
modelled stem by stem, as its stock is computed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import fsum
from typing import Any

from fieldapp.carbon.estimate import RegistryEstimator, columns_of_one
from fieldapp.carbon.forms import short
from fieldapp.carbon.limits import refused_age
from fieldapp.carbon.rounding import DECIMALS
from fieldapp.domain.sinks import SinkInput
from fieldapp.domain.stems import stem_diameters


@dataclass(frozen=True, slots=True)
class Modelled:
    """A yearly value that nobody measured; always shown with the mark 预估. `before` is the tree a year ago."""

    yearly_kg: float | None
    curve: str
    error: str = ""
    flags: tuple[str, ...] = ("modelled",)
    before: SinkInput | None = None
    co2e_before_kg: float = 0.0
    stems: tuple[Modelled, ...] = ()  # of a tree that forks: its stems' years, which are added up


def modelled_yearly(estimator: RegistryEstimator, tree: SinkInput, age_years: float | None) -> Modelled:
    """What the tree's last year brought if its diameter grew evenly over its age (`proportional` curve of the pack)."""
    if len(diameters := stem_diameters(tree.stems)) > 1:
        return modelled_stems(estimator, tree, diameters, age_years)
    if age_years is None:
        return Modelled(None, "", "carbon_age_missing")
    if error := refused_age(age_years):
        return Modelled(None, "", error)
    if age_years < 1:
        return Modelled(None, "", "carbon_age_too_young")
    curve = estimator.registry.curve_for(tree.species)
    now = estimator.estimate(tree)
    if now.error or now.co2e_kg is None or tree.dbh_cm is None:
        return Modelled(None, "", now.error)
    if curve is None:
        return Modelled(None, "", "carbon_no_curve")
    before_d = curve.diameter_before(tree.dbh_cm, age_years)
    plan = estimator.plan(tree)
    tall = estimator.with_height(tree)[0].height_m
    height = None if tall is None else 1.3 + (tall - 1.3) * before_d / tree.dbh_cm
    if plan.route is None or before_d <= 0:
        return Modelled(now.co2e_kg, curve.id)
    # the same route at both ends: a change of equation on the way would look like growth
    earlier = SinkInput(tree.species, before_d, height, tree.wood_density, plan.route.equation.id)
    stock = columns_of_one(plan.route, earlier).co2e[0]
    return Modelled(now.co2e_kg - stock, curve.id, before=earlier, co2e_before_kg=stock)


def modelled_stems(
    estimator: RegistryEstimator, tree: SinkInput, diameters_cm: Sequence[float], age_years: float | None
) -> Modelled:
    """The year of a tree that forks: each stem grows as a tree of its own, and the stems are added up."""
    stems = [modelled_yearly(estimator, replace(tree, dbh_cm=d, stems=None), age_years) for d in diameters_cm]
    if (refused := next((stem for stem in stems if stem.yearly_kg is None), None)) is not None:
        return refused
    return Modelled(
        fsum([stem.yearly_kg or 0.0 for stem in stems]),
        stems[0].curve,
        co2e_before_kg=fsum([stem.co2e_before_kg for stem in stems]),
        stems=tuple(stems),
    )


def age_of(provenance: Mapping[str, Any]) -> int | None:
    """A tree's age in years when it was measured, from its `planting_year` and `measured_on`; None while unknown."""
    planted, measured_on = provenance.get("planting_year"), str(provenance.get("measured_on") or "")
    return int(measured_on[:4]) - planted if planted is not None and measured_on[:4].isdigit() else None


def as_dict(estimator: RegistryEstimator, tree: SinkInput, provenance: Mapping[str, Any]) -> dict[str, Any] | None:
    """The modelled yearly value with its curve and source, as the card has it; None when no planting year is known."""
    if provenance.get("planting_year") is None:
        return None
    age = age_of(provenance)
    found = modelled_yearly(estimator, tree, age)
    card = {
        "yearly_kg": None if found.yearly_kg is None else round(found.yearly_kg, DECIMALS),
        "age_years": age,
        "flags": list(found.flags),
        "error": "carbon_day_missing" if age is None else found.error,  # the planting year is known
    }
    curve = estimator.registry.curve_for(tree.species)
    if curve is None or found.error or age is None or tree.dbh_cm is None:
        return card
    source = estimator.registry.references.get(curve.reference)
    diameters = stem_diameters(tree.stems) if found.stems else (tree.dbh_cm,)
    ago = [
        _year_ago(stem, curve.diameter_before(d, age))
        for stem, d in zip(found.stems or (found,), diameters, strict=True)
    ]
    return card | {
        **({"co2e_before_kg": round(found.co2e_before_kg, DECIMALS), "stems": ago} if found.stems else ago[0]),
        "curve": curve.id,
        "form": curve.form,
        "coefficients": {name: short(value) for name, value in curve.coefficients.items()},
        "status": curve.status.value,
        "reference": source.title if source else "",
        "note": curve.note,
    }


def _year_ago(found: Modelled, dbh_before_cm: float) -> dict[str, Any]:
    """One stem a year ago, with what the equation of today gives for it."""
    height = found.before.height_m if found.before else None
    return {
        "co2e_before_kg": round(found.co2e_before_kg, DECIMALS),
        "height_before_m": None if height is None else round(height, DECIMALS),
        "dbh_before_cm": round(dbh_before_cm, DECIMALS),
    }
