"""Uncertainty of sums: what averages out over trees is kept apart from what does not.

Measurement and scatter are independent from tree to tree. An equation's own bias, a species' wood density and
a root-shoot ratio are the same for all trees that share them: they add up linearly, however many trees there are.
Closed form; `simulate` draws the same by Monte Carlo, to check it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from math import fsum, sqrt
from random import Random

from fieldapp.carbon.estimates import NO_ROW, Estimates
from fieldapp.carbon.routes import Errors, Route


@dataclass(slots=True)
class Total:
    """A sum of sinks in kg CO2e with its two kinds of variance; totals of parcels add up to households and villages."""

    z: float
    trees: int = 0
    refused: int = 0
    co2e_kg: float = 0.0
    random_variance: float = 0.0
    correlated_sd_kg: dict[str, float] = field(default_factory=dict)
    by_equation: dict[str, tuple[int, float]] = field(default_factory=dict)

    @property
    def random_half_width_kg(self) -> float:
        """What averages out, at 90 %."""
        return self.z * sqrt(self.random_variance)

    @property
    def correlated_half_width_kg(self) -> float:
        """What stays: biases of different equations are independent of each other, at 90 %."""
        return self.z * sqrt(sum(sd * sd for sd in self.correlated_sd_kg.values()))

    @property
    def half_width_kg(self) -> float:
        """Both together, at 90 %."""
        return sqrt(self.random_half_width_kg**2 + self.correlated_half_width_kg**2)

    @property
    def low_kg(self) -> float:
        """Lower end of the range at 90 %."""
        return max(0.0, self.co2e_kg - self.half_width_kg)

    @property
    def high_kg(self) -> float:
        """Upper end of the range at 90 %."""
        return self.co2e_kg + self.half_width_kg

    def add(self, other: Total) -> None:
        """Takes another total in; adding in any order gives the same result up to rounding."""
        self.trees += other.trees
        self.refused += other.refused
        self.co2e_kg += other.co2e_kg
        self.random_variance += other.random_variance
        for source, sd in other.correlated_sd_kg.items():
            self.correlated_sd_kg[source] = self.correlated_sd_kg.get(source, 0.0) + sd
        for equation, (count, kg) in other.by_equation.items():
            old_count, old_kg = self.by_equation.get(equation, (0, 0.0))
            self.by_equation[equation] = (old_count + count, old_kg + kg)


def totals(estimates: Estimates, groups: Sequence[str], z: float) -> dict[str, Total]:
    """The totals of each group (parcel, household, village ...) that a column names, in any order of trees."""
    cells: dict[tuple[str, int], list[int]] = defaultdict(list)
    plan = estimates.plan
    for group, row in zip(groups, estimates.row, strict=True):
        cells[group, plan[row] if row != NO_ROW else NO_ROW].append(row)
    parts: dict[str, list[Total]] = defaultdict(list)
    for (group, number), rows in cells.items():
        if number == NO_ROW:
            parts[group].append(Total(z, refused=len(rows)))
        else:
            parts[group].append(_part(estimates, number, rows, z))
    return {group: _sum(found, z) for group, found in parts.items()}


def _part(estimates: Estimates, number: int, rows: list[int], z: float) -> Total:
    """Trees of one plan; sums are exact before their one rounding, so that the order of trees cannot matter."""
    route = estimates.plans[number].route
    assert route is not None
    co2e, high = estimates.values.co2e, estimates.values.high
    values = [co2e[row] for row in rows]
    halves = [high[row] - co2e[row] for row in rows]
    shared = correlated_sds(route)
    variance = fsum([half * half for half in halves]) / (z * z)
    variance -= sum(sd * sd for sd in shared.values()) * fsum([value * value for value in values])
    kg = fsum(values)
    part = Total(z, len(rows), 0, kg, max(0.0, variance))
    part.correlated_sd_kg = {source: sd * kg for source, sd in shared.items()}
    part.by_equation = {route.equation.id: (len(rows), kg)}
    return part


def _sum(parts: list[Total], z: float) -> Total:
    total = Total(z)
    for part in sorted(parts, key=lambda part: (sorted(part.by_equation), part.co2e_kg, part.trees)):
        total.add(part)
    return total


def correlated_sds(route: Route) -> dict[str, float]:
    """Relative errors that trees of a route share, by what they come from."""
    errors = route.errors
    shared = {f"equation {route.equation.id}": errors.bias_sd}
    if route.equation.needs_density:
        shared[f"density {route.species.id}"] = errors.density_sd * _density_power(route)
    if route.roots is None:
        shared["root_shoot_ratio"] = errors.root_ratio_sd * route.below_share
    return {source: sd for source, sd in shared.items() if sd}


def _density_power(route: Route) -> float:
    slope = route.equation.model.slopes([10.0], [8.0], [0.5])[2]
    return slope if isinstance(slope, float) else slope[0]


def simulate(
    trees: Iterable[tuple[Route, float, float | None]], draws: int, seed: int, z: float
) -> tuple[float, float]:
    """Mean and half-width at 90 % of the sum over trees (route, D, H) by Monte Carlo; the same for the same seed."""
    rng = Random(seed)
    fixed = list(trees)
    sums = []
    for _ in range(draws):
        shared: dict[str, float] = {}
        total = 0.0
        for route, d_cm, h_m in fixed:
            errors: Errors = route.errors
            d = max(0.1, d_cm + rng.gauss(0.0, errors.dbh_sd_cm))
            h = [] if h_m is None else [max(1.4, h_m + rng.gauss(0.0, errors.height_sd_m))]
            factor = 1.0 + rng.gauss(0.0, errors.residual_sd)
            for source, sd in correlated_sds(route).items():
                if source not in shared:
                    shared[source] = rng.gauss(0.0, 1.0)
                factor *= 1.0 + shared[source] * sd
            total += route.columns([d], h, []).co2e[0] * factor
        sums.append(total)
    mean = sum(sums) / draws
    return mean, z * sqrt(sum((one - mean) ** 2 for one in sums) / (draws - 1))
