"""Which equation a tree gets, and why: a pure function of species, diameter, height and density.

Order: closeness of the taxon, place, range, status; then what was measured is used, then the sample's size. A
growing tree keeps its equation where it can: of samples of a size the one with the wider range leads, and beyond
all ranges the nearest one. One that falls to nothing below its range, or turns and rises again, comes last there.
Extrapolation is allowed and marked; `memory` needs a switch. See docs/decisions/0013.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter
from typing import Any

from fieldapp.carbon.bias import sample_size
from fieldapp.carbon.entries import Equation, Species, Status
from fieldapp.carbon.registry import Registry, taxa

LEVELS = ("species", "genus", "group", "general")
# a national standard was sampled in Guizhou among others, so it stands between the province and its neighbours
PLACES = ("guizhou", "national", "neighbour", "south", "elsewhere")
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
    ranked = [
        ((tree.d_cm <= equation.least_d_cm, *head, *_beyond(equation, tree), *tail), equation)
        for equation, head, tail in fitting
    ]
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
        "range": f"carbon.range.{_range_word(equation, tree)}",
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
    """What is the same for every tree of a species: its equations, with their rank before and behind the range."""
    uses = ("choice", "volume") if allow_memory else ("choice",)
    return tuple(
        (equation, (LEVELS.index(equation.level), PLACES.index(equation.place_class)), _behind_range(equation))
        for equation in registry.equations_for(species)
        if equation.use in uses
        and (allow_memory or equation.status is not Status.MEMORY)
        and (has_height or not equation.needs_height)
        and (has_density or not equation.needs_density)
    )


def _covers(equation: Equation, tree: Tree) -> bool:
    return equation.covers_d(tree.d_cm) and equation.covers_h(tree.h_m)


def _range_word(equation: Equation, tree: Tree) -> str:
    if equation.d_min_cm is None and equation.d_max_cm is None:
        return "unknown"
    if not equation.covers_d(tree.d_cm):
        return "outside"
    return "inside" if equation.covers_h(tree.h_m) else "height_outside"


def _beyond(equation: Equation, tree: Tree) -> tuple[bool, float]:
    """Whether the tree lies outside the range, and how many centimetres of diameter are in between."""
    if _covers(equation, tree):
        return False, 0.0
    low, high = equation.d_min_cm, equation.d_max_cm
    below = 0.0 if low is None else low - tree.d_cm
    above = 0.0 if high is None else tree.d_cm - high
    return True, max(0.0, below, above)


def _behind_range(equation: Equation) -> Rank:
    return (
        equation.status.rank,
        not equation.needs_height,
        sample_size(equation),
        -_width_cm(equation),
        -(equation.n or 0),
        equation.id,
    )


def _width_cm(equation: Equation) -> float:
    """How many centimetres of diameter were sampled; 0 when that was not published."""
    low, high = equation.d_min_cm, equation.d_max_cm
    return 0.0 if low is None or high is None else high - low
