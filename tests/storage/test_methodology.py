"""The methodology of a profile: kept by it, changed only with the person."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from fieldapp import paths
from fieldapp.carbon.estimate import RegistryEstimator
from fieldapp.carbon.registry import Registry, load
from fieldapp.domain.records import Household
from fieldapp.domain.sinks import method_name
from fieldapp.errors import ItemError
from fieldapp.storage import methodology, methods, office_keys, profile, reads, sums
from fieldapp.storage.backup import backup, restore
from fieldapp.storage.method_change import change
from fieldapp.storage.store import Store
from tests.storage.conftest import VILLAGE, plant, plant_tree


def estimator(version: str = "2026.2", coefficient: str = "") -> RegistryEstimator:
    """The shipped methodology, or one of another version in which a tenth more carbon is counted."""
    folder = paths.resources() / "species"
    contents = dict(load(folder).contents)
    text = contents["version.json"].decode("utf-8")
    contents["version.json"] = text.replace('"2026.2"', f'"{version}"').encode("utf-8")
    if coefficient:
        factors = contents["equations.csv"].decode("utf-8")
        assert "a=0.0881;b=2.4651" in factors
        contents["equations.csv"] = factors.replace("a=0.0881;b=2.4651", coefficient).encode("utf-8")
    return RegistryEstimator(Registry(contents))


OLD = estimator()
NEW = estimator("2027.1", "a=0.0981;b=2.4651")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A practice profile's folder."""
    made = tmp_path / "p"
    profile.create(made, person="王", pin=None, practice=True)
    return made


@pytest.fixture
def open_it(folder: Path) -> Iterator[Callable[[RegistryEstimator], Store]]:
    """Opens the profile with a program that brings some methodology; closes what is open before."""
    made: list[Store] = []

    def opened(brought: RegistryEstimator = OLD) -> Store:
        for store in made:
            store.close()
        made.append(profile.open_store(folder, pin=None, estimator=brought))
        return made[-1]

    yield opened
    for store in made:
        store.close()


def pines(store: Store, trees: int = 3, state: str = "draft") -> Household:
    """A household with Masson pines."""
    stand = plant(store, trees)
    with store.unit() as unit:
        unit.edit(stand.parcel, species="马尾松")
        household = unit.edit(stand.household, state=state)
        unit.commit()
    return household


def versions(store: Store, household: Household) -> set[str]:
    """What the household's trees say they were computed with."""
    return {row.sink.method_version for row in reads.tree_rows(store, household.id)}


def sum_of(store: Store, household: Household) -> float:
    """The household's sum as the list shows it, which is what its trees say."""
    shown = next(row for row in reads.households(store, VILLAGE) if row.id == household.id)
    assert shown.co2e_kg == pytest.approx(sums.tree_totals(store, household.id).co2e_kg, abs=1e-5)
    return shown.co2e_kg


def test_a_newer_program_changes_nothing_by_itself(open_it: Callable[..., Store]) -> None:
    store = open_it(OLD)
    household = pines(store)
    before = sum_of(store, household)
    store = open_it(NEW)
    assert store.estimator.method_version == OLD.method_version
    assert (versions(store, household), sum_of(store, household)) == ({OLD.method_version}, before)
    view = reads.household(store, household.id)
    assert view is not None
    with store.unit() as unit:
        plant_tree(unit, view.parcels[0], "T9")
        unit.commit()
    assert versions(store, household) == {OLD.method_version}


def test_adopting_recomputes_drafts_and_leaves_what_was_handed_in(open_it: Callable[..., Store]) -> None:
    store = open_it()
    draft, ready, returned, out = (pines(store, 3, state) for state in ("draft", "ready", "returned", "not_eligible"))
    before = sum_of(store, draft)
    seen: list[tuple[int, int]] = []
    methodology.adopt(store, NEW, lambda done, total: seen.append((done, total)))
    assert seen[-1] == (6, 6)
    for household in (draft, returned):
        assert versions(store, household) == {NEW.method_version}
        assert sum_of(store, household) > before * 1.05
    for household in (ready, out):
        assert versions(store, household) == {OLD.method_version}
        assert sum_of(store, household) == before
    assert [(one.version, one.active, one.households) for one in methodology.in_use(store)] == [
        (NEW.method_version, True, 2),
        (OLD.method_version, False, 2),
    ]
    assert method_name(store.estimator_of(ready.id)) == method_name(OLD)
    assert store.setting(methods.ACTIVE) == NEW.checksum


def test_a_change_of_what_was_handed_in_is_computed_as_it_was_made(open_it: Callable[..., Store]) -> None:
    store = open_it()
    ready = pines(store, 2, "ready")
    methodology.adopt(store, NEW)
    store = open_it()
    view = reads.household(store, ready.id)
    assert view is not None
    with store.unit() as unit:
        plant_tree(unit, view.parcels[0], "T9", 7.5)
        unit.commit()
    assert versions(store, ready) == {OLD.method_version}
    other = store.reopen()  # the connection of a sync computes by the same
    assert method_name(other.estimator_of(ready.id)) == method_name(OLD)
    other.close()


def test_a_returned_household_stays_behind_until_the_pack_is_taken_again(open_it: Callable[..., Store]) -> None:
    store = open_it()
    household = pines(store, 2, "ready")
    methodology.adopt(store, NEW)
    assert methodology.is_settled(store, NEW)
    with store.unit() as unit:
        unit.edit(household, state="returned")
        unit.commit()
    assert versions(store, household) == {OLD.method_version}
    assert not methodology.is_settled(store, NEW)
    assert change(store, NEW).changed == 2
    methodology.adopt(store, NEW)
    assert versions(store, household) == {NEW.method_version}
    assert methodology.is_settled(store, NEW)


def test_the_difference_is_what_the_adoption_does(open_it: Callable[..., Store]) -> None:
    store = open_it()
    first, second, ready = pines(store, 3), pines(store, 5), pines(store, 4, "ready")
    with store.unit() as unit:
        unit.add(Household(id=bytes(15) + b"\1", village_code=VILLAGE, device_tag=store.tag, number=99))  # type: ignore[arg-type]
        unit.commit()
    found = change(store, NEW)
    assert (found.trees, found.changed, found.kept) == (8, 8, 1)
    assert found.kept_kg == pytest.approx(sum_of(store, ready))
    assert len(found.biggest) == 8
    assert versions(store, first) == {OLD.method_version}  # nothing was stored
    methodology.adopt(store, NEW)
    told = {one.id: one.new_kg for one in found.households}
    for household in (first, second):
        assert told[household.id] == pytest.approx(sum_of(store, household), abs=1e-5)
    assert change(store, NEW).changed == 0


def test_one_version_has_one_content(open_it: Callable[..., Store]) -> None:
    store = open_it()
    pines(store)
    with pytest.raises(ItemError) as caught:
        methodology.adopt(store, estimator("2026.2", "a=0.0981;b=2.4651"))
    assert caught.value.code == "methodology_same_version"
    assert caught.value.params["kept"] != caught.value.params["found"]
    assert store.setting(methods.ACTIVE) == OLD.checksum


def test_a_backup_carries_the_methodologies(open_it: Callable[..., Store], tmp_path: Path) -> None:
    store = open_it()
    ready, draft = pines(store, 2, "ready"), pines(store, 2)
    methodology.adopt(store, NEW)
    backup(store, tmp_path / "b")
    restore(tmp_path / "b", tmp_path / "again")
    again = profile.open_store(tmp_path / "again", pin=None, estimator=estimator("2030.1"))
    try:
        assert method_name(again.estimator) == method_name(NEW)
        assert method_name(again.estimator_of(ready.id)) == method_name(OLD)
        assert versions(again, draft) == {NEW.method_version}
    finally:
        again.close()


def test_a_methodology_that_cannot_be_read_computes_nothing_else(open_it: Callable[..., Store]) -> None:
    store = open_it()
    household = pines(store, 2)
    before = sum_of(store, household)
    kept = dict(OLD.contents) | {"version.json": b"of another time"}
    store.set_setting(methods.FILES + OLD.checksum, methods.packed(OLD.method_version, kept))
    store = open_it(NEW)
    assert store.estimator.method_version == OLD.method_version
    assert sum_of(store, household) == before
    view = reads.household(store, household.id)
    assert view is not None
    with store.unit() as unit:
        added = plant_tree(unit, view.parcels[0], "T9")
        unit.commit()
    row = reads.tree_row(store, added.id)
    assert row is not None
    assert (row.sink.co2e_kg, row.sink.error) == (None, "methodology_unreadable")
    methodology.adopt(store, NEW)
    assert versions(store, household) == {NEW.method_version}


def test_keys_are_trusted_by_a_person(open_it: Callable[..., Store]) -> None:
    store = open_it()
    assert office_keys.trusted(store) == []
    office_keys.trust(store, b"k" * 32)
    office_keys.trust(store, b"k" * 32)
    office_keys.trust(store, b"l" * 32)
    assert [one.public[:1] for one in office_keys.trusted(open_it())] == [b"k", b"l"]
    assert len(office_keys.trusted(open_it())[0].fingerprint) == 29
    assert office_keys.distrust(open_it(), b"k" * 32)
    assert not office_keys.distrust(open_it(), b"k" * 32)
