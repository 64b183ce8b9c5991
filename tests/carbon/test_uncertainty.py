"""What averages out and what does not: closed form against Monte Carlo, and against printed figures."""

from __future__ import annotations

import random
from math import sqrt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fieldapp.carbon import registry
from fieldapp.carbon.bulk import ColumnEstimator, Inputs
from fieldapp.carbon.estimate import RegistryEstimator
from fieldapp.carbon.estimates import Estimates
from fieldapp.carbon.routes import Route
from fieldapp.carbon.uncertainty import simulate, totals
from fieldapp.domain.sinks import SinkInput
from fieldapp.domain.totals import Total

ESTIMATOR = RegistryEstimator(registry.load())
COLUMNS = ColumnEstimator(ESTIMATOR)
Z = 1.645


def _stand(size: int, seed: int, names: tuple[str, ...] = ("马尾松",)) -> tuple[list[str], list[float]]:
    rng = random.Random(seed)
    return [rng.choice(names) for _ in range(size)], [rng.uniform(5.2, 8.0) for _ in range(size)]


def _estimates(species: list[str], d: list[float]) -> Estimates:
    return COLUMNS.estimate(Inputs(species, d, [None] * len(d)))


def _route(tree: SinkInput) -> Route:
    route = ESTIMATOR.plan(tree).route
    assert route is not None
    return route


@pytest.mark.parametrize(("size", "draws"), [(1, 3000), (30, 800)])
@pytest.mark.parametrize("name", ["马尾松", "柏木"])
def test_closed_form_agrees_with_monte_carlo(size: int, draws: int, name: str) -> None:
    species, d = _stand(size, 3, (name,))
    total = totals(_estimates(species, d), ["a"] * size)["a"]
    trees = [[(_route(SinkInput(name, one)), one, None)] for one in d]
    mean, half = simulate(trees, draws, seed=11, z=Z)
    assert mean == pytest.approx(total.co2e_kg, rel=0.03)
    assert half == pytest.approx(total.half_width_kg, rel=0.10)


def test_the_same_seed_draws_the_same() -> None:
    trees = [[(_route(SinkInput("马尾松", 6.0)), 6.0, None)]]
    assert simulate(trees, 50, 5, Z) == simulate(trees, 50, 5, Z)
    assert simulate(trees, 50, 5, Z) != simulate(trees, 50, 6, Z)


def test_the_random_part_averages_out_and_the_bias_stays() -> None:
    species, d = _stand(450, 1)
    total = totals(_estimates(species, d), ["a"] * 450)["a"]
    assert total.random_half_width_kg / total.co2e_kg < 0.03
    assert total.correlated_half_width_kg / total.co2e_kg == pytest.approx(0.15)  # n = 36: 15 % at 90 %
    assert total.half_width_kg == pytest.approx(sqrt(total.random_half_width_kg**2 + total.correlated_half_width_kg**2))


def test_one_trees_total_is_its_range() -> None:
    sink = ESTIMATOR.estimate(SinkInput("柏木", 7.0))
    total = totals(_estimates(["柏木"], [7.0]), ["a"])["a"]
    assert total.low_kg == pytest.approx(sink.co2e_low_kg)
    assert total.high_kg == pytest.approx(sink.co2e_high_kg)


@given(st.randoms(use_true_random=False))
@settings(max_examples=20, deadline=None)
def test_the_order_of_trees_does_not_matter(rng: random.Random) -> None:
    species, d = _stand(60, 2, ("马尾松", "杉木", "漆", "没有"))
    groups = [f"household {place % 3}" for place in range(60)]
    straight = totals(_estimates(species, d), groups)
    places = list(range(60))
    rng.shuffle(places)
    shuffled = totals(_estimates([species[p] for p in places], [d[p] for p in places]), [groups[p] for p in places])
    assert straight == shuffled


def test_households_add_up_to_the_village() -> None:
    species, d = _stand(300, 4, ("马尾松", "柳杉", "毛竹"))
    estimates = _estimates(species, d)
    households = totals(estimates, [str(place // 100) for place in range(300)])
    whole = totals(estimates, ["village"] * 300)["village"]
    village = Total()
    for total in households.values():
        village.add(total)
    assert village.trees == whole.trees
    assert village.refused == whole.refused == species.count("毛竹")
    assert village.co2e_kg == pytest.approx(whole.co2e_kg)
    assert village.half_width_kg == pytest.approx(whole.half_width_kg)
    assert sum(count for count, _kg in village.by_equation.values()) == village.trees
