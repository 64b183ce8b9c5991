"""Storage on a full laptop: opening, the household list, a household of 450 trees, search, and one durable save."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.big_profile import TREES_PER_HOUSEHOLD, VILLAGE, build, operations
from benchmarks.figures import Figure
from fieldapp.carbon.estimate import RegistryEstimator
from fieldapp.carbon.registry import load
from fieldapp.domain.ids import DeviceId, RecordId, new_id
from fieldapp.domain.records import Household, Measurement, Tree
from fieldapp.storage import counting, oplog, profile, reads, sums
from fieldapp.storage.search import search
from fieldapp.storage.store import Store

TREES = 135_000
_QUERIES = ("杨进光", "进光", "yjg", "0017", "t0456", "45678", "h0042", "nothing at all")
_SAVES = 300
_WARM = 20
_NAMES = ("杨进光", "吴秀英")
_UNDO = "row, operation, undo step"
_FACT = "fact, operation, undo step, sink, counters"


def run(trees: int = TREES) -> list[Figure]:
    """Builds the profile in a temporary folder and measures on it."""
    with tempfile.TemporaryDirectory(prefix="fieldapp-bench-") as folder:
        home = Path(folder) / "big"
        estimator = RegistryEstimator(load())
        started = time.perf_counter()
        build(home, trees=trees, estimator=estimator).close()
        taken_in = trees / (time.perf_counter() - started)
        opened_ms = _best_ms(lambda: profile.open_store(home, pin=None, estimator=estimator).close())
        store = profile.open_store(home, pin=None, estimator=estimator)
        figures = [
            Figure("profile with 135,000 trees opened", opened_ms, "ms", 2000, note="storage's part of the start"),
            Figure("trees taken in from outside", taken_in, "1/s", None, True, "rows, operations, sinks, search"),
            *_reading(store),
            *_saving(store),
        ]
        store.close()
        return figures


def _reading(store: Store) -> list[Figure]:
    rows = reads.households(store, VILLAGE)
    middle = rows[len(rows) // 2].id
    searches = [_best_ms(lambda q=query: search(store, q)) for query in _QUERIES]  # type: ignore[misc]
    streamed, pending_rate = _pending_rate(store)
    return [
        Figure("list of households", _best_ms(lambda: reads.households(store, VILLAGE)), "ms", 100),
        Figure(f"household with {TREES_PER_HOUSEHOLD} trees opened", _best_ms(lambda: _open(store, middle)), "ms", 100),
        Figure("search over all trees, slowest query", max(searches), "ms", 50),
        Figure("status bar counted", _best_ms(lambda: counting.status(store)), "ms", 100),
        Figure("digest of the village", _best_ms(lambda: oplog.village_digest(store, VILLAGE), 3), "ms", None),
        Figure("operations read for sending", pending_rate, "1/s", 100_000, True, f"{streamed:,} operations"),
    ]


def _open(store: Store, household_id: RecordId) -> None:
    reads.household(store, household_id)
    reads.tree_rows(store, household_id)
    sums.tree_totals(store, household_id)


def _pending_rate(store: Store) -> tuple[int, float]:
    other = DeviceId(next(iter(operations(1))).device)
    started = time.perf_counter()
    found = len(oplog.pending(store, limit=100_000, device=other))
    return found, found / (time.perf_counter() - started)


def _saving(store: Store) -> list[Figure]:
    """What the window stores per field beside a bare commit of one row, alternately, all with synchronous=FULL."""
    household_row = reads.households(store, VILLAGE)[0]
    view = reads.household(store, household_row.id)
    assert view is not None
    household = view.household
    trees = [row.tree for row in reads.tree_rows(store, household.id)][:_SAVES]
    for number, tree in enumerate(trees[:_WARM]):
        _edit(store, tree, -1 - number)  # the first saves of a start prepare their statements
    trees = trees[_WARM:]
    bare, edits, accounts, names, measured = [], [], [], [], []
    for number, tree in enumerate(trees):
        bare.append(_ms(lambda t=tree, n=number: _bare(store, t, n)))  # type: ignore[misc]
        edits.append(_ms(lambda t=tree, n=number: _edit(store, t, n)))  # type: ignore[misc]
        taken, household = _household(store, household, bank_account=f"6228480{number:012d}")
        accounts.append(taken)
        taken, household = _household(store, household, head_name=f"{_NAMES[number % 2]}{number}")
        names.append(taken)
        measured.append(_ms(lambda t=tree, n=number: _measure(store, t, n)))  # type: ignore[misc]
    bare_ms = statistics.median(bare)
    twice = 2 * bare_ms
    return [
        Figure("one bare commit of one row", bare_ms, "ms", None, note="the same database, synchronous=FULL"),
        Figure("field of a tree saved with its operation", statistics.median(edits), "ms", twice, note=_UNDO),
        Figure("field of a household saved", statistics.median(accounts), "ms", twice, note=_UNDO),
        Figure("name of a household saved", statistics.median(names), "ms", None, note=f"{_UNDO}, search words"),
        Figure("measurement saved with its sink", statistics.median(measured), "ms", None, note=_FACT),
        Figure("field saved, slowest of a hundred", statistics.quantiles(edits, n=100)[98], "ms", 2),
    ]


def _household(store: Store, shown: Household, **changes: str) -> tuple[float, Household]:
    started = time.perf_counter()
    with store.unit() as unit:
        after = unit.edit(shown, **changes)
        unit.commit()
    return (time.perf_counter() - started) * 1000, after


def _bare(store: Store, tree: Tree, number: int) -> None:
    store.connection.execute("BEGIN IMMEDIATE")
    store.connection.execute("UPDATE tree SET remarks = ? WHERE id = ?", (f"bare {number}", tree.id))
    store.connection.execute("COMMIT")


def _edit(store: Store, tree: Tree, number: int) -> None:
    with store.unit() as unit:
        unit.edit(tree, remarks=f"remark {number}")
        unit.commit()


def _measure(store: Store, tree: Tree, number: int) -> None:
    fact = Measurement(id=new_id(), village_code=VILLAGE, tree_id=tree.id, dbh_cm=5 + number % 30 / 10)
    with store.unit() as unit:
        unit.add(fact)
        unit.commit()


def _best_ms(work: Callable[[], object], times: int = 5) -> float:
    return min(_ms(work) for _ in range(times))


def _ms(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1000
