"""Sums that measurements have left behind are read as right as those that are written."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fieldapp.domain.ids import new_id
from fieldapp.domain.records import Measurement
from fieldapp.storage import reads, stale_sums, sums
from fieldapp.storage.derived import TREE_COLUMNS
from fieldapp.storage.household_sums import HouseholdChanges, parts_of
from fieldapp.storage.store import Store
from fieldapp.storage.undo import redo, undo

KEPT = "trees, counted, measured, estimated, tree_photos, co2e_mg"
steps = st.lists(
    st.tuples(st.sampled_from(["dbh", "height", "clear"]), st.integers(0, 3), st.integers(5, 60))
    | st.tuples(st.sampled_from(["dead", "bin", "species", "move", "parcel"]), st.integers(0, 3), st.integers(0, 1))
    | st.just(("undo", 0, 0))
    | st.just(("redo", 0, 0)),
    min_size=1,
    max_size=12,
)


def stale(store: Store) -> int:
    return int(store.rows("SELECT count(*) FROM household_current WHERE kinds = ''")[0][0])


def shown(store: Store, village: str) -> list[Any]:
    """Everything that a reader is told."""
    area = sums.area_totals(store, village)
    ends = (area.total.co2e_kg, area.total.low_kg, area.total.high_kg)
    return [reads.households(store, village), area.total.trees, area.trees, tuple(round(end, 6) for end in ends)]


def act(store: Store, stands: list[Any], step: tuple[str, int, int]) -> None:
    what, which, value = step
    trees = [tree for stand in stands for tree in stand.trees]
    tree = store.get(type(trees[0]), trees[which].id)
    parcel = store.get(type(stands[0].parcel), stands[which % 2].parcel.id)
    assert tree is not None
    assert parcel is not None
    with store.unit() as unit:
        if what in ("dbh", "height", "clear"):
            values: dict[str, Any] = {"dbh": {"dbh_cm": value}, "height": {"height_m": value}}.get(
                what, {"cleared": "dbh_cm"}
            )
            unit.add(Measurement(id=new_id(), village_code=tree.village_code, tree_id=tree.id, **values))
        elif what == "dead":
            unit.edit(tree, state="dead" if value else "alive")
        elif what == "bin":
            unit.edit(tree, removed=value)
        elif what == "species":
            unit.edit(tree, species="柏木" if value else "杉木")
        elif what == "move":
            unit.edit(tree, parcel_id=stands[value].parcel.id)
        else:
            unit.edit(parcel, removed=value)
        unit.commit()


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps)
def test_read_written_and_counted_anew_are_one(
    make_store: Callable[[str], Store], field: Any, taken: list[tuple[str, int, int]]
) -> None:
    store = make_store(new_id().hex())
    stands = [field.plant(store, 2), field.plant(store, 2)]
    for step in taken:
        if step[0] in ("undo", "redo"):
            (undo if step[0] == "undo" else redo)(store)
        else:
            act(store, stands, step)
        before = shown(store, field.village)
        store.connection.execute("BEGIN IMMEDIATE")
        stale_sums.settle(store.connection)
        assert shown(store, field.village) == before
        assert_counted_anew(store)
        if step[1] % 2:  # what is stale stays so in the other cases, over many saves
            store.connection.execute("COMMIT")
        else:
            store.connection.execute("ROLLBACK")
    store.close()


def assert_counted_anew(store: Store) -> None:
    """The rows of all households are what one count over all trees gives."""
    assert stale(store) == 0
    kept = store.rows(f"SELECT household_id, {KEPT}, kinds FROM household_current ORDER BY 1")
    store.connection.execute("SAVEPOINT anew")
    store.connection.execute(f"UPDATE household_current SET ({KEPT}, kinds) = (0, 0, 0, 0, 0, 0, '[]')")
    changes = HouseholdChanges()
    for row in store.rows(f"SELECT {', '.join(TREE_COLUMNS)} FROM tree_current"):
        changes.count(dict(zip(TREE_COLUMNS, row, strict=True)), 1)
    changes.write(store.connection)
    counted = store.rows(f"SELECT household_id, {KEPT}, kinds FROM household_current ORDER BY 1")
    store.connection.execute("ROLLBACK TO anew")
    assert [row[:-1] for row in kept] == [row[:-1] for row in counted]
    for (*_, one), (*_, other) in zip(kept, counted, strict=True):
        pairs = list(zip(parts_of(one), parts_of(other), strict=True))
        assert all(a.kind == b.kind for a, b in pairs)
        assert all([*vars_of(a)] == pytest.approx([*vars_of(b)]) for a, b in pairs)


def vars_of(part: Any) -> list[float]:
    return [getattr(part, name) for name in part.__dataclass_fields__ if name != "kind"]


def test_a_second_measurement_writes_nothing_to_its_household(store: Store, field: Any) -> None:
    stand = field.plant(store, 2)
    act(store, [stand, stand], ("dbh", 0, 20))
    assert stale(store) == 1
    row = store.rows("SELECT * FROM household_current")
    act(store, [stand, stand], ("dbh", 1, 30))
    assert store.rows("SELECT * FROM household_current") == row
    assert sums.area_totals(store, field.village).total.co2e_kg == pytest.approx(
        sums.tree_totals(store, stand.household.id).total.co2e_kg
    )


def test_sums_are_written_with_every_1024th_operation(store: Store, field: Any) -> None:
    stand = field.plant(store, 2)
    for number in range(stale_sums.SETTLED_EVERY):
        act(store, [stand, stand], ("height", number % 2, 5 + number % 20))
        if number and not stale(store):
            break
    assert stale(store) == 0
    assert_counted_anew(store)


def test_only_a_few_households_are_stale_whoever_measures_in_many(store: Store, field: Any) -> None:
    stands = [field.plant(store, 2) for _ in range(stale_sums.AT_MOST + 3)]
    most = 0
    for stand in stands:
        act(store, [stand, stand], ("dbh", 0, 20))
        most = max(most, stale(store))
        assert_stays_when_settled(store, field.village)
    assert most == stale_sums.AT_MOST


def test_one_save_that_measures_in_many_households_leaves_few_stale(store: Store, field: Any) -> None:
    stands = [field.plant(store, 2) for _ in range(stale_sums.AT_MOST + 3)]
    with store.unit() as unit:
        for number in (0, 1):  # every household comes again after the sums of the first were written
            for stand in stands:
                tree = stand.trees[number]
                unit.add(Measurement(id=new_id(), village_code=tree.village_code, tree_id=tree.id, dbh_cm=20.0))
        unit.commit()
    assert stale(store) <= stale_sums.AT_MOST
    assert_stays_when_settled(store, field.village)


def assert_stays_when_settled(store: Store, village: str) -> None:
    """What is read now is what is read once all sums are written, and what all trees give."""
    before = shown(store, village)
    store.connection.execute("BEGIN IMMEDIATE")
    stale_sums.settle(store.connection)
    assert shown(store, village) == before
    assert_counted_anew(store)
    store.connection.execute("ROLLBACK")
