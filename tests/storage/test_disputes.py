"""Two laptops measure one tree without knowing of each other: nothing wins in silence, a person decides."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from fieldapp.domain.records import Measurement, Tree
from fieldapp.errors import ItemError
from fieldapp.storage import oplog, reads, undo
from fieldapp.storage.store import Store
from tests.storage.conftest import measured
from tests.storage.test_oplog import assert_converged, carry

Make = Callable[[str], Store]


def measure(store: Store, tree: Tree, dbh_cm: float | None = None, **more: Any) -> Measurement:
    """One more measurement, a save of its own."""
    with store.unit() as unit:
        made = unit.add(measured(tree, dbh_cm, **more))
        unit.commit()
    return made


def dbh(store: Store, tree: Tree) -> float | None:
    """The diameter in force."""
    row = reads.tree_row(store, tree.id)
    assert row is not None
    return row.dbh_cm


def apart(make_store: Make, field: Any) -> tuple[Store, Store, Tree]:
    """Two laptops that hold the same tree and set its diameter right, each for itself; then they exchange."""
    first, second = make_store("甲"), make_store("乙")
    tree = field.plant(first, 1).trees[0]
    carry(first, second, field.village)
    now = first.clock()
    second.clock, first.clock = (lambda: now + 1_000), (lambda: now + 2_000)  # within one moment the ids would decide
    measure(second, tree, 7.4)
    measure(first, tree, 7.9)
    carry(first, second, field.village)
    carry(second, first, field.village)
    return first, second, tree


def test_both_see_the_dispute_and_a_decision_ends_it_on_both(make_store: Make, field: Any) -> None:
    first, second, tree = apart(make_store, field)
    for store in (first, second):
        (conflict,) = reads.conflicts(store)
        assert (conflict.record, conflict.record_id, conflict.field) == ("measurement", tree.id, "dbh_cm")
        assert [choice.value for choice in conflict.choices] == [7.4, 7.9]
        assert {choice.device for choice in conflict.choices} == {first.device, second.device}
        assert dbh(store, tree) == 7.9
    with first.unit() as unit:
        unit.decide(tree.id, "dbh_cm", 7.4)
        unit.commit()
    carry(first, second, field.village)
    for store in (first, second):
        assert reads.conflicts(store) == []
        assert dbh(store, tree) == 7.4
    with pytest.raises(ItemError, match="conflict_settled"), second.unit() as unit:
        unit.decide(tree.id, "dbh_cm", 7.9)
    assert_converged(field.village, first, second)


def test_an_edit_of_the_tree_leaves_the_dispute_and_a_new_measurement_ends_it(make_store: Make, field: Any) -> None:
    first, _second, tree = apart(make_store, field)
    with first.unit() as unit:
        unit.edit(tree, tag="A-1")
        unit.commit()
    assert len(reads.conflicts(first)) == 1
    measure(first, tree, height_m=6.5)
    assert len(reads.conflicts(first)) == 1, "the height says nothing about the diameter"
    measure(first, tree, 7.6)
    assert reads.conflicts(first) == []
    assert dbh(first, tree) == 7.6


def test_setting_right_ones_own_value_at_once_and_undo_are_no_dispute(make_store: Make, field: Any) -> None:
    store = make_store("甲")
    tree = field.plant(store, 1).trees[0]
    store.unsettled.add(tree.id)
    measure(store, tree, 7.4)
    measure(store, tree, 7.9)
    undo.undo(store)
    undo.redo(store)
    undo.undo(store)
    assert dbh(store, tree) == 7.4
    assert reads.conflicts(store) == []


def test_a_girth_stands_against_a_diameter_and_is_taken_as_it_was_measured(make_store: Make, field: Any) -> None:
    first, second = make_store("甲"), make_store("乙")
    tree = field.plant(first, 1).trees[0]
    carry(first, second, field.village)
    measure(first, tree, 6.2)
    with second.unit() as unit:
        unit.add(
            Measurement(
                id=measured(tree).id, village_code=tree.village_code, tree_id=tree.id, dbh_cm=6.5, stems="C20.4",
                height_m=7.0,
            )
        )  # fmt: skip
        unit.commit()
    carry(second, first, field.village)
    (conflict,) = reads.conflicts(first)
    assert sorted(str(choice.value) for choice in conflict.choices) == ["6.2", "C20.4"]
    measure(first, tree, height_m=7.3)
    with first.unit() as unit:
        unit.decide(tree.id, "dbh_cm", "C20.4")
        unit.commit()
    row = reads.tree_row(first, tree.id)
    assert row is not None
    assert (row.stems, row.dbh_cm, row.height_m) == ("C20.4", 6.5, 7.3)


def test_what_was_taken_back_stands_against_what_was_set_right(make_store: Make, field: Any) -> None:
    first, second = make_store("甲"), make_store("乙")
    tree = field.plant(first, 1).trees[0]
    carry(first, second, field.village)
    measure(first, tree, 7.4)
    with second.unit() as unit:
        unit.add(Measurement(id=measured(tree).id, village_code=tree.village_code, tree_id=tree.id, cleared="dbh_cm"))
        unit.commit()
    carry(second, first, field.village)
    (conflict,) = reads.conflicts(first)
    assert {choice.value for choice in conflict.choices} == {None, 7.4}
    with first.unit() as unit:
        unit.decide(tree.id, "dbh_cm", None)
        unit.commit()
    assert dbh(first, tree) is None
    assert reads.conflicts(first) == []


def test_the_order_of_arrival_does_not_matter(make_store: Make, field: Any) -> None:
    first, second, tree = apart(make_store, field)
    third = make_store("丙")
    for op in reversed([*oplog.pending(second), *oplog.pending(first)]):
        oplog.apply(third, [op], village_code=field.village)
    assert reads.conflicts(third) == reads.conflicts(first)
    assert_converged(field.village, first, third)
    assert dbh(third, tree) == 7.9
