"""Sums of sinks with their range: what averages out over trees is kept apart from what does not.

Measurement and scatter are independent from tree to tree. What trees share (an equation's own bias, a species' wood
density, a root-shoot ratio) adds up linearly, however many trees there are. The same closed form gives the range of a
parcel, household, village or county in the window, on the server and on the command line (docs/decisions/0012).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from math import fsum, sqrt
from typing import NamedTuple

from fieldapp.domain.sinks import Estimator


class Kind(NamedTuple):
    """What decides which errors trees share; `flags` as a sink has them."""

    species: str
    equation_id: str
    flags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """Trees of one kind added up, kg CO2e: all that a database keeps of them. `half` is a tree's half-width at 90 %."""

    kind: Kind
    trees: int
    co2e_kg: float
    co2e_squared: float
    half_squared: float


@dataclass(slots=True)
class Total:
    """A sum of sinks in kg CO2e; totals of parcels add up to households, villages and counties."""

    trees: int = 0
    refused: int = 0
    co2e_kg: float = 0.0
    random_half_squared: float = 0.0
    shared_half_kg: dict[str, float] = field(default_factory=dict)
    by_equation: dict[str, tuple[int, float]] = field(default_factory=dict)
    # what a card shows the way with: the trees' squared half-widths, shared errors and all, and for each source
    # the kg that it errs in by their relative half-width
    tree_half_squared: float = 0.0
    shared_terms: dict[str, dict[float, float]] = field(default_factory=dict)

    @property
    def random_half_width_kg(self) -> float:
        """What averages out, at 90 %."""
        return sqrt(self.random_half_squared)

    @property
    def correlated_half_width_kg(self) -> float:
        """What stays: different equations err independently of each other, at 90 %."""
        return sqrt(fsum([half * half for half in self.shared_half_kg.values()]))

    @property
    def half_width_kg(self) -> float:
        """Both together, at 90 %."""
        both = self.correlated_half_width_kg
        return sqrt(self.random_half_squared + both * both)

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
        self.random_half_squared += other.random_half_squared
        for source, half in other.shared_half_kg.items():
            self.shared_half_kg[source] = self.shared_half_kg.get(source, 0.0) + half
        for equation, (count, kg) in other.by_equation.items():
            old_count, old_kg = self.by_equation.get(equation, (0, 0.0))
            self.by_equation[equation] = (old_count + count, old_kg + kg)
        self.tree_half_squared += other.tree_half_squared
        for source, terms in other.shared_terms.items():
            own = self.shared_terms.setdefault(source, {})
            for relative, kg in terms.items():
                own[relative] = own.get(relative, 0.0) + kg


def total_of(part: Part, shared: Mapping[str, float] | None) -> Total:
    """The range of one part; `shared` are the relative half-widths that its trees have in common, by their source.

    When they are not known, the trees share everything: rather a range that is too wide than one that is not true.
    """
    if shared is None:
        whole = sqrt(part.half_squared / part.co2e_squared) if part.co2e_squared else 0.0
        shared = {f"unknown {part.kind.equation_id}": whole}
    # the half-width of a tree holds both kinds of error
    common = fsum([half * half for half in shared.values()]) * part.co2e_squared
    return Total(
        trees=part.trees,
        co2e_kg=part.co2e_kg,
        random_half_squared=max(0.0, part.half_squared - common),
        shared_half_kg={source: half * part.co2e_kg for source, half in shared.items()},
        by_equation={part.kind.equation_id: (part.trees, part.co2e_kg)},
        tree_half_squared=part.half_squared,
        shared_terms={source: {half: part.co2e_kg} for source, half in shared.items()},
    )


def merged(parts: Iterable[Part]) -> list[Part]:
    """One part of each kind: many households hold few kinds."""
    found: dict[Kind, list[Part]] = {}
    for part in parts:
        found.setdefault(part.kind, []).append(part)
    return [
        Part(
            kind,
            sum(part.trees for part in same),
            fsum([part.co2e_kg for part in same]),
            fsum([part.co2e_squared for part in same]),
            fsum([part.half_squared for part in same]),
        )
        for kind, same in found.items()
    ]


def add_up(parts: Iterable[Part], estimator: Estimator) -> Total:
    """The sum of parts that one methodology computed."""
    total = Total()
    for part in sorted(parts, key=lambda one: (one.kind, one.co2e_kg)):
        total.add(total_of(part, estimator.shared_half_widths(*part.kind)))
    return total
