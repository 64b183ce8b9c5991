"""A village of 100,000 trees from a laptop to a server in another process, until every receipt is held."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.figures import Figure
from fieldapp.carbon.estimate import RegistryEstimator
from fieldapp.carbon.registry import load
from fieldapp.domain.ids import DeviceId, RecordId, derived_id, new_id
from fieldapp.domain.ops import Op, OpKind, Value, hlc_of
from fieldapp.storage import counting, oplog, profile
from fieldapp.storage.store import Store
from fieldapp.sync import engine

TREES = 100_000
VILLAGE = "522633100201"
LEAST_TREES_PER_S, MOST_BYTES_PER_TREE = 15_000, 100
_START_MS = 1_760_000_000_000
_PER_HOUSEHOLD = 450


def village_ops(device: DeviceId, trees: int, seed: int = 7) -> Iterator[Op]:
    """A village as a laptop records it: households, parcels, and for each tree the tree and its measurement."""
    dice = random.Random(seed)
    print(f"seed {seed}")
    counter, ms = 0, _START_MS

    def add(record: str, record_id: RecordId, **fields: Value) -> Op:
        nonlocal counter
        counter += 1
        return Op(device, counter, hlc_of(ms), VILLAGE, record, record_id, OpKind.ADD, fields, {}, "张三", 1)

    yield add("village", derived_id("village", VILLAGE), name="练习", practice=1)
    household = parcel = None
    for i in range(trees):
        ms += dice.randrange(3_000, 20_000)
        if i % _PER_HOUSEHOLD == 0:
            household, parcel = new_id(ms), new_id(ms)
            yield add("household", household, head_name=f"户{i}", number=i // _PER_HOUSEHOLD + 1, device_tag="A7K2")
            yield add("parcel", parcel, household_id=household, species="杉木", area_mu=8.5, planting_year=2012)
        tree = new_id(ms)
        yield add("tree", tree, parcel_id=parcel, device_tag="A7K2", number=i + 1, tag=f"A7K2-{i:06d}", state="alive")
        yield add(
            "measurement",
            new_id(ms),
            tree_id=tree,
            dbh_cm=dice.randrange(50, 81) / 10,
            height_m=dice.randrange(30, 90) / 10,
            measured_on=f"2025-10-{1 + i % 28:02d}",
            measured_by="张三",
            tool="tape",
        )


def fill(store: Store, trees: int) -> int:
    """Puts the village into a profile as if it had been recorded there; returns the number of operations."""
    ops = list(village_ops(store.device, trees))
    for start in range(0, len(ops), 20_000):
        oplog.apply(store, ops[start : start + 20_000], village_code=VILLAGE)
    return len(ops)


@contextmanager
def server_process(data: Path) -> Iterator[dict[str, str]]:
    """`fieldapp serve` as a process of its own; gives what it printed."""
    command = [sys.executable, "-m", "fieldapp", "serve", "--data", str(data), "--port", "0", "--practice", "--json"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield json.loads(process.stdout.readline())
    finally:
        process.terminate()
        process.wait(60)
        assert process.stdout is not None
        process.stdout.close()


def run() -> list[Figure]:
    """Trees per second with all receipts held, bytes a tree on the wire, and the whole sync with its comparison."""
    estimator = RegistryEstimator(load())
    with tempfile.TemporaryDirectory() as folder:
        laptop = Path(folder) / "laptop"
        profile.create(laptop, person="张三", pin=None, practice=True)
        store = profile.open_store(laptop, pin=None, estimator=estimator)
        n_ops = fill(store, TREES)
        with server_process(Path(folder) / "server") as printed:
            engine.enrol(store, printed["url"], printed["enrol_code"])
            transport = engine.connect(store)
            held_at: list[float] = []
            compared_at: list[float] = []

            def progress(now: engine.Progress) -> None:
                if now.step == "compare":
                    compared_at.append(time.perf_counter())
                elif now.step == "push" and now.total and now.done == now.total:
                    held_at.append(time.perf_counter())

            started = time.perf_counter()
            report = engine.sync(store, transport, progress)
            whole_s = time.perf_counter() - started
            transport.close()
        confirmed = counting.status(store).ops_confirmed
        store.close()
    if not report.converged or confirmed != n_ops:
        raise AssertionError(report.as_dict())
    held_s = held_at[0] - started
    per_tree = (report.bytes_sent + report.bytes_received) / TREES
    return [
        Figure("100,000 trees synced, all receipts held", TREES / held_s, "trees/s", LEAST_TREES_PER_S, True),
        Figure(
            "the same, in the server's tables, digest asked for",
            TREES / (compared_at[0] - started),
            "trees/s",
            None,
            True,
        ),
        Figure("the same, every sink computed again and compared", TREES / whole_s, "trees/s", None, True),
        Figure("on the wire, both directions", per_tree, "bytes/tree", MOST_BYTES_PER_TREE),
    ]
