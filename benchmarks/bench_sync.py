"""A village of 100,000 trees from a laptop to a server in another process, until every receipt is held.

And a photo over a connection that breaks every megabyte, by what went over the wire.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.figures import Figure
from fieldapp.carbon.estimate import RegistryEstimator
from fieldapp.carbon.registry import load
from fieldapp.domain.ids import DeviceId, RecordId, derived_id, new_id
from fieldapp.domain.ops import Op, OpKind, Value, hlc_of
from fieldapp.storage import counting, oplog, profile
from fieldapp.storage.enrolment import enrolment
from fieldapp.storage.store import Store
from fieldapp.sync import engine
from fieldapp.sync.transport import Transport
from tests.server import postgres
from tests.sync.faults import Fault, FaultyLink
from tests.sync.village import record_household, record_photo

TREES = 100_000
VILLAGE = "522633100201"
LEAST_TREES_PER_S, MOST_BYTES_PER_TREE = 15_000, 100
PHOTO_BYTES, CUT_EVERY_BYTES, MOST_PERCENT_MORE = 5_000_000, 1_000_000, 5
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
def server_process(data: Path, *options: str) -> Iterator[dict[str, str]]:
    """`fieldapp serve` as a process of its own; gives what it printed."""
    command = [sys.executable, "-m", "fieldapp", "serve", "--data", str(data), "--port", "0", "--practice", "--json"]
    command += options
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield json.loads(process.stdout.readline())
    finally:
        process.terminate()
        process.wait(60)
        assert process.stdout is not None
        process.stdout.close()


class _Watch:
    """The moments of one sync at which something became true."""

    def __init__(self) -> None:
        self.started = time.perf_counter()
        self.held_s = self.compared_s = 0.0

    def progress(self, now: engine.Progress) -> None:
        """Called by the sync at every step."""
        so_far_s = time.perf_counter() - self.started
        if now.step == "compare":
            self.compared_s = so_far_s
        elif now.step == "push" and now.total and now.done == now.total:
            self.held_s = so_far_s


@dataclass(frozen=True)
class _Synced:
    """How one laptop's village got to a server."""

    n_ops: int
    held_s: float
    compared_s: float
    whole_s: float
    n_bytes: int


def synced(folder: Path, estimator: RegistryEstimator, *options: str) -> _Synced:
    """The whole way of the village, to a server with these options."""
    profile.create(folder / "laptop", person="张三", pin=None, practice=True)
    store = profile.open_store(folder / "laptop", pin=None, estimator=estimator)
    n_ops = fill(store, TREES)
    with server_process(folder / "server", *options) as printed:
        engine.enrol(store, printed["url"], printed["enrol_code"])
        transport = engine.connect(store)
        watch = _Watch()
        report = engine.sync(store, transport, watch.progress)
        whole_s = time.perf_counter() - watch.started
        transport.close()
    confirmed = counting.status(store).ops_confirmed
    store.close()
    if not report.converged or confirmed != n_ops:
        raise AssertionError(report.as_dict())
    return _Synced(n_ops, watch.held_s, watch.compared_s, whole_s, report.bytes_sent + report.bytes_received)


def a_village(folder: Path, estimator: RegistryEstimator) -> list[Figure]:
    """Trees per second with all receipts held, bytes a tree on the wire, and the whole sync with its comparison."""
    found = synced(folder, estimator)
    tabled = "the same, in the server's tables, digest asked for"
    return [
        Figure("100,000 trees synced, all receipts held", TREES / found.held_s, "trees/s", LEAST_TREES_PER_S, True),
        Figure(tabled, TREES / found.compared_s, "trees/s", None, True),
        Figure("the same, every sink computed again and compared", TREES / found.whole_s, "trees/s", None, True),
        Figure("on the wire, both directions", found.n_bytes / TREES, "bytes/tree", MOST_BYTES_PER_TREE),
    ]


def on_postgresql(folder: Path, estimator: RegistryEstimator) -> list[Figure]:
    """Operations of one laptop per second, receipted and in the tables; nothing where no PostgreSQL is."""
    programs = postgres.programs()
    if programs is None:
        print("no PostgreSQL here", file=sys.stderr)
        return []
    with postgres.cluster(programs) as cluster:
        found = synced(folder, estimator, "--database-url", cluster.new_database())
    return [
        Figure("on PostgreSQL, one laptop, receipts held", found.n_ops / found.held_s, "rows/s", None, True),
        Figure("on PostgreSQL, in the tables", found.n_ops / found.compared_s, "rows/s", None, True),
    ]


def over_a_breaking_link(folder: Path, estimator: RegistryEstimator, *, reset: bool) -> Figure:
    """How much more than the photo itself left the laptop, all requests of the sync together."""
    working = random.Random(8).randbytes(PHOTO_BYTES)
    profile.create(folder / "laptop", person="张三", pin=None, practice=True)
    store = profile.open_store(folder / "laptop", pin=None, estimator=estimator)
    _, trees = record_household(store)
    record_photo(store, trees[0], b"\xff\xd8\xffthumbnail", working)
    with server_process(folder / "server") as printed:
        engine.enrol(store, printed["url"], printed["enrol_code"])
        known = enrolment(store)
        assert known is not None
        with FaultyLink(printed["url"], otherwise=Fault(cut_up=CUT_EVERY_BYTES, reset=reset)) as link:
            transport = Transport(link.url, known.token)
            report = engine.sync(store, transport)
            transport.close()
            sent, cuts = link.bytes_up, link.connections - 1
    store.close()
    if not report.converged or not report.photos_confirmed:
        raise AssertionError(report.as_dict())
    name = "5 MB photo, link reset every 1 MB" if reset else "5 MB photo, link cut every 1 MB"
    return Figure(
        name, 100 * (sent / PHOTO_BYTES - 1), "% more than it", MOST_PERCENT_MORE, note=f"{cuts} breaks, complete"
    )


def run() -> list[Figure]:
    """The village, then the photo."""
    estimator = RegistryEstimator(load())
    figures = []
    with tempfile.TemporaryDirectory() as folder:
        figures += a_village(Path(folder), estimator)
    with tempfile.TemporaryDirectory() as folder:
        figures += on_postgresql(Path(folder), estimator)
    for reset in (False, True):
        with tempfile.TemporaryDirectory() as folder:
            figures.append(over_a_breaking_link(Path(folder), estimator, reset=reset))
    return figures
