"""The system ends the program while a field is being typed: log-off and shut-down send SIGTERM."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from fieldapp import app as composition
from fieldapp.storage import reads
from tests.ui.conftest import VILLAGE

# the program itself, with somebody who types half a row and then says so
_TYPING = """
import sys
from pathlib import Path
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from fieldapp import app as composition
from fieldapp.ui.main_window import MainWindow

def type_it():
    window = next(w for w in app.topLevelWidgets() if isinstance(w, MainWindow))
    bench = window.workbench
    if bench is None or not bench.list.model.rowCount():
        return
    if bench.page.desk is None:
        bench.list.step(1)
        return
    clock.stop()
    window.commands["new_tree"].trigger()
    for keys in ("A1", Qt.Key.Key_Return, Qt.Key.Key_Return, "6.5"):
        (QTest.keyClicks if isinstance(keys, str) else QTest.keyClick)(app.focusWidget(), keys)
    print("typed", flush=True)

app = composition.application(sys.argv[:1])
clock = QTimer()
clock.timeout.connect(type_it)
clock.start(20)
sys.exit(composition.run(Path(sys.argv[1])))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows tells its windows of a log-off and sends no signal")
def test_a_log_off_stores_the_half_typed_field(folder: Path, tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "QT_QPA_PLATFORM": "offscreen",
        "HOME": str(tmp_path),
        "XDG_CONFIG_HOME": str(tmp_path),
    }
    command = [sys.executable, "-c", _TYPING, str(folder)]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout is not None
        assert program.stdout.readline() == "typed\n"
        program.send_signal(signal.SIGTERM)
        assert program.wait(timeout=30) == 0
    store = composition.open_store(folder, None)
    try:
        (household,) = reads.households(store, VILLAGE)
        assert [(row.tree.tag, row.dbh_cm) for row in reads.tree_rows(store, household.id)] == [("A1", 6.5)]
    finally:
        store.close()
