"""A growing tree changes its equation seldom, and never loses half of its sink by it."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from fieldapp.carbon.bulk import ColumnEstimator, Inputs
from fieldapp.carbon.choice_steps import choice_steps
from fieldapp.carbon.entries import Equation, Species
from fieldapp.carbon.estimate import RegistryEstimator
from fieldapp.carbon.registry import Registry
from fieldapp.domain.sinks import SinkInput


def test_no_step_takes_half_of_the_sink(estimator: RegistryEstimator) -> None:
    steps = choice_steps(estimator)
    assert steps
    assert min(step.change for step in steps) > -0.25
    assert max(step.change for step in steps) < 0.5
    assert ("pinus_massoniana", 4.5) in {(step.species, step.d_cm) for step in steps}


def test_the_steps_are_all_there_are(estimator: RegistryEstimator) -> None:
    listed = {(step.before, step.after) for step in choice_steps(estimator)}
    for species in estimator.registry.species_list:
        d_cm = [place / 4 for place in range(4, 200)]
        chosen = [estimator.plan(SinkInput(species.id, one)).choice for one in d_cm]
        for before, after in pairwise(one.equation.id for one in chosen if one is not None):
            assert before == after or (before, after) in listed


def test_an_aspen_keeps_its_equation(estimator: RegistryEstimator) -> None:
    grown = [estimator.estimate(SinkInput("山杨", place / 10)).co2e_kg or 0.0 for place in range(30, 420)]
    assert all(later > earlier for earlier, later in pairwise(grown))


class Gap(Registry):
    """The shipped registry, with two equations for Masson pine whose ranges leave a gap."""

    def equations_for(self, species: Species) -> list[Equation]:
        """The same for every species."""
        base = self.equations["pinus_massoniana-20caf8"]
        return [
            replace(base, id="small", n=40, d_min_cm=4.1, d_max_cm=8.3),
            replace(base, id="large", n=12, d_min_cm=12.6, d_max_cm=20.7),
        ]


def test_in_a_gap_the_nearest_range_counts_and_columns_agree(shipped: Registry) -> None:
    estimator = RegistryEstimator(Gap(shipped.contents))
    d_cm = [1.0, 8.3, 10.4, 10.449999999999998, 10.45, 10.450000000000003, 10.46, 12.6, 20.7, 90.0]
    single = [estimator.plan(SinkInput("马尾松", one)).choice for one in d_cm]
    names = [one.equation.id for one in single if one is not None]
    assert names[:3] == ["small"] * 3
    assert names[6:] == ["large"] * 4
    none: list[float | None] = [None] * len(d_cm)
    found = ColumnEstimator(estimator).estimate(Inputs(["马尾松"] * len(d_cm), d_cm, none))
    assert [found.sink(place).equation_id for place in range(len(d_cm))] == names
