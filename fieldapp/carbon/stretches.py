"""Where along diameter and height the chosen equation changes: between two cuts trees of a kind share one plan."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from math import inf, nextafter

from fieldapp.carbon import limits
from fieldapp.carbon.choice import Tree, candidates
from fieldapp.carbon.entries import Equation
from fieldapp.carbon.estimate import Plan, RegistryEstimator
from fieldapp.carbon.models import TwoBranches
from fieldapp.domain.sinks import SinkInput

_ANY_DENSITY = 0.5
_ANY_DIAMETER_CM = 10.0
_ANY_HEIGHT_M = 8.0


@dataclass(frozen=True, slots=True)
class Kind:
    """What trees of one group have in common."""

    species: str
    equation: str | None
    has_density: bool
    has_height: bool

    def typical(self, d_cm: float, h_m: float) -> SinkInput:
        """A tree of the kind; its density only says that there is one."""
        height = h_m if self.has_height else None
        return SinkInput(self.species, d_cm, height, _ANY_DENSITY if self.has_density else None, self.equation)


class Stretches:
    """The plans of one kind of trees."""

    def __init__(self, estimator: RegistryEstimator, kind: Kind) -> None:
        self._estimator = estimator
        self._kind = kind
        self._plans: dict[tuple[int, int], Plan] = {}
        equations = _possible(estimator, kind)
        splits = {e.model.split for e in equations if isinstance(e.model, TwoBranches)}
        splits |= {p.model.split for p in _partners(estimator, equations) if isinstance(p.model, TwoBranches)}
        self.h_cuts = sorted(_edges((e.h_min_m, e.h_max_m) for e in equations if kind.has_height and e.needs_height))
        falling = {nextafter(e.least_d_cm, inf) for e in equations if e.least_d_cm}
        self.d_cuts = sorted(
            falling | splits | _edges((e.d_min_cm, e.d_max_cm) for e in equations) | _between(equations)
        )
        self._merge(splits)

    def plan(self, d_key: int, h_key: int = 0) -> Plan:
        """The plan between two cuts of diameter and two of height."""
        key = (d_key, h_key)
        if key not in self._plans:
            d_cm = _inside(self.d_cuts, d_key, 0.0, _ANY_DIAMETER_CM)
            h_m = _inside(self.h_cuts, h_key, limits.BREAST_HEIGHT_M, _ANY_HEIGHT_M)
            self._plans[key] = self._estimator.plan(self._kind.typical(d_cm, h_m))
        return self._plans[key]

    def _merge(self, splits: set[float]) -> None:
        """Takes out cuts that change nothing."""
        keys = [(d, h) for d in range(len(self.d_cuts) + 1) for h in range(len(self.h_cuts) + 1)]
        same = {key: _what(self.plan(*key)) for key in keys}
        rows = [[same[d, h] for h in range(len(self.h_cuts) + 1)] for d in range(len(self.d_cuts) + 1)]
        kept = [cut for place, cut in enumerate(self.d_cuts) if cut in splits or rows[place] != rows[place + 1]]
        if kept != self.d_cuts:
            old = self.d_cuts
            self.d_cuts = kept
            new = {d: bisect_right(kept, _inside(old, d, 0.0, _ANY_DIAMETER_CM)) for d, _h in keys}
            self._plans = {(new[d], h): plan for (d, h), plan in self._plans.items()}


def _possible(estimator: RegistryEstimator, kind: Kind) -> list[Equation]:
    registry = estimator.registry
    if kind.equation is not None:
        asked = registry.equation(kind.equation)
        return [] if asked is None else [asked]
    species = registry.species(kind.species)
    if species is None:
        return []
    typical = kind.typical(_ANY_DIAMETER_CM, _ANY_HEIGHT_M)
    tree = Tree(limits.MAX_DBH_CM, typical.height_m, typical.wood_density)
    ranked = candidates(registry, species, tree, allow_memory=estimator.allow_memory)
    # taxon and place come before the range: another level or place leads only where those before it give nothing
    last = next((e for e in ranked if not e.least_d_cm), ranked[-1]) if ranked else None
    return ranked[: 1 + max(place for place, e in enumerate(ranked) if _place(e) == _place(last))] if last else []


def _place(equation: Equation) -> tuple[str, str]:
    return equation.level, equation.place_class


def _partners(estimator: RegistryEstimator, equations: Iterable[Equation]) -> list[Equation]:
    known = estimator.registry.equations
    return [known[e.partner] for e in equations if e.partner in known]


def _edges(ranges: Iterable[tuple[float | None, float | None]]) -> set[float]:
    """First values inside and first values beyond each range: ends belong to the range."""
    edges = set()
    for low, high in ranges:
        if low is not None:
            edges.add(low)
        if high is not None:
            edges.add(nextafter(high, inf))
    return edges


def _between(equations: list[Equation]) -> set[float]:
    """The middle between two ranges that do not touch, where the nearest one changes, with the values next to it."""
    cuts = set()
    highs = {e.d_max_cm for e in equations if e.d_max_cm is not None}
    lows = {e.d_min_cm for e in equations if e.d_min_cm is not None}
    for middle in ((high + low) / 2 for high in highs for low in lows if high < low):
        before, after = nextafter(middle, -inf), nextafter(middle, inf)
        cuts |= {nextafter(before, -inf), before, middle, after, nextafter(after, inf)}
    return cuts


def _inside(cuts: list[float], key: int, lowest: float, otherwise: float) -> float:
    """A value between the cuts `key - 1` and `key`."""
    if key > 0:
        return cuts[key - 1]
    return (lowest + cuts[0]) / 2 if cuts else otherwise


def _what(plan: Plan) -> tuple[str, tuple[str, ...], str]:
    equation = plan.choice.equation.id if plan.choice else ""
    return equation, plan.flags, plan.error
