"""Estimates columns of trees: grouped by species, by what was measured and by stretches of diameter with one equation.

Within a group every tree walks the same route, so that a million of them are a handful of list comprehensions.
The route's code is that of the single estimate: the two agree to the last bit.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import compress
from math import isfinite
from typing import cast

from fieldapp.carbon import limits
from fieldapp.carbon.estimate import Plan, RegistryEstimator
from fieldapp.carbon.estimates import Estimates
from fieldapp.carbon.stretches import Kind, Stretches
from fieldapp.domain.sinks import SinkInput
from fieldapp.domain.stems import stem_diameters


@dataclass(frozen=True, slots=True)
class Inputs:
    """The columns of the input; `wood_density`, `equation` and `height_curve` and `stems` may be absent."""

    species: Sequence[str]
    dbh_cm: Sequence[float | None]
    height_m: Sequence[float | None]
    wood_density: Sequence[float | None] | None = None
    equation: Sequence[str | None] | None = None
    height_curve: Sequence[str | None] | None = None
    stems: Sequence[str | None] | None = None


@dataclass(frozen=True, slots=True)
class Rows:
    """Trees of one kind, column by column; `h` and `rho` are empty where the kind has none."""

    places: list[int]
    d: list[float]
    h: list[float]
    rho: list[float]

    def pick(self, mask: list[bool]) -> Rows:
        """The rows for which the mask holds."""
        if all(mask):
            return self
        columns = (self.places, self.d, self.h, self.rho)
        places, d, h, rho = (list(compress(column, mask)) for column in columns)
        return Rows(cast(list[int], places), d, h, rho)


class ColumnEstimator:
    """Estimates columns of trees; remembers the plans of each kind from one block of rows to the next."""

    def __init__(self, estimator: RegistryEstimator) -> None:
        self._estimator = estimator
        self._stretches: dict[Kind, Stretches] = {}

    def estimate(self, inputs: Inputs) -> Estimates:
        """Sinks of many trees; all columns have one length, None means not measured or not asked for."""
        results = Estimates.empty(len(inputs.species), self._estimator.method_version)
        alone = self._by_stems(results, inputs) | self._by_curves(results, inputs)
        for (name, asked, has_density), grouped in _grouped(inputs).items():
            places = [place for place in grouped if place not in alone] if alone else grouped
            _species, error = self._estimator.species(name)
            if error:
                self._refuse(results, places, error)
                continue
            bare = [place for place in places if inputs.height_m[place] is None]
            if bare:
                self._kind(results, inputs, Kind(name, asked, has_density, has_height=False), bare)
            if len(bare) < len(places):
                tall = [place for place in places if inputs.height_m[place] is not None] if bare else places
                self._kind(results, inputs, Kind(name, asked, has_density, has_height=True), tall)
        return results

    def _by_curves(self, results: Estimates, inputs: Inputs) -> set[int]:
        """Estimates one by one the trees that may get a height from their parcel's curve: every parcel has another."""
        alone: set[int] = set()
        for place, curve in enumerate(inputs.height_curve or ()):
            if curve is None or inputs.height_m[place] is not None or place in results.forked:
                continue
            alone.add(place)
            density = None if inputs.wood_density is None else inputs.wood_density[place]
            asked = None if inputs.equation is None else inputs.equation[place]
            tree = SinkInput(inputs.species[place], inputs.dbh_cm[place], None, density, asked or None, curve)
            plan, values = self._estimator.walk(tree)
            if values is None:
                self._refuse(results, [place], plan.error, plan)
            else:
                results.put(plan, [place], values)
        return alone

    def _by_stems(self, results: Estimates, inputs: Inputs) -> set[int]:
        """Estimates one by one the trees that fork below breast height: few, and each is several stems."""
        alone = {place for place, stems in enumerate(inputs.stems or ()) if len(stem_diameters(stems)) > 1}
        for place in alone:
            curve = None if inputs.height_curve is None else inputs.height_curve[place]
            density = None if inputs.wood_density is None else inputs.wood_density[place]
            asked = None if inputs.equation is None else inputs.equation[place]
            own = inputs.species[place], inputs.dbh_cm[place], inputs.height_m[place], density
            stems = None if inputs.stems is None else inputs.stems[place]
            results.forked[place] = self._estimator.estimate(SinkInput(*own, asked or None, curve or None, stems))
        return alone

    def _kind(self, results: Estimates, inputs: Inputs, kind: Kind, places: list[int]) -> None:
        """Divides trees of one kind into stretches with one plan each."""
        rows = self._sound(results, _rows(inputs, kind, places))
        if kind not in self._stretches:
            self._stretches[kind] = Stretches(self._estimator, kind)
        stretches = self._stretches[kind]
        keys = [bisect_right(stretches.d_cuts, one) for one in rows.d]
        for key in sorted(set(keys)):
            members = rows.pick([own == key for own in keys])
            if not stretches.h_cuts:
                self._stretch(results, stretches.plan(key), members)
                continue
            h_keys = [bisect_right(stretches.h_cuts, one) for one in members.h]
            for h_key in sorted(set(h_keys)):
                self._stretch(results, stretches.plan(key, h_key), members.pick([own == h_key for own in h_keys]))

    def _stretch(self, results: Estimates, plan: Plan, rows: Rows) -> None:
        """Walks one route for all of its trees."""
        if plan.route is None:
            self._refuse(results, rows.places, plan.error, plan)
            return
        values = plan.route.columns(rows.d, rows.h, rows.rho)
        results.put(plan, rows.places, values)
        if not min(values.agb) > 0 or not min(values.bgb) >= 0:
            pairs = zip(rows.places, values.agb, values.bgb, strict=True)
            nothing = [place for place, above, below in pairs if not above > 0 or not below >= 0]
            self._refuse(results, nothing, "carbon_equation_gives_nothing", plan)

    def _sound(self, results: Estimates, rows: Rows) -> Rows:
        """The rows whose numbers can be computed with; the others are refused by the rules of `limits`."""
        if (
            _within(rows.d, 0.0, limits.MAX_DBH_CM)
            and (not rows.h or _within(rows.h, limits.BREAST_HEIGHT_M, limits.MAX_HEIGHT_M))
            and not rows.rho
        ):
            return rows
        good = []
        for row, place in enumerate(rows.places):
            h = rows.h[row] if rows.h else None
            error = limits.refused_numbers(rows.d[row], h, rows.rho[row] if rows.rho else None)
            good.append(not error)
            if error:
                self._refuse(results, [place], error)
        return rows.pick(good)

    def _refuse(self, results: Estimates, places: list[int], error: str, plan: Plan | None = None) -> None:
        results.refuse(places, self._estimator.refused(error, plan.choice if plan else None))


def _grouped(inputs: Inputs) -> dict[tuple[str, str | None, bool], list[int]]:
    if inputs.wood_density is None and inputs.equation is None:
        by_name: dict[str, list[int]] = defaultdict(list)
        for place, name in enumerate(inputs.species):
            by_name[name].append(place)
        return {(name, None, False): places for name, places in by_name.items()}
    groups: dict[tuple[str, str | None, bool], list[int]] = defaultdict(list)
    none: list[None] = [None] * len(inputs.species)
    rows = zip(inputs.species, inputs.equation or none, inputs.wood_density or none, strict=True)
    for place, (name, asked, density) in enumerate(rows):
        groups[name, asked or None, density is not None].append(place)
    return groups


def _rows(inputs: Inputs, kind: Kind, places: list[int]) -> Rows:
    """The kind's columns; a missing diameter is still among them and is refused next."""
    d = cast(list[float], _taken(inputs.dbh_cm, places))
    h = cast(list[float], _taken(inputs.height_m, places)) if kind.has_height else []
    if not kind.has_density or inputs.wood_density is None:
        return Rows(places, d, h, [])
    return Rows(places, d, h, cast(list[float], _taken(inputs.wood_density, places)))


def _taken(column: Sequence[float | None], places: list[int]) -> list[float | None]:
    if len(places) == len(column):
        return list(column)
    return [column[place] for place in places]


def _within(values: list[float], above: float, up_to: float) -> bool:
    """Whether all are numbers in (above, up_to]; quick, because nearly always true."""
    try:
        return isfinite(sum(values)) and min(values) > above and max(values) <= up_to
    except (TypeError, ValueError):  # a None among them, or nothing at all
        return False
