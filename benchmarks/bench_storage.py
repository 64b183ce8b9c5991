"""Storage on a full laptop: opening, the household list, a household of 450 trees, search."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.big_profile import TREES_PER_HOUSEHOLD, VILLAGE, build, operations
from benchmarks.figures import Figure
from fieldapp.carbon.estimate import RegistryEstimator
from fieldapp.carbon.registry import load
from fieldapp.domain.ids import DeviceId, RecordId
from fieldapp.storage import counting, oplog, profile, reads, sums
from fieldapp.storage.search import search
from fieldapp.storage.store import Store

TREES = 135_000
_QUERIES = ("杨进光", "进光", "yjg", "0017", "t0456", "45678", "h0042", "nothing at all")


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


def _best_ms(work: Callable[[], object], times: int = 5) -> float:
    return min(_ms(work) for _ in range(times))


def _ms(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1000
