"""Ranges of sums: the same for storage and carbon, kept up to date by every save, far narrower than those of a tree."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fieldapp.carbon import registry
from fieldapp.carbon.bulk import ColumnEstimator, Inputs
from fieldapp.carbon.estimate import RegistryEstimator
from fieldapp.carbon.uncertainty import totals
from fieldapp.domain.totals import Kind, Part, Total, total_of
from fieldapp.storage import profile, reads, stale_sums, sums
from fieldapp.storage.store import Store

ESTIMATOR = RegistryEstimator(registry.load())
SPECIES = ("马尾松", "柏木", "柳杉", "杉木")


@pytest.fixture
def real(tmp_path: Path) -> Iterator[Store]:
    """A profile with the shipped methodology."""
    profile.create(tmp_path / "p", person="王", pin=None, practice=True)
    store = profile.open_store(tmp_path / "p", pin=None, estimator=ESTIMATOR)
    yield store
    store.close()


def record(store: Store, field: Any, trees: int) -> tuple[Any, list[str], list[float]]:
    """A household whose trees are of several species and sizes, some of them outside the equations' ranges."""
    stand = field.plant(store, 0)
    species = [SPECIES[number % len(SPECIES)] for number in range(trees)]
    sizes = [3.0 + number % 40 for number in range(trees)]
    with store.unit() as unit:
        for number in range(trees):
            tree = field.plant_tree(unit, stand.parcel, f"T{number:04d}", sizes[number])
            unit.edit(tree, species=species[number])
        unit.commit()
    return stand, species, sizes


def same(one: Total, other: Total) -> bool:
    """Equal up to the milligrams that a household's row is kept in."""
    ends = [(total.co2e_kg, total.random_half_width_kg, total.correlated_half_width_kg) for total in (one, other)]
    return one.trees == other.trees and ends[0] == pytest.approx(ends[1], rel=1e-6)


def test_parcel_household_village_and_county_have_the_range_that_carbon_gives(real: Store, field: Any) -> None:
    stand, species, sizes = record(real, field, 450)
    estimates = ColumnEstimator(ESTIMATOR).estimate(Inputs(species, sizes, [None] * 450))
    expected = totals(estimates, ["h"] * 450)["h"]
    household = sums.tree_totals(real, stand.household.id)
    outside = real.rows("SELECT count(*) FROM tree_current WHERE counted = 1 AND flags LIKE '%extrapolated%'")[0][0]
    assert sum(part.extrapolated for part in household.by_equation) == outside > 0
    assert same(household.total, expected)
    assert same(sums.tree_totals(real, stand.household.id, stand.parcel.id).total, expected)
    for code in (field.village, field.village[:6]):
        area = sums.area_totals(real, code)
        assert same(area.total, expected)
        assert (area.households, area.trees, area.area_mu) == (1, 450, 1.5)
        assert area.method_versions == (ESTIMATOR.method_version,)
    assert sums.area_totals(real, "110101").households == 0


def test_the_random_part_of_450_trees_is_far_narrower_than_that_of_one(real: Store, field: Any) -> None:
    one = sums.tree_totals(real, field.plant(real, 1).household.id).total
    many = sums.tree_totals(real, field.plant(real, 450).household.id).total
    row = reads.tree_rows(real, reads.households(real, field.village)[0].id)[0]
    assert one.high_kg == pytest.approx(row.sink.co2e_high_kg), "one tree's total is its own range"
    assert one.correlated_half_width_kg / one.co2e_kg == pytest.approx(many.correlated_half_width_kg / many.co2e_kg)
    ratio = (many.random_half_width_kg / many.co2e_kg) / (one.random_half_width_kg / one.co2e_kg)
    assert ratio == pytest.approx(450**-0.5)


def test_trees_that_do_not_count_leave_no_trace(real: Store, field: Any) -> None:
    stand, species, sizes = record(real, field, 8)
    other = field.plant(real, 3)
    first, second, third = sorted(reads.tree_rows(real, stand.household.id), key=lambda row: row.tree.tag or "")[:3]
    with real.unit() as unit:
        unit.edit(first.tree, removed=1)
        unit.edit(second.tree, state="dead")
        unit.edit(third.tree, species="没有这种树")
        unit.edit(other.household, removed=1)
        unit.commit()
    estimates = ColumnEstimator(ESTIMATOR).estimate(Inputs(species[3:], sizes[3:], [None] * 5))
    expected = totals(estimates, ["h"] * 5)["h"]
    household = sums.tree_totals(real, stand.household.id)
    assert (household.trees, household.n) == (6, 5)
    assert same(household.total, expected)
    assert same(sums.area_totals(real, field.village).total, expected)


def test_sums_follow_every_edit(real: Store, field: Any) -> None:
    stand, _species, _sizes = record(real, field, 12)
    other = field.plant(real, 2)
    with real.unit() as unit:
        for row in reads.tree_rows(real, stand.household.id)[:6]:
            unit.add(field.measured(row.tree, 21.5))
        unit.edit(reads.tree_rows(real, stand.household.id)[7].tree, parcel_id=other.parcel.id)
        unit.edit(other.parcel, species="柏木")
        unit.commit()
    with real.unit() as unit:
        unit.add(field.measured(reads.tree_rows(real, stand.household.id)[0].tree, 22.0))
        unit.commit()
    both = Total()
    for household in (stand.household, other.household):
        both.add(sums.tree_totals(real, household.id).total)
    assert same(sums.area_totals(real, field.village).total, both)
    with real.unit() as unit:
        for household in (stand.household, other.household):
            for row in reads.tree_rows(real, household.id):
                unit.edit(row.tree, removed=1)
        unit.commit()
    with real.transaction():
        stale_sums.settle(real.connection)
    kept = real.rows("SELECT DISTINCT kinds FROM household_current")
    assert kept == [("[]",)], "adding and taking away leaves no residue"


def test_trees_of_an_equation_that_nobody_knows_share_their_whole_error() -> None:
    part = Part(Kind("x", "gone", ()), 100, 100.0, 100.0, 100 * 0.4**2)
    assert total_of(part, None).half_width_kg == pytest.approx(40.0)
