"""Work beside the window: results come home on the window's thread, late ones are dropped, errors are told."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from fieldapp.errors import FieldappError, ItemError
from fieldapp.ui.tasks import Tasks


@pytest.fixture
def tasks(qtbot: QtBot) -> Iterator[Tasks]:
    made = Tasks()
    yield made
    made.close()


def test_a_result_comes_home_to_the_windows_thread(tasks: Tasks, qtbot: QtBot) -> None:
    seen: list[tuple[int, int]] = []
    tasks.aside(tasks, threading.get_ident, lambda worker: seen.append((worker, threading.get_ident())))
    qtbot.waitUntil(lambda: bool(seen))
    assert seen[0][0] != seen[0][1] == threading.get_ident()


def test_a_late_result_is_dropped(tasks: Tasks, qtbot: QtBot) -> None:
    gate = threading.Event()
    owner = QObject()
    seen: list[bool] = []
    tasks.aside(owner, gate.wait, seen.append)
    owner.deleteLater()
    qtbot.wait(0)
    gate.set()
    qtbot.waitUntil(lambda: tasks.busy == 0)
    assert seen == []


def test_an_error_is_told_to_who_asked_or_to_all(tasks: Tasks, qtbot: QtBot) -> None:
    def fail() -> None:
        raise ItemError("log_unreadable")

    mine: list[FieldappError] = []
    all_: list[FieldappError] = []
    tasks.failed.connect(all_.append)
    tasks.aside(tasks, fail, None, mine.append)
    tasks.aside(tasks, fail)
    qtbot.waitUntil(lambda: tasks.busy == 0)
    assert [e.code for e in mine] == [e.code for e in all_] == ["log_unreadable"]


def test_long_work_is_asked_to_stop_when_the_window_closes(tasks: Tasks) -> None:
    token = tasks.cancel_token()
    tasks.aside(tasks, token.wait)
    tasks.close()
    assert token()
