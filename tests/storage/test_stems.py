"""Girths and forks in the store: what stands in a tree's row, on the short way of a save and on the long one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from fieldapp.domain.ids import new_id
from fieldapp.domain.records import Measurement
from fieldapp.storage import reads, settling
from fieldapp.storage.store import Store


def facts(tree: Any) -> list[Measurement]:
    """A fork, its height, one stem of it gone, a girth, and the diameter taken back."""
    told: tuple[dict[str, Any], ...] = (
        {"dbh_cm": 9.7, "stems": "6.5+7.2"},
        {"height_m": 6.0},
        {"dbh_cm": 7.2},
        {"dbh_cm": 6.5, "stems": "C20.4"},
        {"cleared": "dbh_cm"},
    )
    return [Measurement(id=new_id(), village_code=tree.village_code, tree_id=tree.id, **one) for one in told]


@pytest.mark.parametrize("short", [True, False])
def test_stems_go_with_their_diameter(store: Store, field: Any, short: bool) -> None:
    stand = field.plant(store, 1)
    tree, found = stand.trees[0], []
    for fact in facts(tree):
        with store.unit() as unit:
            unit.add(fact)
            if not short:  # with anything else in the save the tree is read anew from all of its facts
                unit.edit(store.get(type(tree), tree.id), remarks=f"{len(found)}")
            unit.commit()
        row = reads.tree_row(store, tree.id)
        assert row is not None
        found.append((row.stems, row.dbh_cm, row.height_m))
    assert found == [
        ("6.5+7.2", 9.7, None), ("6.5+7.2", 9.7, 6.0), (None, 7.2, 6.0), ("C20.4", 6.5, 6.0), (None, None, 6.0)
    ]  # fmt: skip


def test_trees_that_a_migration_left_behind_are_computed_at_opening(store: Store, field: Any) -> None:
    stand = field.plant(store, 1)
    tree = stand.trees[0]
    store.write("UPDATE tree_current SET dbh_cm = 1.0 WHERE tree_id = ?", (tree.id,))
    with store.unit() as unit:
        unit.add(replace(stand.household, id=new_id(), number=None))
        unit.commit()
    store.set_setting(settling.BEHIND, tree.id.hex())
    settling.catch_up(store)
    row = reads.tree_row(store, tree.id)
    assert row is not None
    assert (row.dbh_cm, store.setting(settling.BEHIND)) == (6.0, "")
