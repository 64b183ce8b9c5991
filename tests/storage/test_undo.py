"""Undo and redo survive a restart and never rewrite history."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from fieldapp.domain.ids import new_id
from fieldapp.domain.records import Household, Position, Tree
from fieldapp.storage import oplog, reads
from fieldapp.storage.place import Place, recall, remember
from fieldapp.storage.store import Store
from fieldapp.storage.undo import can_redo, can_undo, redo, undo


def edit(store: Store, tree: Tree, **changes: Any) -> None:
    shown = store.get(Tree, tree.id)
    assert shown is not None
    with store.unit() as unit:
        unit.edit(shown, **changes)
        unit.commit()


def tag(store: Store, tree: Tree) -> str | None:
    return store.get(Tree, tree.id).tag  # type: ignore[union-attr]


def test_steps_go_back_and_forth_over_a_restart(make_store: Callable[[str], Store], field: Any) -> None:
    store = make_store("p")
    tree = field.plant(store, 1).trees[0]
    for name in ("A", "B", "C"):
        edit(store, tree, tag=name)
    changes = undo(store)
    assert changes is not None
    assert changes.ids == {("tree", tree.id)}
    assert tag(store, tree) == "B"
    store.close()
    store = make_store("p")
    undo(store)
    assert tag(store, tree) == "A"
    redo(store)
    redo(store)
    assert tag(store, tree) == "C"
    assert redo(store) is None
    assert not can_redo(store)


def test_a_new_save_ends_redo_and_undo_goes_on_before_it(store: Store, field: Any) -> None:
    tree = field.plant(store, 1).trees[0]
    edit(store, tree, tag="A")
    edit(store, tree, tag="B")
    undo(store)
    edit(store, tree, tag="X")
    assert not can_redo(store)
    undo(store)
    assert tag(store, tree) == "A"
    undo(store)
    assert tag(store, tree) == "T0001"


def test_adding_is_taken_back_into_the_bin_and_comes_again(store: Store, field: Any) -> None:
    stand = field.plant(store, 2)
    undo(store)
    assert reads.households(store, field.village) == []
    assert not can_undo(store)
    redo(store)
    assert reads.households(store, field.village)[0].co2e_kg == 24.0
    assert len(reads.tree_rows(store, stand.household.id)) == 2


def test_a_measurement_is_taken_back_by_another_fact(store: Store, field: Any) -> None:
    tree = field.plant(store, 1).trees[0]
    with store.unit() as unit:
        unit.add(field.measured(tree, dbh_cm=9.0, height_m=7.0))
        unit.commit()
    undo(store)
    row = reads.tree_row(store, tree.id)
    assert row is not None
    assert (row.dbh_cm, row.height_m) == (6.0, None)
    redo(store)
    row = reads.tree_row(store, tree.id)
    assert row is not None
    assert (row.dbh_cm, row.height_m) == (9.0, 7.0)


def test_girths_and_stems_come_back_with_their_diameter(store: Store, field: Any) -> None:
    tree = field.plant(store, 1).trees[0]
    for dbh_cm, stems in ((6.5, "C20.4"), (9.7, "6.5+7.2"), (7.0, None)):
        with store.unit() as unit:
            unit.add(replace(field.measured(tree, dbh_cm), stems=stems))
            unit.commit()
    found = []
    for act in (undo, undo, undo, redo, redo, redo):
        act(store)
        row = reads.tree_row(store, tree.id)
        assert row is not None
        found.append((row.dbh_cm, row.stems))
    back = [(9.7, "6.5+7.2"), (6.5, "C20.4"), (6.0, None)]
    assert found == [*back, *reversed(back[:-1]), (7.0, None)]


def test_a_position_goes_back_to_the_one_before_or_to_none(store: Store, field: Any) -> None:
    tree = field.plant(store, 1).trees[0]
    for lat in (26.1, 26.2):
        with store.unit() as unit:
            unit.add(
                Position(
                    id=new_id(), village_code=field.village, subject="tree", subject_id=tree.id, lat=lat, lon=107.0
                )
            )
            unit.commit()
    undo(store)
    assert reads.position(store, tree.id).lat == 26.1  # type: ignore[union-attr]
    undo(store)
    assert reads.position(store, tree.id) is None
    assert reads.tree_row(store, tree.id).lat is None  # type: ignore[union-attr]


def test_what_somebody_else_changed_since_is_left_alone(make_store: Callable[[str], Store], field: Any) -> None:
    first, second = make_store("甲"), make_store("乙")
    tree = field.plant(first, 1).trees[0]
    edit(first, tree, tag="A", remarks="r")
    oplog.apply(second, oplog.pending(first), village_code=field.village)
    edit(second, tree, tag="B")
    oplog.apply(first, oplog.pending(second), village_code=field.village)
    undo(first)
    shown = first.get(Tree, tree.id)
    assert shown is not None
    assert (shown.tag, shown.remarks) == ("B", None)


def test_undo_writes_operations_that_others_take_in(make_store: Callable[[str], Store], field: Any) -> None:
    first, second = make_store("甲"), make_store("乙")
    household = field.plant(first, 1).household
    with first.unit() as unit:
        unit.edit(household, head_name="吴")
        unit.commit()
    undo(first)
    oplog.apply(second, oplog.pending(first), village_code=field.village)
    assert oplog.village_digest(first, field.village) == oplog.village_digest(second, field.village)
    assert second.get(Household, household.id).head_name == "杨进光"  # type: ignore[union-attr]


def test_imports_leave_no_step(store: Store, field: Any) -> None:
    with store.unit(undoable=False) as unit:
        unit.add(Household(id=new_id(), village_code=field.village))
        unit.commit()
    assert undo(store) is None


def test_the_open_field_is_remembered_over_a_restart(make_store: Callable[[str], Store], field: Any) -> None:
    store = make_store("p")
    assert recall(store) is None
    stand = field.plant(store, 1)
    place = Place(field.village, stand.household.id, "tree", stand.trees[0].id, "dbh_cm")
    remember(store, place)
    store.close()
    assert recall(make_store("p")) == place
