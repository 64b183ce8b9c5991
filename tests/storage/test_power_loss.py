"""Power lost at any moment: what the disk had not been told to keep is gone or torn, what was acknowledged is there.

After a commit with synchronous=FULL everything in the write-ahead log up to its end is on the disk; the rest may
be lost or torn at any 512-byte sector. So the log is cut there, filled with rubbish or zeros, and opened again.
"""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from fieldapp.domain.merge import merge
from fieldapp.storage import filing, oplog, profile, states
from fieldapp.storage.store import Store
from tests.storage.conftest import PlainEstimator

SAVES = 60
POINTS = 200
SOAK_POINTS = 10_000
_SECTOR = 512


@dataclass(frozen=True)
class Durable:
    """How long the log was when a save had been acknowledged, and how many operations were then stored."""

    log_bytes: int
    ops: int


def _write(store: Store, field: Any, chance: random.Random) -> list[Durable]:
    """Saves of the usual kinds; the log is never written back meanwhile, so that one copy holds every moment."""
    log = store.folder / "data.db-wal"
    stand = field.plant(store, 2)
    store.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    store.connection.execute("PRAGMA wal_autocheckpoint = 0")
    moments = [Durable(0, _ops(store))]
    for number in range(SAVES):
        with store.unit() as unit:
            stand.household = unit.edit(stand.household, head_name=f"杨{number}", remarks="x" * chance.randrange(3000))
            if number % 3:
                unit.add(field.measured(chance.choice(stand.trees), dbh_cm=5 + number / 10))
            if number % 7 == 0:
                stand.trees.append(field.plant_tree(unit, stand.parcel, f"P{number}"))
            unit.commit()
        moments.append(Durable(log.stat().st_size, _ops(store)))
    return moments


def _ops(store: Store) -> int:
    return int(store.rows("SELECT count(*) FROM op")[0][0])


def _lose_power(folder: Path, log: bytes, moments: list[Durable], chance: random.Random) -> tuple[int, int]:
    """Leaves the log as a disk might; the operations that must be there, and those that may be."""
    at = chance.randrange(len(moments))
    kept, following = moments[at], moments[min(at + 1, len(moments) - 1)]
    written = bytearray(log[: following.log_bytes])
    for start in range(-(-kept.log_bytes // _SECTOR) * _SECTOR, len(written), _SECTOR):
        fate = chance.randrange(3)  # the sector arrived, stayed empty, or holds what lay there before
        sector = len(written[start : start + _SECTOR])
        if fate:
            written[start : start + sector] = bytes(sector) if fate == 1 else chance.randbytes(sector)
    if chance.random() < 0.5:  # the file's new length was lost as well
        del written[chance.randrange(kept.log_bytes, len(written) + 1) :]
    (folder / "data.db-wal").write_bytes(written)
    return kept.ops, following.ops


def _assert_whole(store: Store, least: int, most: int) -> None:
    """No acknowledged save is lost, none is there by half, and every row is what its operations say."""
    owned = oplog.own_devices(store)  # a copy of a folder goes on under a name of its own
    ops = [op for own in owned for op in oplog.pending(store, limit=100_000, device=own.device)]
    assert len(ops) in (least, most)
    assert [op.counter for op in ops] == list(range(1, len(ops) + 1))
    for record_id, record in {op.record_id: op.record for op in ops}.items():
        state = merge(filing.ops_of(store.connection, record_id, store.devices()))
        row = states.read_values(store.connection, record, record_id)
        assert state is not None
        assert row is not None
        assert {k: v for k, v in row.items() if v is not None} == {
            k: v for k, v in state.values.items() if v is not None
        }
    counted = store.rows("SELECT sum(trees) FROM household_current")[0][0]
    assert counted == store.rows("SELECT count(*) FROM tree")[0][0]
    assert store.rows("PRAGMA quick_check") == [("ok",)]


def _run(points: int, make_store: Callable[[str], Store], field: Any, folder: Path) -> None:
    seed = random.randrange(1 << 30)
    print("seed", seed)
    chance = random.Random(seed)
    store = make_store("p")
    assert store.rows("PRAGMA synchronous") == [(2,)], "FULL: what the rest of this test takes for granted"
    moments = _write(store, field, chance)
    still = folder / "still"
    shutil.copytree(store.folder, still, ignore=shutil.ignore_patterns("*-wal", "*-shm", "*.lock"))
    log = (store.folder / "data.db-wal").read_bytes()
    assert len(log) == moments[-1].log_bytes
    for _ in range(points):
        lost = folder / "lost"
        shutil.copytree(still, lost)
        least, most = _lose_power(lost, log, moments, chance)
        opened = profile.open_store(lost, pin=None, estimator=PlainEstimator())
        _assert_whole(opened, least, most)
        opened.close()
        shutil.rmtree(lost)


def test_no_acknowledged_save_is_lost_with_the_power(
    make_store: Callable[[str], Store], field: Any, tmp_path: Path
) -> None:
    _run(POINTS, make_store, field, tmp_path)


@pytest.mark.soak
def test_no_acknowledged_save_is_lost_in_a_long_run(
    make_store: Callable[[str], Store], field: Any, tmp_path: Path
) -> None:
    _run(SOAK_POINTS, make_store, field, tmp_path)
