"""Tags used twice, wherever in the profile."""

from __future__ import annotations

from pathlib import Path

from fieldapp.carbon.estimate import RegistryEstimator
from fieldapp.carbon.registry import load
from fieldapp.domain.ids import RecordId, new_id
from fieldapp.domain.records import Household, Parcel, Tree
from fieldapp.storage import oplog, profile
from fieldapp.storage.store import Store
from fieldapp.storage.tags import doubled_households, free_tags, tag_counts

VILLAGE = "522632106203"


def add_trees(store: Store, tags: list[str | None]) -> tuple[RecordId, list[Tree]]:
    """A household whose parcel has trees with these tags."""
    with store.unit() as unit:
        household = unit.add(Household(id=new_id(), village_code=VILLAGE))
        parcel = unit.add(Parcel(id=new_id(), village_code=VILLAGE, household_id=household.id))
        trees = [unit.add(Tree(id=new_id(), village_code=VILLAGE, parcel_id=parcel.id, tag=tag)) for tag in tags]
        unit.commit()
    return household.id, trees


def test_a_tag_counts_in_all_households_and_not_in_the_bin(tmp_path: Path) -> None:
    profile.create(tmp_path / "p", person="Wei", pin=None, practice=True)
    store = profile.open_store(tmp_path / "p", pin=None, estimator=RegistryEstimator(load()))
    try:
        here, trees = add_trees(store, ["A1", "A2", "A2", None, None])
        there, _ = add_trees(store, ["A1", "B1"])
        assert tag_counts(store, here) == {"A1": 2, "A2": 2}
        assert tag_counts(store, there) == {"A1": 2}
        with store.unit() as unit:
            unit.edit(trees[0], removed=1)
            unit.commit()
        assert tag_counts(store, there) == {}
    finally:
        store.close()


def test_a_proposed_tag_is_free_and_goes_on_after_the_highest_of_its_form(tmp_path: Path) -> None:
    profile.create(tmp_path / "p", person="Wei", pin=None, practice=True)
    store = profile.open_store(tmp_path / "p", pin=None, estimator=RegistryEstimator(load()))
    try:
        assert free_tags(store, [None]) == {}
        add_trees(store, ["LX0099", "LX0100", "LX100", "LX01000", "LX0250b", "LX02x0", "T*1", "T*2"])
        add_trees(store, ["LX0200", None])
        assert free_tags(store, ["LX0099"]) == {"LX0100": "LX0201", "": "LX0201"}
        assert free_tags(store, ["LX0100", None, "no number"]) == {"": "LX0201"}
        assert free_tags(store, ["T*1"]) == {"T*2": "T*3", "": "LX0201"}
        _, trees = add_trees(store, ["LX0201", "A7"])
        with store.unit() as unit:
            unit.edit(trees[1], removed=1)
            unit.commit()
        assert free_tags(store, ["LX0200"]) == {"LX0201": "LX0202", "": "LX0202"}
    finally:
        store.close()


def test_the_same_roll_of_two_laptops_is_noticed_where_it_meets(tmp_path: Path) -> None:
    stores = []
    for name in ("first", "second"):
        profile.create(tmp_path / name, person="Wei", pin=None, practice=True)
        stores.append(profile.open_store(tmp_path / name, pin=None, estimator=RegistryEstimator(load())))
    first, second = stores
    try:
        there, pulled = add_trees(first, ["0341", "0342", "0343"])
        here, _ = add_trees(second, ["0341", None])
        assert free_tags(second, ["0341"]) == {"": "0342"}
        oplog.apply(second, oplog.pending(first, after=0), village_code=VILLAGE)
        assert tag_counts(second, here) == {"0341": 2}
        assert set(doubled_households(second, [tree.id for tree in pulled], 9)) == {here, there}
        assert doubled_households(second, [tree.id for tree in pulled[1:]], 9) == []
        assert free_tags(second, ["0341"])["0342"] == "0344"
    finally:
        for store in stores:
            store.close()
