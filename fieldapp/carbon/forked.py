"""The card of a tree that forks below breast height: every stem with its own steps, then their sums."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from math import fsum
from typing import TYPE_CHECKING

from fieldapp.carbon.step import Step
from fieldapp.domain.sinks import SinkInput
from fieldapp.domain.stems import stem_diameters

if TYPE_CHECKING:
    from fieldapp.carbon.explain import Explanation

_SUMMED = ("agb", "bgb", "carbon", "co2e", "co2e_low", "co2e_high")


def explained_stems(explain: Callable[[SinkInput], Explanation], tree: SinkInput) -> tuple[Explanation, ...]:
    """The card of each stem as of a tree of its own; none of a tree with one stem."""
    diameters = stem_diameters(tree.stems)
    return tuple(explain(replace(tree, dbh_cm=d, stems=None)) for d in diameters) if len(diameters) > 1 else ()


def sums_of(stems: Sequence[Explanation]) -> tuple[Step, ...]:
    """The stems added up; their ranges are added up too, for they share their equation."""
    found = [{step.name: step for step in stem.steps} for stem in stems]
    if not all(_SUMMED[-1] in steps for steps in found):
        return ()
    return tuple(_sum([steps[name] for steps in found]) for name in _SUMMED)


def _sum(steps: Sequence[Step]) -> Step:
    value = fsum([step.value for step in steps])
    calculation = " + ".join(step.taken for step in steps)
    return Step(steps[0].name, steps[0].symbol, f"Σ {steps[0].symbol}", calculation, value, steps[0].unit)
