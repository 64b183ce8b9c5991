"""Garbage with Qt in it dies on the window's thread, whoever makes the objects that set the collector off."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from fieldapp import collector
from fieldapp.ui.tasks import Tasks


class Mortal(QObject):
    """Tells on which thread it died, and lives in a cycle as a closed window does."""

    def __init__(self, deaths: list[str]) -> None:
        super().__init__()
        self._itself = self
        self._deaths = deaths

    def __del__(self) -> None:
        self._deaths.append(threading.current_thread().name)


@pytest.fixture
def tasks(qapp: QApplication) -> Iterator[Tasks]:
    made = Tasks()
    yield made
    made.close()


def test_a_worker_that_makes_many_objects_ends_no_window(tasks: Tasks, qtbot: QtBot) -> None:
    deaths: list[str] = []

    def work() -> int:
        return len([[n] for n in range(20 * gc.get_threshold()[0])])

    for _ in range(20):
        Mortal(deaths)
        tasks.aside(tasks, work)
    qtbot.waitUntil(lambda: tasks.busy == 0)
    gc.collect()
    assert deaths == ["MainThread"] * 20


def test_a_batch_is_not_interrupted(qapp: QApplication) -> None:
    deaths: list[str] = []
    gc.collect()
    with collector.at_rest():
        Mortal(deaths)
        kept = [[n] for n in range(2 * gc.get_threshold()[0])]
        collector.collect_due()
        assert deaths == []
    collector.collect_due()
    assert deaths == ["MainThread"]
    assert not gc.isenabled(), "a batch that ends must not give the collector back to any thread"
    assert kept
