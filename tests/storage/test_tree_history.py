"""What happened to the trees of a household: changes one by one, first records as a number."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fieldapp.storage.store import Store
from fieldapp.storage.tree_history import tree_history
from tests.storage.conftest import measured


def test_changes_stand_one_by_one_and_first_records_are_counted(make_store: Callable[[str], Store], field: Any) -> None:
    store = make_store("甲")
    stand = field.plant(store, 3)
    first, second, third = stand.trees
    with store.unit() as unit:
        unit.add(measured(first, height_m=5.5))  # the first height belongs to the record of the tree
        unit.add(measured(second, 7.9))
        unit.edit(third, removed=1)
        unit.commit()
    found = tree_history(store, stand.household.id)
    assert [row.person for row in found.recorded] == ["甲"] * 3
    said = [
        (record, tag, row.fields.get("dbh_cm"), row.fields.get("removed"), row.person)
        for record, tag, row in found.changes
    ]
    assert said == [("tree", "T0003", None, 1, "甲"), ("measurement", "T0002", 7.9, None, "甲")]
