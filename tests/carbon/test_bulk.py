"""Columns of trees give what single trees give, to the last bit and in any order."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fieldapp.carbon import registry
from fieldapp.carbon.bulk import ColumnEstimator, Inputs
from fieldapp.carbon.estimate import RegistryEstimator
from fieldapp.domain.sinks import SinkInput

REGISTRY = registry.load()
ESTIMATOR = RegistryEstimator(REGISTRY, allow_memory=True)
COLUMNS = ColumnEstimator(ESTIMATOR)
NAMES = [species.chinese for species in REGISTRY.species_list] + ["", "没有这种树"]
EQUATIONS = [equation.id for equation in REGISTRY.equations.values()] + ["", "nothing"]

diameters = st.one_of(st.none(), st.floats(-1, 320), st.sampled_from([0.0, 4.5, 5.0, 16.0, 300.0, float("nan")]))
heights = st.one_of(st.none(), st.floats(1, 110))
densities = st.one_of(st.none(), st.floats(0, 2))
trees = st.builds(
    SinkInput,
    st.sampled_from(NAMES),
    diameters,
    heights,
    densities,
    st.one_of(st.none(), st.sampled_from(EQUATIONS)),
)


def _inputs(rows: list[SinkInput]) -> Inputs:
    return Inputs(
        [row.species for row in rows],
        [row.dbh_cm for row in rows],
        [row.height_m for row in rows],
        [row.wood_density for row in rows],
        [row.equation_id for row in rows],
    )


@given(st.lists(trees, max_size=30))
@settings(max_examples=60, deadline=None)
def test_columns_equal_single_trees(rows: list[SinkInput]) -> None:
    results = COLUMNS.estimate(_inputs(rows))
    for place, row in enumerate(rows):
        assert results.sink(place) == ESTIMATOR.estimate(row)


@given(st.lists(trees, min_size=2, max_size=20), st.randoms(use_true_random=False))
@settings(max_examples=30, deadline=None)
def test_order_does_not_matter(rows: list[SinkInput], rng: random.Random) -> None:
    places = list(range(len(rows)))
    rng.shuffle(places)
    straight = COLUMNS.estimate(_inputs(rows))
    shuffled = COLUMNS.estimate(_inputs([rows[place] for place in places]))
    assert [straight.sink(place) for place in places] == [shuffled.sink(place) for place in range(len(rows))]


def test_a_plain_block_without_optional_columns() -> None:
    rng = random.Random(7)
    names = ["杉木", "马尾松", "柳杉", "漆", "毛竹", "麻栎"]
    species = [rng.choice(names) for _ in range(2000)]
    d = [rng.uniform(1, 40) for _ in range(2000)]
    h = [rng.uniform(2, 20) if rng.random() < 0.3 else None for _ in range(2000)]
    results = COLUMNS.estimate(Inputs(species, d, h))
    for place in range(2000):
        assert results.sink(place) == ESTIMATOR.estimate(SinkInput(species[place], d[place], h[place]))


def test_nothing_in_nothing_out() -> None:
    assert len(COLUMNS.estimate(Inputs([], [], []))) == 0


def test_an_equation_that_falls_below_zero_is_refused_row_by_row() -> None:
    equation = "quercus_glauca-694466"  # -45.151 + 9.4051 D
    results = COLUMNS.estimate(Inputs(["青冈"] * 2, [4.0, 10.0], [None, None], None, [equation] * 2))
    assert results.sink(0).error == "carbon_equation_gives_nothing"
    assert results.sink(1).agb_kg == pytest.approx(48.9, abs=1e-6)
