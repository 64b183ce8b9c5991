"""Where a growing tree gets another equation, and how much of its sink that alone makes or takes.

Range comes before the size of a sample, so a species may change its equation on the way: an auditor sees here where.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import nextafter

from fieldapp.carbon.check import typical_height
from fieldapp.carbon.entries import Species
from fieldapp.carbon.estimate import RegistryEstimator
from fieldapp.carbon.stretches import Kind, Stretches
from fieldapp.domain.sinks import SinkInput

UP_TO_CM = 60.0  # thicker trees are none of the programme's


@dataclass(frozen=True, slots=True)
class ChoiceStep:
    """One change of equation at a diameter, with the sink's relative `change` there."""

    species: str
    has_height: bool
    d_cm: float
    before: str
    after: str
    change: float


def choice_steps(estimator: RegistryEstimator) -> list[ChoiceStep]:
    """All of them up to 60 cm, species by species; a step that a height does not alter stands once, without one."""
    found: list[ChoiceStep] = []
    for species in estimator.registry.species_list:
        if estimator.species(species.id)[1]:
            continue
        bare = _steps(estimator, species, has_height=False)
        known = {(step.d_cm, step.before, step.after) for step in bare}
        tall = _steps(estimator, species, has_height=True)
        found += bare + [step for step in tall if (step.d_cm, step.before, step.after) not in known]
    return found


def _steps(estimator: RegistryEstimator, species: Species, *, has_height: bool) -> list[ChoiceStep]:
    stretches = Stretches(estimator, Kind(species.id, None, has_density=False, has_height=has_height))
    found = []
    for d_cm in stretches.d_cuts:
        height = typical_height(d_cm) if has_height else None
        before = estimator.estimate(SinkInput(species.id, nextafter(d_cm, 0.0), height))
        after = estimator.estimate(SinkInput(species.id, d_cm, height))
        if d_cm > UP_TO_CM or not before.co2e_kg or after.co2e_kg is None or before.equation_id == after.equation_id:
            continue
        change = after.co2e_kg / before.co2e_kg - 1.0
        found.append(ChoiceStep(species.id, has_height, round(d_cm, 6), before.equation_id, after.equation_id, change))
    return found
