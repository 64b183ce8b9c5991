"""The sink over time between two measurements.

One tree's measured yearly gain is mostly measurement error (about 71 % at 90 % for 1 cm of growth): it is
computed for sums only; a single tree gets a modelled value (`modelled.py`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import fsum, isfinite, sqrt

from fieldapp.carbon.estimate import RegistryEstimator, columns_of_one
from fieldapp.carbon.routes import Route
from fieldapp.carbon.shared_errors import correlated_sds
from fieldapp.domain.sinks import SinkInput
from fieldapp.errors import Finding, Severity

DAYS_PER_YEAR = 365.25
SHRINKAGE_CM = 0.3  # a thinner tree than this is a question, not a negative sink
MIN_TREES = 2  # that were measured twice: never one tree's gain as a fact
SPECIES_CHANGED = "carbon_species_changed"


@dataclass(frozen=True, slots=True)
class Remeasured:
    """A tree at two dates. `first` is None for one planted in between, `second` for one that died or was felled."""

    first: SinkInput | None
    second: SinkInput | None


@dataclass(frozen=True, slots=True)
class Change:
    """Change of stock of many trees, kg CO2e; `yearly_kg` is None for fewer than two trees measured twice."""

    years: float
    trees: int
    lost: int
    planted: int
    change_kg: float
    random_half_width_kg: float
    correlated_half_width_kg: float
    findings: tuple[Finding, ...]
    refused: tuple[str, ...]

    @property
    def yearly_kg(self) -> float | None:
        """Change per year, for sums only: beside one survivor, a lost or planted tree would give its gain away."""
        return self.change_kg / self.years if self.trees >= MIN_TREES else None

    @property
    def half_width_kg(self) -> float:
        """Both parts of the uncertainty of the change together, at 90 %."""
        return sqrt(self.random_half_width_kg**2 + self.correlated_half_width_kg**2)


def years_between(first: dt.date, second: dt.date) -> float:
    """Years with their fraction; negative when the dates are the wrong way round."""
    return (second - first).days / DAYS_PER_YEAR


def stock_change(estimator: RegistryEstimator, trees: Sequence[Remeasured], years: float) -> Change:
    """(C2 - C1) over all trees (AR-TOOL14 equations 1 and 11); ValueError when no time has passed."""
    if not isfinite(years) or years <= 0:
        raise ValueError(years)
    z = estimator.registry.number("uncertainty", "z_90")
    refused: list[str] = []
    computed: list[tuple[Remeasured, End, End]] = []
    for tree in trees:
        first, second = _ends(estimator, tree)
        if error := first[3] or second[3]:
            refused.append(error)
        else:
            computed.append((tree, first, second))
    shared: dict[str, float] = {}
    for _tree, first, second in computed:
        for source, sd in _shared(first[0], second[0]).items():
            shared[source] = shared.get(source, 0.0) + sd * (second[1] - first[1])
    return Change(
        years=years,
        trees=sum(tree.first is not None and tree.second is not None for tree, *_ in computed),
        lost=sum(tree.second is None for tree, *_ in computed),
        planted=sum(tree.first is None for tree, *_ in computed),
        change_kg=fsum([second[1] - first[1] for _tree, first, second in computed]),
        random_half_width_kg=z * sqrt(fsum([_random_variance(first, second) for _tree, first, second in computed])),
        correlated_half_width_kg=z * sqrt(fsum([sd * sd for sd in shared.values()])),
        findings=tuple(finding for tree, *_ in computed for finding in shrunk(tree)),
        refused=tuple(refused),
    )


End = tuple[Route | None, float, float, str]  # route, stock, variance by measurement error, error


def _ends(estimator: RegistryEstimator, tree: Remeasured) -> tuple[End, End]:
    """Both ends by one equation: a change of equation in between would look like growth."""
    first, second = tree.first, tree.second
    if first is None or second is None:
        return _end(estimator, first, None), _end(estimator, second, None)
    if species_changed(estimator, tree):
        return (None, 0.0, 0.0, SPECIES_CHANGED), (None, 0.0, 0.0, SPECIES_CHANGED)
    both: tuple[End, End] | None = None
    for leading in (second, first):
        plan = estimator.plan(leading)
        if plan.route is None:
            return _end(estimator, first, None), _end(estimator, second, None)
        both = (
            _end(estimator, first, plan.route.equation.id),
            _end(estimator, second, plan.route.equation.id),
        )
        if not both[0][3] and not both[1][3]:
            return both
    assert both is not None
    return both


def _end(estimator: RegistryEstimator, tree: SinkInput | None, equation_id: str | None) -> End:
    """One end, with the variance of its measurements alone."""
    if tree is None:
        return None, 0.0, 0.0, ""
    asked = replace(tree, equation_id=equation_id or tree.equation_id)
    plan = estimator.plan(asked)
    if plan.route is None or tree.dbh_cm is None:
        return None, 0.0, 0.0, plan.error
    filled, _how = estimator.with_height(asked)
    values = columns_of_one(plan.route, filled)
    return plan.route, values.co2e[0], plan.route.measurement_variance(tree.dbh_cm, filled.height_m, values), ""


def _random_variance(first: End, second: End) -> float:
    """Of one tree's change: measurement error at both ends; its own scatter about the equation is at both ends too.

    So the scatter cancels, unless there is one end only: a tree that was lost or planted in between.
    """
    ends = [end for end in (first, second) if end[0] is not None]
    variance = first[2] + second[2]
    if len(ends) == 1 and (route := ends[0][0]) is not None:
        variance += (ends[0][1] * route.errors.residual_sd) ** 2
    return variance


def _shared(first: Route | None, second: Route | None) -> dict[str, float]:
    """Relative errors common to both ends, the larger where they differ: they scale the difference."""
    shared = correlated_sds(first) if first else {}
    for source, sd in (correlated_sds(second) if second else {}).items():
        shared[source] = max(sd, shared.get(source, 0.0))
    return shared


def species_changed(estimator: RegistryEstimator, tree: Remeasured) -> bool:
    """Whether the two ends name two species of the registry: another tree, or one of the names is wrong."""
    if tree.first is None or tree.second is None:
        return False
    species = [estimator.registry.species(end.species) for end in (tree.first, tree.second)]
    return None not in species and species[0] is not species[1]


def shrunk(tree: Remeasured) -> list[Finding]:
    """The question about a tree that is thinner than before by more than a measurement can err."""
    if tree.first is None or tree.second is None or tree.first.dbh_cm is None or tree.second.dbh_cm is None:
        return []
    loss = tree.first.dbh_cm - tree.second.dbh_cm
    if loss <= SHRINKAGE_CM + 1e-9:
        return []
    return [Finding("dbh_shrunk", Severity.AMBER, "dbh_cm", {"last": tree.first.dbh_cm})]
