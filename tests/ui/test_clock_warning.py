"""A laptop whose clock went back is told so before a measurement gets a wrong day."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QMessageBox

from fieldapp import i18n
from fieldapp.storage import profile
from fieldapp.ui.shown import today
from tests.ui.conftest import Window

DAY_NS = 86_400 * 10**9
BATTERY_EMPTY_NS = int(dt.datetime(2009, 1, 1, 8, tzinfo=dt.UTC).timestamp()) * 10**9


def _boxes(window: Window) -> list[str]:
    return [box.text() for box in window.desktop.window.findChildren(QMessageBox) if box.isVisible()]


@pytest.mark.parametrize(
    ("back_ns", "is_told"), [(None, True), (3 * DAY_NS, True), (DAY_NS // 2, False), (0, False)], ids=str
)
def test_a_clock_before_the_last_save_is_told_at_the_opening(
    new_desktop: Callable[[], Window],
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    back_ns: int | None,
    is_told: bool,
) -> None:
    now_ns = BATTERY_EMPTY_NS if back_ns is None else time.time_ns() - back_ns
    monkeypatch.setattr(time, "time_ns", lambda: now_ns)
    window = new_desktop()
    window.desktop.open(folder)
    window.settle()
    title = i18n.t("error.clock_before_save.title")
    assert _boxes(window) == ([title] if is_told else [])
    bar = window.desktop.window.status
    assert bool(bar.fact("clock")) is is_told
    for box in window.desktop.window.findChildren(QMessageBox):
        box.close()
    bar.asked.emit("clock")
    assert bool([text for text in _boxes(window) if text == title]) is is_told


def test_the_fact_goes_when_the_clock_is_right_again(
    new_desktop: Callable[[], Window], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as early:
        early.setattr(time, "time_ns", lambda: BATTERY_EMPTY_NS)
        window = new_desktop()
        window.desktop.open(folder)
        window.settle()
        assert window.desktop.window.status.fact("clock")
    assert window.desktop.session is not None
    window.desktop.session.refresh()
    window.settle()
    assert not window.desktop.window.status.fact("clock")


def test_a_fresh_profile_is_told_that_the_program_is_younger(
    new_desktop: Callable[[], Window], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(time, "time_ns", lambda: BATTERY_EMPTY_NS)
    profile.create(tmp_path / "new", person="韦小燕", pin=None, practice=True)
    window = new_desktop()
    window.desktop.open(tmp_path / "new")
    window.settle()
    assert _boxes(window) == [i18n.t("error.clock_before_program.title")]
    (box,) = window.desktop.window.findChildren(QMessageBox)
    assert i18n.t("error.clock_before_program.message", now=today(), known="") in box.informativeText()
