"""The plan: the same for the same seed, of nobody, and as uneven as a real village."""

from __future__ import annotations

from collections import Counter

import pytest

from fieldapp.domain import idcard, places
from fieldapp.domain.records import Household, Measurement, Member, Parcel, Position
from fieldapp.practice.people import with_wrong_checksum
from fieldapp.practice.village import VILLAGE_CODE, PracticeVillage, plan_village


@pytest.fixture(scope="module")
def plan() -> PracticeVillage:
    return plan_village(2018, 8_000)


def test_the_same_seed_gives_the_same_village() -> None:
    assert plan_village(5, 300) == plan_village(5, 300)
    assert plan_village(5, 300) != plan_village(6, 300)


def test_the_salt_changes_ids_and_nothing_else() -> None:
    one, other = plan_village(5, 300), plan_village(5, 300, b"other laptop")
    assert [h.household.head_name for h in one.households] == [h.household.head_name for h in other.households]
    assert not {h.household.id for h in one.households} & {h.household.id for h in other.households}


@pytest.mark.parametrize("trees", [1, 2, 7, 399, 8_000])
def test_exactly_so_many_trees_are_planned(trees: int) -> None:
    assert plan_village(1, trees).trees == trees


def test_it_is_marked_as_practice_and_stands_on_a_known_code(plan: PracticeVillage) -> None:
    assert (plan.village.practice, plan.village.name) == (1, "练习村")
    assert places.load().village(VILLAGE_CODE) is not None


def test_nobody_in_it_exists(plan: PracticeVillage) -> None:
    people = [h.household for h in plan.households]
    people_too = [record for h in plan.households for record in h.records if isinstance(record, Member)]
    numbers = [person.id_number for person in (*people, *people_too) if person.id_number]
    assert len(numbers) == len(set(numbers))
    assert all(number[14:17] == "000" for number in numbers)
    assert all(home.phone is None or home.phone.startswith("1000000") for home in people)
    assert all((home.bank_account or "").startswith("999999") for home in people)


def test_id_numbers_are_right_but_for_the_slips(plan: PracticeVillage) -> None:
    homes: list[Household] = [h.household for h in plan.households]
    wrong = [home for home in homes if not idcard.check_id(home.id_number or "").valid]
    assert 1 <= len(wrong) <= 4
    assert not idcard.check_id(with_wrong_checksum("522632196802010000")).valid


def test_ids_are_unique_and_in_the_order_of_recording(plan: PracticeVillage) -> None:
    ids = [tree.tree.id for household in plan.households for tree in household.trees]
    ids += [fact.id for household in plan.households for tree in household.trees for fact in tree.facts]
    assert len(ids) == len(set(ids))
    first = plan.households[0].trees
    assert [tree.tree.id[:6] for tree in first] == sorted(tree.tree.id[:6] for tree in first)


def test_a_village_as_uneven_as_a_real_one(plan: PracticeVillage) -> None:
    assert len(plan.households) == 40
    assert {h.household.group_name for h in plan.households} == {"一组", "二组", "三组", "四组", "五组"}
    assert sum(len(h.trees) > 450 for h in plan.households) == 1
    trees = [tree for household in plan.households for tree in household.trees]
    measured = [fact for tree in trees for fact in tree.facts if isinstance(fact, Measurement)]
    dbh = sorted(fact.dbh_cm or 0 for fact in measured)
    assert 5 <= dbh[len(dbh) // 4] <= dbh[len(dbh) * 3 // 4] <= 9
    assert dbh[-1] > 20  # girths taken for diameters, and old trees
    assert 0.1 < sum(fact.height_m is not None for fact in measured) / len(measured) < 0.25
    states = Counter(tree.tree.state for tree in trees)
    assert states["alive"] > 0.95 * len(trees)
    assert set(states) == {"alive", "dead", "lost", "felled", "replaced"}
    tags = Counter(tree.tree.tag for tree in trees)
    assert 1 <= sum(count > 1 for count in tags.values()) <= 15


def test_trees_stand_inside_their_parcels(plan: PracticeVillage) -> None:
    household = plan.households[0]
    parcel = next(record for record in household.records if isinstance(record, Parcel))
    corners = [tuple(map(float, pair.split())) for pair in (parcel.boundary_wkt or "")[9:-2].split(", ")]
    west, east = min(lon for lon, _ in corners), max(lon for lon, _ in corners)
    south, north = min(lat for _, lat in corners), max(lat for _, lat in corners)
    facts = [fact for tree in household.trees if tree.tree.parcel_id == parcel.id for fact in tree.facts]
    places_ = [(fact.lat or 0, fact.lon or 0) for fact in facts if isinstance(fact, Position)]
    inside = [south <= lat <= north and west <= lon <= east for lat, lon in places_]
    assert sum(inside) >= len(inside) - 1  # one in a thousand is mistyped by a degree
