"""Worked values: what somebody else computed, held against what this program computes."""

from __future__ import annotations

from collections.abc import Iterator

from fieldapp.carbon.check_rows import DERIVED, EQUATIONS, FACTORS, WORKED, Problem
from fieldapp.carbon.entries import WorkedValue
from fieldapp.carbon.estimate import AGB_OUTPUTS, RegistryEstimator
from fieldapp.carbon.registry import Registry
from fieldapp.domain.sinks import SinkInput


def worked_problems(registry: Registry, problems: list[Problem]) -> Iterator[Problem]:
    """Every equation has a worked value, and all of them hold; rows told of already are not computed."""
    estimator = RegistryEstimator(registry, allow_memory=True)
    told = {one.where for one in problems if one.file in (EQUATIONS, WORKED)}
    factors_whole = not any(one.file == FACTORS for one in problems)
    for worked in registry.worked:
        equation = registry.equations.get(worked.equation)
        if equation is None or worked.equation in told or equation.partner in told:
            continue
        if worked.quantity != equation.output and not factors_whole:
            continue
        found = value_of(estimator, worked)
        if found is None or not abs(found - worked.value) <= worked.tolerance:
            expected = {"expected": worked.value, "found": found, "d": worked.d_cm}
            yield Problem("worked", WORKED, worked.equation, "value", expected)
    for missing in sorted(registry.equations.keys() - {worked.equation for worked in registry.worked}):
        yield Problem("no_worked_value", EQUATIONS, missing, "id")


def value_of(estimator: RegistryEstimator, worked: WorkedValue) -> float | None:
    """What this program computes for a worked value; None when it cannot."""
    equation = estimator.registry.equations.get(worked.equation)
    if equation is None:
        return None
    if worked.quantity == equation.output:
        h = [worked.h_m] if worked.h_m is not None else []
        rho = [worked.wood_density] if worked.wood_density is not None else []
        return equation.model.column([worked.d_cm], h, rho)[0] * equation.to_kg
    if equation.output not in AGB_OUTPUTS or worked.quantity not in DERIVED:
        return None
    tree = SinkInput(equation.taxon, worked.d_cm, worked.h_m, worked.wood_density, equation.id)
    sink = estimator.estimate(tree)
    found: float | None = getattr(sink, f"{worked.quantity}_kg")
    return found
