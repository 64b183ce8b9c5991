"""The window on a full laptop: start to usable, memory, a household of 450 trees opened."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.big_profile import build
from benchmarks.figures import Figure
from fieldapp.carbon.estimate import RegistryEstimator
from fieldapp.carbon.registry import load

TREES = 135_000
_STARTS = 3
# Runs in a process of its own, so that its memory is the window's alone. Times begin before the first import.
_MEASURE = """
import time; began = time.perf_counter()
import json, sys
from pathlib import Path
from PySide6.QtCore import QEventLoop, QSettings, QTimer
from fieldapp import app as composition, collector
from fieldapp.ui.desktop import Desktop

def until(ready):  # in the loop that people have: QTest.qWait would keep the store's thread from Python meanwhile
    loop, timer = QEventLoop(), QTimer(interval=1)
    timer.timeout.connect(lambda: ready() and loop.quit())
    timer.start()
    ready() or loop.exec()

def memory_mb():
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    return 0.0

folder = Path(sys.argv[1])
composition.application(["bench"])
desktop = Desktop(composition.parts(QSettings(sys.argv[2], QSettings.Format.IniFormat), folder / "none"))
desktop.window.resize(1366, 736)
desktop.window.show()
desktop.open(folder)
until(lambda: desktop.session is not None and desktop.session.households and desktop.tasks.busy == 0)
desktop.window.grab()
collector.leave_alone_what_stays()  # as `run` does
started = time.perf_counter() - began
bench, session, opened = desktop.workbench, desktop.session, []
bench.page.show_tab("trees")
for row in session.households[:9]:
    begin = time.perf_counter()
    session.open_household(row.id)
    until(lambda: bench.page.desk is not None and bench.page.desk.view.household.id == row.id)
    bench.page.grid.repaint()
    opened.append(time.perf_counter() - begin)
    until(lambda: desktop.tasks.busy == 0)
print(json.dumps({"started_s": started, "opened_s": opened[1:], "memory_mb": memory_mb(),
                  "trees": bench.page.trees.rowCount() - 1}), flush=True)
desktop.window.close()
"""


def run(trees: int = TREES) -> list[Figure]:
    """Builds the profile once and starts the window on it several times; medians."""
    with tempfile.TemporaryDirectory(prefix="fieldapp-bench-") as folder:
        home = Path(folder) / "big"
        build(home, trees=trees, estimator=RegistryEstimator(load())).close()
        found = [_start(home, Path(folder) / f"{number}.ini") for number in range(_STARTS)]
    started = statistics.median(one["started_s"] for one in found)
    opened = statistics.median(ms for one in found for ms in one["opened_s"]) * 1000
    memory = max(one["memory_mb"] for one in found)
    note = f"{found[0]['trees']} rows in the grid"
    return [
        Figure("start to usable window, 135,000 trees", started, "s", 2),
        Figure("household of 450 trees opened in the window", opened, "ms", 100, note=note),
        Figure("memory of the window", memory, "MB", 250, note="resident, after nine households"),
    ]


def _start(home: Path, settings: Path) -> dict[str, Any]:
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, "-c", _MEASURE, str(home), str(settings)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True, timeout=120)
    read: dict[str, Any] = json.loads(done.stdout)
    return read
