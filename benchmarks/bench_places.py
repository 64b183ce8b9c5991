"""Places: the first look-up, which reads the list, and a search over all villages by pinyin initials."""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median

from benchmarks.figures import Figure
from fieldapp import paths
from fieldapp.domain.places import Places

FIRST_LIMIT_MS = 60.0
SEARCH_LIMIT_MS = 50.0
ROUNDS = 9


def _median_ms(work: Callable[[], object]) -> float:
    times = []
    for _ in range(ROUNDS):
        begin = time.perf_counter()
        work()
        times.append((time.perf_counter() - begin) * 1000)
    return median(times)


def run() -> list[Figure]:
    """Measures a fresh `Places` each time for the first figure, one that is loaded for the second."""
    file = paths.resources() / "admin" / "guizhou.tsv.gz"
    loaded = Places(file)
    loaded.village("522633100207")
    return [
        Figure(
            "first village name, list read",
            _median_ms(lambda: Places(file).village("522633100207")),
            "ms",
            FIRST_LIMIT_MS,
        ),
        Figure("search 17,964 villages by initials", _median_ms(lambda: loaded.search("bsc")), "ms", SEARCH_LIMIT_MS),
    ]
