"""Every key in the window answered at once: typing and moving in a household of 2,000 trees, a village of 400."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.big_profile import build
from benchmarks.figures import Figure
from fieldapp.carbon.estimate import RegistryEstimator
from fieldapp.carbon.registry import load

TREES, HOUSEHOLDS, OTHERS_TREES = 2_000, 400, 10
FRAME_MS = 16
# A key counts until the grid, or the list, is painted again. What comes home from the store in between is a turn of
# the loop of its own: the longest of them is how long a key can be kept waiting.
_MEASURE = """
import json, sys, time
from pathlib import Path
from PySide6.QtCore import QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from fieldapp import app as composition, collector
from fieldapp.ui.desktop import Desktop
from fieldapp.ui.tree_cells import Column

def until(ready):
    while not ready():
        QTest.qWait(1)

folder = Path(sys.argv[1])
app = composition.application(["bench"])
desktop = Desktop(composition.parts(QSettings(sys.argv[2], QSettings.Format.IniFormat), folder / "none"))
desktop.window.resize(1366, 736)
desktop.window.show()
desktop.window.activateWindow()
desktop.open(folder)
quiet = lambda: desktop.session is not None and desktop.session.households and desktop.tasks.busy == 0
until(quiet)
bench, session = desktop.workbench, desktop.session
session.open_household(session.households[0].id)
until(lambda: bench.page.desk is not None and desktop.tasks.busy == 0)
collector.leave_alone_what_stays()
bench.page.show_tab("trees")
desktop.window.grab()
times, turns, shown = {}, [], []
session.desk_changed.connect(lambda *_: shown.append(1))

def press(kind, key, painted):
    target = app.focusWidget()
    begin = time.perf_counter()
    (QTest.keyClicks if isinstance(key, str) else QTest.keyClick)(target, key)
    painted.viewport().repaint()
    times.setdefault(kind, []).append(time.perf_counter() - begin)

def turn():
    end = time.perf_counter() + 0.15  # a person's pause between two keys
    while time.perf_counter() < end:
        begin = time.perf_counter()
        app.processEvents()
        turns.append(time.perf_counter() - begin)
        time.sleep(0.001)

grid = bench.page.grid
bench.page.begin_tree()
for number in range(25):
    for key in f"{6 + number / 10:.1f}":
        press("typed", key, grid)
        turn()
    for _ in range(2):
        press("enter", Qt.Key.Key_Return, grid)
        turn()
until(quiet)
grid.go_to(bench.page.desk.trees[0].tree.id, Column.DBH)
for key in [Qt.Key.Key_Return] * 100:
    press("moved", key, grid)
grid.setFocus()
for key in [Qt.Key.Key_PageDown] * 60 + [Qt.Key.Key_PageUp] * 60:
    press("scrolled", key, grid)
until(quiet)
bench.list.view.setFocus()
for key in [Qt.Key.Key_Down] * 40:
    press("household", key, bench.list.view)
    turn()
until(quiet)
print(json.dumps({"times": times, "turns": turns, "shown": len(shown)}), flush=True)
desktop.window.close()
"""
_NAMES = {
    "typed": "a character typed in a grid of 2,000 trees",
    "enter": "Enter there that leaves and stores a cell",
    "moved": "Enter there along stored cells",
    "scrolled": "a page scrolled there",
    "household": "Down in the list of 400 households",
}


def run() -> list[Figure]:
    """Builds the village and types in it; medians of the keys, and the longest turn of the loop."""
    with tempfile.TemporaryDirectory(prefix="fieldapp-bench-") as folder:
        home = Path(folder) / "village"
        trees = TREES + (HOUSEHOLDS - 1) * OTHERS_TREES
        build(home, trees=trees, estimator=RegistryEstimator(load()), first=TREES, each=OTHERS_TREES).close()
        command = [sys.executable, "-c", _MEASURE, str(home), str(Path(folder) / "settings.ini")]
        environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True, timeout=180)
    found = json.loads(done.stdout)
    keys = [
        Figure(name, statistics.median(found["times"][kind]) * 1000, "ms", FRAME_MS) for kind, name in _NAMES.items()
    ]
    longest = max(found["turns"]) * 1000
    note = f"{found['shown']} answers came home"
    return [*keys, Figure("longest that the window keeps a key waiting", longest, "ms", 100, note=note)]
