"""Power lost at any moment: what the disk had not been told to keep is gone or torn, what was acknowledged is there.

After a commit with synchronous=FULL everything in the write-ahead log up to the commit is on the disk; the rest may be
lost or torn at any 512-byte sector. So the log is cut there, or left with what lay there before or elsewhere, and
opened again: a log that grows with every save, and one that was made long before the first.
"""

from __future__ import annotations

import random
import shutil
import sys
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from fieldapp.domain.merge import merge
from fieldapp.storage import connection, filing, oplog, profile, states
from fieldapp.storage.store import Store
from tests.storage.conftest import PlainEstimator

SAVES = 60
POINTS = 150
SOAK_POINTS = 5_000
_SECTOR = 512


_FRAME_HEAD, _LOG_HEAD = 24, 32


@dataclass(frozen=True)
class Durable:
    """Where in the log a save that had been acknowledged ended, and how many operations were then stored."""

    log_bytes: int
    ops: int


def _end_of_log(store: Store) -> int:
    """Behind the last frame that counts, by the index that SQLite keeps of the log; the file may be longer."""
    index = (store.folder / "data.db-shm").read_bytes()
    frames, page_bytes = int.from_bytes(index[16:20], sys.byteorder), int(store.rows("PRAGMA page_size")[0][0])
    return _LOG_HEAD + frames * (_FRAME_HEAD + page_bytes) if frames else 0


def _write(store: Store, field: Any, chance: random.Random, *, is_long: bool) -> tuple[bytes, list[Durable]]:
    """Saves of the usual kinds, and the log before them; it is never written back, so one copy holds every moment."""
    stand = field.plant(store, 2)
    store.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    store.connection.execute("PRAGMA wal_autocheckpoint = 0")
    if is_long:
        connection.grow_log(store.connection, store.folder / "data.db")
    before = (store.folder / "data.db-wal").read_bytes()
    moments = [Durable(0, _ops(store))]
    for number in range(SAVES):
        with store.unit() as unit:
            stand.household = unit.edit(stand.household, head_name=f"杨{number}", remarks="x" * chance.randrange(3000))
            if number % 3:
                unit.add(field.measured(chance.choice(stand.trees), dbh_cm=5 + number / 10))
            if number % 7 == 0:
                stand.trees.append(field.plant_tree(unit, stand.parcel, f"P{number}"))
            unit.commit()
        moments.append(Durable(_end_of_log(store), _ops(store)))
    return before, moments


def _ops(store: Store) -> int:
    return int(store.rows("SELECT count(*) FROM op")[0][0])


def _lose_power(
    folder: Path, logs: tuple[bytes, bytes], moments: list[Durable], chance: random.Random
) -> tuple[int, int]:
    """Leaves the log as a disk might; the operations that must be there, and those that may be."""
    before, log = logs
    at = chance.randrange(len(moments))
    kept, following = moments[at], moments[min(at + 1, len(moments) - 1)]
    written = bytearray(log[: following.log_bytes] + before[following.log_bytes :])
    for start in range(-(-kept.log_bytes // _SECTOR) * _SECTOR, following.log_bytes, _SECTOR):
        fate = chance.randrange(3)  # the sector arrived, holds what lay there before, or what lay elsewhere
        sector = len(written[start : start + _SECTOR])
        if fate:
            lay = before[start : start + sector].ljust(sector, b"\0")
            written[start : start + sector] = lay if fate == 1 else chance.randbytes(sector)
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


def _run(points: int, store: Store, field: Any, folder: Path, *, is_long: bool) -> None:
    seed = random.randrange(1 << 30)
    print("seed", seed)
    chance = random.Random(seed)
    assert store.rows("PRAGMA synchronous") == [(2,)], "FULL: what the rest of this test takes for granted"
    before, moments = _write(store, field, chance, is_long=is_long)
    still = folder / "still"
    shutil.copytree(store.folder, still, ignore=shutil.ignore_patterns("*-wal", "*-shm", "*.lock"))
    log = (store.folder / "data.db-wal").read_bytes()
    assert len(log) == max(moments[-1].log_bytes, len(before))
    assert bool(before) is is_long
    assert all(one.log_bytes < next_one.log_bytes for one, next_one in pairwise(moments))
    for _ in range(points):
        lost = folder / "lost"
        shutil.copytree(still, lost)
        least, most = _lose_power(lost, (before, log), moments, chance)
        opened = profile.open_store(lost, pin=None, estimator=PlainEstimator())
        _assert_whole(opened, least, most)
        opened.close()
        shutil.rmtree(lost)


@pytest.mark.parametrize("is_long", [False, True], ids=["a log that grows", "a log that is long enough"])
@pytest.mark.parametrize("points", [POINTS, pytest.param(SOAK_POINTS, marks=pytest.mark.soak)])
def test_no_acknowledged_save_is_lost_with_the_power(
    store: Store, field: Any, tmp_path: Path, points: int, *, is_long: bool
) -> None:
    _run(points, store, field, tmp_path, is_long=is_long)
