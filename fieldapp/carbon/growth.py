"""The sink over time between two measurements.

One tree's measured yearly gain is mostly measurement error (about 71 % at 90 % for 1 cm of growth): it is
computed for sums only; a single tree gets a modelled value (`modelled.py`). A tree that forks is the sum of its stems
at each visit; nobody has to know which stem is which.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import fsum, isfinite, sqrt

from fieldapp.carbon.estimate import RegistryEstimator, columns_of_one
from fieldapp.carbon.exact import squared
from fieldapp.carbon.routes import Route
from fieldapp.carbon.shared_errors import correlated_sds
from fieldapp.domain.sinks import SinkInput
from fieldapp.domain.stems import stem_diameters
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
        return sqrt(squared(self.random_half_width_kg) + squared(self.correlated_half_width_kg))


@dataclass(frozen=True, slots=True)
class Stem:
    """One stem at one visit; `variance` is that of its measurements alone."""

    route: Route
    co2e_kg: float
    variance: float


@dataclass(frozen=True, slots=True)
class End:
    """A tree at one visit; without stems where it was not there."""

    stems: tuple[Stem, ...] = ()
    error: str = ""

    @property
    def co2e_kg(self) -> float:
        """The stems added up."""
        return fsum([stem.co2e_kg for stem in self.stems])


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
        if error := first.error or second.error:
            refused.append(error)
        else:
            computed.append((tree, first, second))
    shared: dict[str, float] = {}
    for _tree, first, second in computed:
        for source, kg in _shared(first, second).items():
            shared[source] = shared.get(source, 0.0) + kg
    return Change(
        years=years,
        trees=sum(tree.first is not None and tree.second is not None for tree, *_ in computed),
        lost=sum(tree.second is None for tree, *_ in computed),
        planted=sum(tree.first is None for tree, *_ in computed),
        change_kg=fsum([second.co2e_kg - first.co2e_kg for _tree, first, second in computed]),
        random_half_width_kg=z * sqrt(fsum([_random_variance(first, second) for _tree, first, second in computed])),
        correlated_half_width_kg=z * sqrt(fsum([kg * kg for kg in shared.values()])),
        findings=tuple(finding for tree, *_ in computed for finding in shrunk(tree)),
        refused=tuple(refused),
    )


def _ends(estimator: RegistryEstimator, tree: Remeasured) -> tuple[End, End]:
    """Both ends by one equation: a change of equation in between would look like growth."""
    first, second = tree.first, tree.second
    if first is None or second is None:
        return _end(estimator, first, None), _end(estimator, second, None)
    if species_changed(estimator, tree):
        return End(error=SPECIES_CHANGED), End(error=SPECIES_CHANGED)
    both: tuple[End, End] | None = None
    for leading in (*_stems_of(second), *_stems_of(first)):
        plan = estimator.plan(leading)
        if plan.route is None:
            return _end(estimator, first, None), _end(estimator, second, None)
        both = (
            _end(estimator, first, plan.route.equation.id),
            _end(estimator, second, plan.route.equation.id),
        )
        if not both[0].error and not both[1].error:
            return both
    assert both is not None
    return both


def _stems_of(tree: SinkInput) -> list[SinkInput]:
    """Every stem as a tree of its own, the thickest first: the order in which they were written says nothing."""
    diameters = sorted(stem_diameters(tree.stems), reverse=True)
    return [replace(tree, dbh_cm=d, stems=None) for d in diameters] if len(diameters) > 1 else [tree]


def _end(estimator: RegistryEstimator, tree: SinkInput | None, equation_id: str | None) -> End:
    """One end, stem by stem."""
    if tree is None:
        return End()
    found = []
    for one in _stems_of(tree):
        asked = replace(one, equation_id=equation_id or one.equation_id)
        plan = estimator.plan(asked)
        if plan.route is None or one.dbh_cm is None:
            return End(error=plan.error)
        filled, _how = estimator.with_height(asked)
        values = columns_of_one(plan.route, filled)
        variance = plan.route.measurement_variance(one.dbh_cm, filled.height_m, values)
        found.append(Stem(plan.route, values.co2e[0], variance))
    return End(tuple(found))


def _random_variance(first: End, second: End) -> float:
    """Of one tree's change: measurement error at both ends; its own scatter about the equation is at both ends too.

    So the scatter cancels, unless the stems are not those of the other end: of a tree that was lost or planted in
    between, or that has more or fewer stems than it had.
    """
    stems = (*first.stems, *second.stems)
    variance = fsum([stem.variance for stem in stems])
    if len(first.stems) != len(second.stems):
        variance += fsum([squared(stem.co2e_kg * stem.route.errors.residual_sd) for stem in stems])
    return variance


def _shared(first: End, second: End) -> dict[str, float]:
    """Errors in kg that other trees share, by source; between two ends the larger relative error scales the change."""
    found: dict[str, float] = {}
    if first.stems and second.stems:
        for stem in (*first.stems, *second.stems):
            for source, sd in correlated_sds(stem.route).items():
                found[source] = max(sd, found.get(source, 0.0))
        return {source: sd * (second.co2e_kg - first.co2e_kg) for source, sd in found.items()}
    for end, sign in ((first, -1.0), (second, 1.0)):
        for stem in end.stems:
            for source, sd in correlated_sds(stem.route).items():
                found[source] = found.get(source, 0.0) + sign * sd * stem.co2e_kg
    return found


def species_changed(estimator: RegistryEstimator, tree: Remeasured) -> bool:
    """Whether the two ends name two species of the registry: another tree, or one of the names is wrong."""
    if tree.first is None or tree.second is None:
        return False
    species = [estimator.registry.species(end.species) for end in (tree.first, tree.second)]
    return None not in species and species[0] is not species[1]


def stems_changed(tree: Remeasured) -> bool:
    """Whether the tree has another number of stems than it had: cut, grown up since, or not measured then."""
    return (
        tree.first is not None and tree.second is not None and len(_stems_of(tree.first)) != len(_stems_of(tree.second))
    )


def shrunk(tree: Remeasured) -> list[Finding]:
    """The question about a tree that is thinner than before by more than a measurement can err."""
    if tree.first is None or tree.second is None or tree.first.dbh_cm is None or tree.second.dbh_cm is None:
        return []
    if stems_changed(tree):  # a stem that broke or was cut is no slip of the tape
        return []
    loss = tree.first.dbh_cm - tree.second.dbh_cm
    if loss <= SHRINKAGE_CM + 1e-9:
        return []
    return [Finding("dbh_shrunk", Severity.AMBER, "dbh_cm", {"last": tree.first.dbh_cm})]
