"""Between a measurement and its tree's row: whatever happens there, the row is right when somebody reads it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from fieldapp.domain.ids import DeviceId, RecordId, new_id
from fieldapp.domain.ops import Op, OpKind, hlc_of
from fieldapp.storage import oplog, reads
from fieldapp.storage.store import Store
from fieldapp.storage.unit import UnitOfWork

FULL = 2


def in_force(store: Store, tree: RecordId) -> tuple[float | None, float | None]:
    """DBH and sink as the tree's row says."""
    found = store.rows("SELECT dbh_cm, co2e_kg FROM tree_current WHERE tree_id = ?", (tree,))
    return found[0][0], found[0][1]


def half_saved(store: Store, *facts: Any) -> UnitOfWork:
    """A save whose program ends when the measurement is durable, or is kept from going on."""
    unit = store.unit().__enter__()
    for fact in facts:
        unit.add(fact)
    unit.commit()
    return unit


def test_the_measurement_is_durable_before_its_sink_and_the_next_commit_waits_for_the_disk_again(
    store: Store, field: Any
) -> None:
    tree = field.plant(store, 1).trees[0]
    other = store.reopen()
    with store.unit() as unit:
        unit.add(field.measured(tree, 7.5))
        unit.commit()
        assert other.rows("SELECT count(*) FROM measurement WHERE dbh_cm = 7.5") == [(1,)]
        assert in_force(other, tree.id) == (6.0, 12.0)
    assert in_force(other, tree.id) == (7.5, 15.0)
    assert store.rows("PRAGMA synchronous") == [(FULL,)]
    other.close()


def test_a_program_that_ends_in_between_computes_the_row_at_its_next_start(
    make_store: Callable[[str], Store], field: Any
) -> None:
    store = make_store("a")
    stand = field.plant(store, 3)
    store.write("UPDATE household_current SET waiting = 0")
    half_saved(store, field.measured(stand.trees[0], 7.0), field.measured(stand.trees[1], 8.0))
    store.close()
    again = make_store("a")
    assert [in_force(again, tree.id) for tree in stand.trees] == [(7.0, 14.0), (8.0, 16.0), (6.0, 12.0)]
    row = reads.households(again, field.village)[0]
    assert row.co2e_kg == pytest.approx(42.0)
    assert again.rows("SELECT waiting FROM household_current") == [(1,)]


def test_nothing_is_written_at_a_start_when_nothing_was_left_behind(
    make_store: Callable[[str], Store], field: Any
) -> None:
    store = make_store("a")
    stand = field.plant(store, 3)
    with store.unit() as unit:
        unit.add(field.measured(stand.trees[0], 7.0))
        unit.commit()
    oplog.acknowledge(store, oplog.pending(store)[-1].counter)  # a receipt came
    store.write("UPDATE household_current SET waiting = 0")
    before = store.rows("SELECT * FROM tree_current ORDER BY tree_id")
    store.close()
    again = make_store("a")
    assert again.rows("SELECT * FROM tree_current ORDER BY tree_id") == before
    assert again.rows("SELECT waiting FROM household_current") == [(0,)], "the server holds it all"


def test_what_cannot_be_computed_now_is_computed_with_the_next_save(store: Store, field: Any) -> None:
    """Another program keeps the database just then: the measurement stays saved, and nobody is told otherwise."""
    stand = field.plant(store, 2)
    other = store.reopen()
    store.write("PRAGMA busy_timeout = 0")
    with store.unit() as unit:
        unit.add(field.measured(stand.trees[0], 7.0))
        unit.commit()
        other.write("BEGIN IMMEDIATE")
    assert in_force(store, stand.trees[0].id) == (6.0, 12.0)
    other.write("ROLLBACK")
    other.close()
    with store.unit() as unit:
        unit.edit(stand.household, remarks="x")
        unit.commit()
    assert in_force(store, stand.trees[0].id) == (7.0, 14.0)
    assert not store.unsettled


def test_a_later_measurement_that_a_sync_brings_in_between_stays_in_force(store: Store, field: Any) -> None:
    tree = field.plant(store, 1).trees[0]
    other = store.reopen()
    later = store.clock() + 600_000
    fields = {"tree_id": tree.id, "dbh_cm": 9.0, "measured_on": "2026-10-01", "measured_by": "李"}
    stamp = (DeviceId(bytes(16)), 1, hlc_of(later))
    op = Op(*stamp, field.village, "measurement", new_id(later), OpKind.ADD, fields, {}, "李", 1)
    with store.unit() as unit:
        unit.add(replace(field.measured(tree, 7.0), measured_on="2026-10-01"))
        unit.commit()
        oplog.apply(other, [op], village_code=field.village)
    assert in_force(store, tree.id) == (9.0, 18.0)
    other.close()
