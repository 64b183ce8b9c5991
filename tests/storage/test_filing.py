"""Own operations outside the index of operations by record are found like all others."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from fieldapp.domain.ids import RecordId
from fieldapp.storage import backup, filing, history, oplog, profile
from fieldapp.storage.store import Store
from tests.storage.conftest import PlainEstimator


def _unfiled(store: Store) -> int:
    return int(store.rows("SELECT count(*) FROM op WHERE filed IS NULL")[0][0])


def _refs(store: Store, record_id: RecordId) -> list[int]:
    return [op.counter for op in filing.ops_of(store.connection, record_id, store.devices())]


def test_every_operation_is_found_on_both_sides_of_a_filing(store: Store, field: Any) -> None:
    tree = field.plant(store, 1).trees[0]
    counters = [3]
    for number in range(filing.UNFILED_AT_MOST + 40):
        with store.unit() as unit:
            tree = unit.edit(tree, remarks=f"r{number}")
            unit.commit()
        counters.append(5 + number)
        assert _unfiled(store) < filing.UNFILED_AT_MOST
    assert _refs(store, tree.id) == counters
    assert len(history.history(store, tree.id)) == len(counters)
    assert 0 < _unfiled(store) < len(counters)
    filing.file_own(store.connection)
    assert _unfiled(store) == 0
    assert _refs(store, tree.id) == counters


def test_a_save_that_was_given_up_leaves_the_index_as_it_was(store: Store, field: Any) -> None:
    field.plant(store, 0)
    with store.unit():
        filing.file_own(store.connection)
    assert _unfiled(store) == 2
    assert store.rows("SELECT filed_upto FROM device WHERE own = 1") == [(0,)]


def test_a_restored_laptop_finds_what_its_former_one_had_not_filed(
    make_store: Callable[[str], Store], field: Any, tmp_path: Path
) -> None:
    store = make_store("a")
    tree = field.plant(store, 1).trees[0]
    out = backup.backup(store, tmp_path / "a.fieldapp-backup")
    backup.restore(out, tmp_path / "b")
    restored = profile.open_store(tmp_path / "b", pin=None, estimator=PlainEstimator())
    with restored.unit() as unit:
        unit.edit(tree, remarks="went on")
        unit.commit()
    ops = filing.ops_of(restored.connection, tree.id, restored.devices())
    assert [op.device for op in ops] == [store.device, restored.device]
    restored.close()


def test_own_operations_that_come_back_from_outside_are_there_once(
    make_store: Callable[[str], Store], field: Any
) -> None:
    store, other = make_store("a"), make_store("b")
    tree = field.plant(store, 1).trees[0]
    sent = oplog.pending(store)
    oplog.apply(other, sent, village_code=field.village)
    applied = oplog.apply(store, oplog.pending(store), village_code=field.village)
    assert (applied.taken, applied.known) == (0, len(sent))
    assert _unfiled(store) == 0
    assert _refs(store, tree.id) == _refs(other, tree.id) == [3]
