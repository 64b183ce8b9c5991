"""kill -9 at any moment: every save that was acknowledged is there, none is there by half."""

from __future__ import annotations

import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from fieldapp.domain.merge import merge
from fieldapp.storage import filing, oplog, reads, states, sums, verifying
from fieldapp.storage.store import Store
from tests.storage.conftest import VILLAGE, PlainEstimator, plant

KILLS = 6
WRITER = """
import sys
from pathlib import Path
from fieldapp.domain.records import Tree
from fieldapp.storage import profile, reads, sums
from tests.storage.conftest import VILLAGE, PlainEstimator, measured, plant_tree
store = profile.open_store(Path(sys.argv[1]), pin=None, estimator=PlainEstimator())
view = reads.household(store, reads.households(store, VILLAGE)[0].id)
number = 0
while True:
    number += 1
    with store.unit() as unit:
        tree = plant_tree(unit, view.parcels[0], f"K{number}")
        unit.edit(tree, remarks="x" * (number % 400))
        unit.add(measured(tree, dbh_cm=5 + number % 30 / 10))
        unit.commit()
    print(tree.id.hex(), flush=True)
"""


def assert_whole(store: Store, acknowledged: set[str]) -> None:
    """Acknowledged saves are there, operations and rows say the same, counters and pages are right."""
    view = reads.households(store, VILLAGE)[0]
    trees = {row.id.hex(): row for row in reads.tree_rows(store, view.id)}
    assert acknowledged <= set(trees)
    assert all(row.dbh_cm is not None for row in trees.values())
    ops = oplog.pending(store, limit=100_000)
    assert [op.counter for op in ops] == list(range(1, len(ops) + 1))
    assert len(ops) == 2 + 4 * len(trees)
    for op in ops:
        state = merge(filing.ops_of(store.connection, op.record_id, store.devices()))
        row = states.read_values(store.connection, op.record, op.record_id)
        assert state is not None
        assert row is not None
        assert {k: v for k, v in row.items() if v is not None} == {
            k: v for k, v in state.values.items() if v is not None
        }
    totals = sums.tree_totals(store, view.id)
    assert (view.trees, view.counted) == (len(trees), totals.trees)
    assert abs(view.co2e_kg - totals.co2e_kg) < 1e-6
    assert verifying.verify_store(store).ok


def test_no_acknowledged_save_is_lost(make_store: Callable[[str], Store], tmp_path: Path) -> None:
    seed = random.randrange(1 << 30)
    print("seed", seed)
    chance = random.Random(seed)
    store = make_store("k")
    plant(store, 0)
    store.close()
    acknowledged: set[str] = set()
    for _ in range(KILLS):
        acknowledged |= _write_and_be_killed(tmp_path / "k", chance.randint(1, 60))
        store = make_store("k")
        assert store.estimator.method_version == PlainEstimator.method_version
        assert_whole(store, acknowledged)
        store.close()


def _write_and_be_killed(folder: Path, saves: int) -> set[str]:
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(folder)], stdout=subprocess.PIPE, text=True, cwd=Path.cwd()
    )
    assert writer.stdout is not None
    seen = {writer.stdout.readline().strip() for _ in range(saves)}
    writer.kill()
    # What it printed before it died was acknowledged too; a last line may be cut.
    seen.update(line.strip() for line in writer.stdout if len(line) == 33)
    writer.stdout.close()
    writer.wait()
    assert seen.isdisjoint({""})
    return seen


def test_the_writer_is_what_this_test_thinks(make_store: Callable[[str], Store], field: Any) -> None:
    store = make_store("w")
    stand = field.plant(store, 0)
    with store.unit() as unit:
        tree = field.plant_tree(unit, stand.parcel, "K1")
        unit.edit(tree, remarks="x")
        unit.add(field.measured(tree, dbh_cm=5.1))
        unit.commit()
    assert len(oplog.pending(store)) == 2 + 4
