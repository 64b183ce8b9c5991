"""Totals of columns of estimates, and a Monte Carlo that checks their ranges (the closed form: `domain.totals`)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from math import fsum, sqrt
from random import Random

from fieldapp.carbon.estimate import RegistryEstimator
from fieldapp.carbon.estimates import NO_ROW, Estimates
from fieldapp.carbon.exact import squared
from fieldapp.carbon.route_errors import Errors
from fieldapp.carbon.routes import Route
from fieldapp.carbon.shared_errors import correlated_sds, shared_half_widths
from fieldapp.domain.sinks import Sink, SinkInput
from fieldapp.domain.totals import Kind, Part, Total, total_of


def totals(estimates: Estimates, groups: Sequence[str], forked: Mapping[int, Total] | None = None) -> dict[str, Total]:
    """The totals of each group (parcel, household, village ...) that a column names, in any order of trees.

    `forked` has the totals of trees of several stems by their place: they stand for the tree's own row.
    """
    cells: dict[tuple[str, int], list[int]] = defaultdict(list)
    found: dict[str, list[Total]] = defaultdict(list)
    plan, of_stems = estimates.plan, forked or {}
    for place, (group, row) in enumerate(zip(groups, estimates.row, strict=True)):
        if place in of_stems:
            found[group].append(of_stems[place])
        else:
            cells[group, plan[row] if row != NO_ROW else NO_ROW].append(row)
    for (group, number), rows in cells.items():
        found[group].append(Total(refused=len(rows)) if number == NO_ROW else _total(estimates, number, rows))
    return {group: _sum(parts) for group, parts in found.items()}


def total_of_stems(estimator: RegistryEstimator, tree: SinkInput, sink: Sink) -> Total:
    """One tree of several stems with the range of its card: stems of one tree do not average out against each other.

    A profile and a server keep such a tree by its whole range as well, so all of them add up to the same.
    """
    species, _error = estimator.species(tree.species)
    co2e, half = sink.co2e_kg or 0.0, (sink.co2e_high_kg or 0.0) - (sink.co2e_kg or 0.0)
    kind = Kind(species.id if species is not None else "", sink.equation_id, sink.flags)
    return total_of(Part(kind, 1, co2e, co2e * co2e, half * half), estimator.shared_half_widths(*kind))


def _total(estimates: Estimates, number: int, rows: list[int]) -> Total:
    """Trees of one plan; sums are exact before their one rounding, so that the order of trees cannot matter."""
    plan = estimates.plans[number]
    assert plan.route is not None
    co2e, high = estimates.values.co2e, estimates.values.high
    values = [co2e[row] for row in rows]
    halves = [high[row] - co2e[row] for row in rows]
    part = Part(
        Kind(plan.route.species.id, plan.route.equation.id, plan.flags),
        len(rows),
        fsum(values),
        fsum([value * value for value in values]),
        fsum([half * half for half in halves]),
    )
    return total_of(part, shared_half_widths(plan.route))


def _sum(parts: list[Total]) -> Total:
    total = Total()
    for part in sorted(parts, key=lambda part: (sorted(part.by_equation), part.co2e_kg, part.trees)):
        total.add(part)
    return total


Drawn = tuple[Route, float, float | None]  # a stem: route, D in cm, H in m where the route uses it


def simulate(trees: Iterable[Sequence[Drawn]], draws: int, seed: int, z: float) -> tuple[float, float]:
    """Mean and half-width at 90 % of the sum over trees (their stems) by Monte Carlo; the same for the same seed."""
    rng = Random(seed)
    fixed = list(trees)
    sums = []
    for _ in range(draws):
        shared: dict[str, float] = {}
        total = 0.0
        for stems in fixed:
            # one draw a tree, not a stem: what one stem is off by, the others of the tree are
            by_d = rng.gauss(0.0, 1.0)
            by_h = rng.gauss(0.0, 1.0) if any(h_m is not None for _route, _d, h_m in stems) else 0.0
            by_tree = rng.gauss(0.0, 1.0)
            for stem in stems:  # not sum(): the same seed gives the same digits on every Python
                total += _drawn_kg(rng, stem, (by_d, by_h, by_tree), shared)
        sums.append(total)
    mean = fsum(sums) / draws
    return mean, z * sqrt(fsum([squared(one - mean) for one in sums]) / (draws - 1))


def _drawn_kg(rng: Random, stem: Drawn, by: tuple[float, float, float], shared: dict[str, float]) -> float:
    """One stem's sink with the errors drawn; `shared` are those of all trees, drawn when first met."""
    route, d_cm, h_m = stem
    errors: Errors = route.errors
    d = max(0.1, d_cm + by[0] * errors.dbh_sd_cm)
    h = [] if h_m is None else [max(1.4, h_m + by[1] * errors.height_sd_m)]
    factor = 1.0 + by[2] * errors.residual_sd
    for source, sd in correlated_sds(route).items():
        if source not in shared:
            shared[source] = rng.gauss(0.0, 1.0)
        factor *= 1.0 + shared[source] * sd
    return route.columns([d], h, []).co2e[0] * factor
