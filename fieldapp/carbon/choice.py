"""Which equation a tree gets, and why: a pure function of species, diameter, height and density.

Order: closeness of the taxon, place, range, status; then what was measured is used, then the larger sample.
Extrapolation is allowed and marked; `memory` needs a switch. See docs/decisions/0013.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter
from typing import Any

from fieldapp.carbon.entries import Equation, Species, Status
from fieldapp.carbon.registry import Registry, taxa

LEVELS = ("species", "genus", "group", "general")
# a national standard was sampled in Guizhou among others, so it stands between the province and its neighbours
PLACES = ("guizhou", "national", "neighbour", "south", "elsewhere")
_NO_SAMPLE_KNOWN = 0
Rank = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Tree:
    """What the choice looks at; None means not measured."""

    d_cm: float
    h_m: float | None = None
    density: float | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """An equation with the reason it was taken, as a catalogue key with parameters."""

    equation: Equation
    reason: str
    params: dict[str, Any]
    flags: tuple[str, ...]

    @property
    def inside(self) -> bool:
        """Whether the tree lies in the equation's range."""
        return "extrapolated" not in self.flags


def choose(registry: Registry, species: Species, tree: Tree, *, allow_memory: bool = False) -> Choice | None:
    """The best equation for the tree, or None when the registry has none that its measurements allow."""
    fitting = candidates(registry, species, tree, allow_memory=allow_memory)
    if not fitting:
        return None
    return explained(species, fitting[0], tree)


def candidates(registry: Registry, species: Species, tree: Tree, *, allow_memory: bool = False) -> list[Equation]:
    """Every equation that may be chosen for the tree, the best first."""
    has_density = tree.density is not None or species.id in registry.densities
    fitting = _fitting(registry, species, tree.h_m is not None, has_density, allow_memory)
    ranked = [(inside if _covers(equation, tree) else outside, equation) for equation, inside, outside in fitting]
    return [equation for _, equation in sorted(ranked, key=itemgetter(0))]


def explained(species: Species, equation: Equation, tree: Tree, *, by_person: bool = False) -> Choice:
    """The equation with its reason and the marks that every output of it carries."""
    inside = _covers(equation, tree)
    flags = [] if inside else ["extrapolated"]
    if equation.level != "species":
        flags.append("general_equation" if equation.level == "general" else "group_equation")
    if equation.taxon not in taxa(species):
        flags.append("other_species")
    if equation.d_min_cm is None and equation.d_max_cm is None:
        flags.append("range_unknown")
    params = {
        "level": f"carbon.level.{equation.level}",
        "place": equation.place,
        "n": equation.n,
        "range": "carbon.range.unknown"
        if equation.d_min_cm is None and equation.d_max_cm is None
        else "carbon.range.inside"
        if inside
        else "carbon.range.outside",
        "low": equation.d_min_cm,
        "high": equation.d_max_cm,
        "d": tree.d_cm,
        "status": f"carbon.status.{equation.status.value}",
    }
    return Choice(equation, "carbon.reason.person" if by_person else "carbon.reason.chosen", params, tuple(flags))


@lru_cache(maxsize=1024)
def _fitting(
    registry: Registry, species: Species, has_height: bool, has_density: bool, allow_memory: bool
) -> tuple[tuple[Equation, Rank, Rank], ...]:
    """What is the same for every tree of a species: its equations, with their rank inside and outside their range."""
    uses = ("choice", "volume") if allow_memory else ("choice",)
    return tuple(
        (equation, _rank(equation, inside=True), _rank(equation, inside=False))
        for equation in registry.equations_for(species)
        if equation.use in uses
        and (allow_memory or equation.status is not Status.MEMORY)
        and (has_height or not equation.needs_height)
        and (has_density or not equation.needs_density)
    )


def _covers(equation: Equation, tree: Tree) -> bool:
    return equation.covers_d(tree.d_cm) and equation.covers_h(tree.h_m)


def _rank(equation: Equation, *, inside: bool) -> Rank:
    return (
        LEVELS.index(equation.level),
        PLACES.index(equation.place_class),
        not inside,
        equation.status.rank,
        not equation.needs_height,
        -(equation.n or _NO_SAMPLE_KNOWN),
        equation.id,
    )
