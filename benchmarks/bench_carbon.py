"""A million trees with choice, point estimate and range; a thousand households with their uncertainty."""

from __future__ import annotations

import random
import resource
import subprocess
import sys
import time
from collections.abc import Callable

from benchmarks.figures import Figure
from fieldapp.carbon import registry
from fieldapp.carbon.bulk import ColumnEstimator, Inputs
from fieldapp.carbon.estimate import RegistryEstimator
from fieldapp.carbon.table import BLOCK_ROWS
from fieldapp.carbon.uncertainty import totals

TREES = 1_000_000
HOUSEHOLDS = 1_000
TREES_PER_HOUSEHOLD = 450
SPECIES = ("杉木", "马尾松", "柳杉", "亮叶桦", "柏木", "麻栎", "枫香", "木荷", "响叶杨", "华山松")
SEED = 20260301


def run() -> list[Figure]:
    """The figures of the carbon room; every diameter is drawn anew, so that nothing can be remembered."""
    rng = random.Random(SEED)
    species = [rng.choice(SPECIES) for _ in range(TREES)]
    d = [rng.uniform(3, 25) for _ in range(TREES)]
    h = [rng.uniform(2.5, 15) if rng.random() < 0.2 else None for _ in range(TREES)]
    estimator = RegistryEstimator(registry.load())
    columns = ColumnEstimator(estimator)
    before_mb = _peak_mb()
    bare = _seconds(lambda: [0.0837 * one**2.31 for one in d])
    whole = _seconds(lambda: _blocks(columns, species, d, h))
    grown_mb = _peak_mb() - before_mb
    households = _seconds(lambda: _households(columns, species, d))
    note = f"a bare a*D^b over the same trees: {bare:.3f} s; {len(SPECIES)} species, 20 % with heights"
    return [
        Figure("1 million trees: choice, estimate, range", whole, "s", 2.0, note=note),
        Figure("memory that this took, block by block", grown_mb, "MB", 100.0),
        Figure("uncertainty of 1,000 households (450,000 trees)", households, "s", 5.0),
        Figure(
            "start: import and read the registry", _start_ms(), "ms", None, note="numpy alone imports in about 100 ms"
        ),
    ]


def _blocks(columns: ColumnEstimator, species: list[str], d: list[float], h: list[float | None]) -> None:
    for start in range(0, TREES, BLOCK_ROWS):
        end = start + BLOCK_ROWS
        columns.estimate(Inputs(species[start:end], d[start:end], h[start:end]))


def _households(columns: ColumnEstimator, species: list[str], d: list[float]) -> None:
    none: list[float | None] = [None] * BLOCK_ROWS
    size = HOUSEHOLDS * TREES_PER_HOUSEHOLD
    step = BLOCK_ROWS - BLOCK_ROWS % TREES_PER_HOUSEHOLD
    for start in range(0, size, step):
        end = min(start + step, size)
        estimates = columns.estimate(Inputs(species[start:end], d[start:end], none[: end - start]))
        totals(estimates, [str(place // TREES_PER_HOUSEHOLD) for place in range(start, end)])


def _seconds(work: Callable[[], object]) -> float:
    """Processor time of one core: other work on the machine does not count."""
    start = time.process_time()
    work()
    return time.process_time() - start


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _start_ms() -> float:
    command = "import time; t = time.perf_counter()\nfrom fieldapp.carbon import registry\nregistry.load()\n"
    command += "print((time.perf_counter() - t) * 1000)"
    done = subprocess.run([sys.executable, "-c", command], capture_output=True, text=True, check=True)
    return float(done.stdout)
