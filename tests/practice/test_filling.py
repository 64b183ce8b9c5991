"""The village in a real profile: two laptops' history, conflicts to settle, nothing out of order."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from fieldapp.carbon import registry
from fieldapp.carbon.estimate import RegistryEstimator
from fieldapp.domain.records import Tree, Village
from fieldapp.errors import ItemError
from fieldapp.practice import filling
from fieldapp.practice.corrections import plan_corrections
from fieldapp.practice.village import VILLAGE_CODE, plan_village
from fieldapp.storage import profile, reads
from fieldapp.storage.store import Store


def _open(folder: Path, *, practice: bool = True) -> Store:
    pin = None if practice else "2468"
    profile.create(folder, person="练习", pin=pin, practice=practice)
    return profile.open_store(folder, pin=pin, estimator=RegistryEstimator(registry.load()))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = _open(tmp_path / "village")
    yield opened
    opened.close()


def test_one_profile_holds_the_history_of_two_laptops(store: Store) -> None:
    first_tag = store.tag
    plan = plan_village(3, 900)
    counts = filling.fill_both(store, plan, photos=6)
    assert (counts.households, counts.trees, counts.photos) == (len(plan.households), 900, 6)
    conflicts = reads.conflicts(store)
    assert sorted(conflict.field for conflict in conflicts) == ["area_mu", "bank_account", "dbh_cm", "tag"]
    assert all(len({choice.person for choice in conflict.choices}) == 2 for conflict in conflicts)
    village = store.get(Village, plan.village.id)
    assert village is not None
    assert village.practice == 1
    homes = reads.households(store, VILLAGE_CODE)
    assert len(homes) == len(plan.households)
    tags = {store.get(Tree, h.trees[0].tree.id).device_tag for h in plan.households}  # type: ignore[union-attr]
    assert tags == {first_tag, store.tag}
    with pytest.raises(ItemError, match="practice_filled"):
        filling.fill_both(store, plan, photos=0)


def test_work_goes_on_with_the_wall_clock_and_new_numbers(store: Store) -> None:
    wall = store.clock
    filling.fill_both(store, plan_village(3, 100), photos=0)
    assert store.clock is wall
    with store.unit() as unit:
        number = unit.next_number(Tree, VILLAGE_CODE)
        unit.commit()
    taken = {row[0] for row in store.rows("SELECT number FROM tree WHERE device_tag = ?", (store.tag,))}
    assert number not in taken


def test_a_real_profile_is_refused(tmp_path: Path) -> None:
    real = _open(tmp_path / "real", practice=False)
    with pytest.raises(ItemError, match="practice_only"):
        filling.fill_both(real, plan_village(1, 10), photos=0)
    real.close()


def test_a_half_made_village_is_told(store: Store) -> None:
    plan = plan_village(3, 50)
    filling.record(store, plan, 1)
    with pytest.raises(ItemError, match="practice_unfinished"):
        filling.fill_both(store, plan, photos=0)


def test_two_profiles_record_a_part_each(tmp_path: Path, store: Store) -> None:
    plan = plan_village(3, 600, b"one project")
    other = _open(tmp_path / "other")
    mine = filling.record(store, plan, 1)
    theirs = filling.record(other, plan, 2)
    assert mine.trees + theirs.trees == 600
    corrections = plan_corrections(plan, b"one project")
    made = filling.correct(other, (c for c in corrections if c.laptop == 2))
    assert 0 < made.corrections < len(corrections)  # what was not synced yet is left out
    other.close()
