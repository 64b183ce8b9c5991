"""The real window on a real profile, offscreen, driven by the keyboard."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QWidget
from pytestqt.qtbot import QtBot

from fieldapp import app as composition
from fieldapp.domain import places
from fieldapp.storage import profile
from fieldapp.storage.store import Store
from fieldapp.ui import edits
from fieldapp.ui.desktop import Desktop
from fieldapp.ui.workbench import Workbench

VILLAGE = "522632106203"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The offscreen platform has no window manager to tell about sizes, and says so each time."""
    for item in items:
        item.add_marker(pytest.mark.qt_log_ignore("propagateSizeHints", extend=True))


class Window:
    """The window as a person at the keyboard has it."""

    def __init__(self, desktop: Desktop, qtbot: QtBot) -> None:
        self.desktop = desktop
        self._qtbot = qtbot

    @property
    def bench(self) -> Workbench:
        """The place of daily work."""
        assert self.desktop.workbench is not None
        return self.desktop.workbench

    def settle(self) -> None:
        """Until everything that was asked has come home."""
        quiet = 0

        def still() -> bool:
            nonlocal quiet
            quiet = quiet + 1 if self.desktop.tasks.busy == 0 else 0
            return quiet > 3

        self._qtbot.waitUntil(still, timeout=20_000)

    def rest_until(self, reached: Callable[[], bool]) -> None:
        """Hands off the keyboard until something has happened by itself."""
        self._qtbot.waitUntil(reached, timeout=20_000)

    def keys(self, *keys: str | Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """Types texts and keys where the cursor is."""
        for key in keys:
            target = QApplication.focusWidget() or self.desktop.window.focusWidget()
            assert isinstance(target, QWidget)
            if isinstance(key, str):
                QTest.keyClicks(target, key)
            else:
                QTest.keyClick(target, key, modifier)

    def ask(self, work: Callable[[Store], object]) -> object:
        """What the store says."""
        answers: list[object] = []
        self.desktop.tasks.run(self.desktop, work, answers.append)
        self.settle()
        return answers[0]

    def press(self, command: str) -> None:
        """Carries out a command as its shortcut does."""
        self.desktop.window.commands[command].trigger()
        self.settle()


@pytest.fixture
def new_desktop(qtbot: QtBot, tmp_path: Path, qapp: QApplication) -> Iterator[Callable[[], Window]]:
    """Makes windows that are closed at the end."""
    made: list[Desktop] = []

    def make() -> Window:
        settings = QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)
        desktop = Desktop(composition.parts(settings, tmp_path / "default"))
        desktop.window.resize(1366, 736)
        desktop.window.show()
        desktop.window.activateWindow()
        made.append(desktop)
        return Window(desktop, qtbot)

    yield make
    for desktop in made:
        for top in QApplication.topLevelWidgets():
            if isinstance(top, QDialog):
                top.close()  # or it would take the keys of the next test
        desktop.window.close()
        desktop.window.deleteLater()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A practice profile with one village, one household and one parcel."""
    made = tmp_path / "profile"
    profile.create(made, person="韦小燕", pin=None, practice=True)
    store = composition.open_store(made, None)
    try:
        edits.add_village(store, VILLAGE, places.load().village(VILLAGE))
        add_household(store, "杨正光", species="杉木")
    finally:
        store.close()
    return made


def add_household(store: Store, name: str, species: str = "杉木") -> bytes:
    """A household with a parcel, through the same acts as the window."""
    from fieldapp.storage import reads

    household_id = edits.add_household(store, VILLAGE)
    view = reads.household(store, household_id)
    assert view is not None
    box = edits.Box(view.household)
    for field, value in (("head_name", name), ("group_name", "三组"), ("category", "lifted_out")):
        edits.store_field(store, box, field, value)
    parcel_id = edits.add_parcel(store, view.household, None)
    view = reads.household(store, household_id)
    assert view is not None
    parcel = edits.Box(next(p for p in view.parcels if p.id == parcel_id))
    for field, value in (("place_name", "坡脚"), ("area_mu", 1.6), ("species", species), ("planting_year", 2013)):
        edits.store_field(store, parcel, field, value)
    return household_id


@pytest.fixture
def window(new_desktop: Callable[[], Window], folder: Path) -> Window:
    """The window with the profile open and its household on the desk."""
    made = new_desktop()
    made.desktop.open(folder)
    made.settle()
    made.bench.list.step(1)
    made.settle()
    return made
