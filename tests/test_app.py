"""The composition root: a killed window goes on where it was, and starts without what it does not need."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from fieldapp import app as composition
from fieldapp.domain import places
from fieldapp.errors import StorageError
from fieldapp.storage import place, profile, reads
from fieldapp.ui import edits

PROJECT = Path(__file__).resolve().parent.parent
VILLAGE = "522632106203"
HEAVY = ("pyproj", "PIL", "httpx", "pypinyin", "uvicorn", "sqlalchemy", "starlette", "numpy")
_TYPE_AND_WAIT = """
import sys
from pathlib import Path
from PySide6.QtCore import QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from fieldapp import app as composition
from fieldapp.ui.desktop import Desktop

def settle():
    quiet = 0
    while quiet < 4:
        QTest.qWait(10)
        quiet = quiet + 1 if desktop.tasks.busy == 0 else 0

folder = Path(sys.argv[1])
composition.application(["killed"])
desktop = Desktop(composition.parts(QSettings(str(folder / "s.ini"), QSettings.Format.IniFormat), folder / "none"))
desktop.window.show()
desktop.open(folder)
settle()
desktop.workbench.list.step(1)
settle()
desktop.workbench.page.begin_tree()
for text in ("LX1", "", "6.4", "5.1"):
    QTest.keyClicks(QApplication.focusWidget(), text)
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
settle()
QTest.keyClicks(QApplication.focusWidget(), "7.")
print("typed", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "profile"
    profile.create(made, person="Wei", pin=None, practice=True)
    store = composition.open_store(made, None)
    edits.add_village(store, VILLAGE, places.load().village(VILLAGE))
    view = reads.household(store, edits.add_household(store, VILLAGE))
    assert view is not None
    edits.add_parcel(store, view.household, None)
    view = reads.household(store, view.household.id)
    assert view is not None
    edits.store_field(store, edits.Box(view.parcels[0]), "species", "杉木")
    store.close()
    return made


def test_kill_9_loses_at_most_the_characters_being_typed(folder: Path) -> None:
    child = subprocess.Popen(
        [sys.executable, "-c", _TYPE_AND_WAIT, str(folder)],
        cwd=PROJECT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdout is not None
    assert child.stdin is not None
    assert child.stdout.readline() == "typed\n"
    child.kill()
    child.wait()
    child.stdout.close()
    child.stdin.close()
    store = composition.open_store(folder, None)
    try:
        household = reads.households(store, VILLAGE)[0]
        rows = reads.tree_rows(store, household.id)
        assert [(r.tree.tag, r.dbh_cm, r.height_m) for r in rows] == [("LX1", 6.4, 5.1)]
        kept = place.recall(store)
        assert kept is not None
        assert (kept.household_id, kept.record, kept.field) == (household.id, "tree", "dbh_cm")
    finally:
        store.close()


def test_the_window_starts_without_what_it_does_not_need() -> None:
    code = (
        "import sys; from pathlib import Path; from PySide6.QtCore import QSettings\n"
        "from fieldapp import app as composition; from fieldapp.ui.desktop import Desktop\n"
        "composition.application(['x'])\n"
        "desktop = Desktop(composition.parts(QSettings('/nowhere', QSettings.Format.IniFormat), Path('/nowhere')))\n"
        f"desktop.window.show(); print([m for m in {HEAVY!r} if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, timeout=60)
    assert done.stdout == "[]\n", done.stderr


def test_the_office_key_opens_what_the_window_made(tmp_path: Path) -> None:
    from fieldapp.ui.first_start import NewProfile

    composition.create(NewProfile(tmp_path / "mine", "Wei", "271828", bytes(range(32))))
    assert profile.needs_pin(tmp_path / "mine")
    composition.open_store(tmp_path / "mine", "271828").close()


def test_without_a_display_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    with pytest.raises(StorageError, match="no_display"):
        composition.run(None)


@pytest.mark.parametrize(("asked", "shown"), [("en", "en"), ("zh", "zh_CN"), ("", "en")])
def test_the_language_of_the_command_line_goes_before_the_saved_one(tmp_path: Path, asked: str, shown: str) -> None:
    code = (
        "import sys; from PySide6.QtCore import QSettings\n"
        f"QSettings.setPath(QSettings.Format.NativeFormat, QSettings.Scope.UserScope, {str(tmp_path)!r})\n"
        "QSettings('fieldapp', 'fieldapp').setValue('language', 'en'); QSettings('fieldapp', 'fieldapp').sync()\n"
        "from fieldapp import app, cli, i18n; from PySide6.QtWidgets import QApplication\n"
        "QApplication.exec = lambda *_: print(i18n.language()) or 0\n"
        f"sys.exit(cli.main({['--lang', asked] if asked else []!r}))"
    )
    environment = {**os.environ, "HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path), "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=PROJECT, env=environment, capture_output=True, text=True, timeout=60
    )
    assert done.stdout == f"{shown}\n", done.stderr
