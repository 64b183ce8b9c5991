"""`make run`: where a window can be shown and where not."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from fieldapp.practice.spare import FOLDER
from fieldapp.storage import profile
from tools import run


@pytest.mark.skipif(sys.platform != "linux", reason="other systems always have a display")
@pytest.mark.parametrize(
    ("environment", "shown"),
    [
        ({}, False),
        ({"DISPLAY": ":0"}, True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, True),
        ({"DISPLAY": ":0", "QT_QPA_PLATFORM": "offscreen"}, False),
    ],
)
def test_a_display_is_recognised(monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], shown: bool) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert run.has_display() is shown


def test_a_practice_profile_that_was_cut_off_is_made_anew(tmp_path: Path) -> None:
    folder = tmp_path / "practice"
    profile.create(tmp_path / "practice-being-made", person="x", pin=None, practice=True)
    leftover = tmp_path / "practice-being-made" / "leftover"
    leftover.touch()
    assert run.ensure_practice(folder, "--trees", "40", "--photos", "0") == 0
    assert profile.is_profile(folder)
    assert (folder / FOLDER).is_dir()
    assert [path.name for path in tmp_path.iterdir()] == ["practice"]
    assert not (folder / leftover.name).exists()


def test_a_practice_profile_that_is_there_is_left_alone(tmp_path: Path) -> None:
    worked_in = tmp_path / "practice"
    worked_in.mkdir()
    assert run.ensure_practice(worked_in) == 0
    assert list(worked_in.iterdir()) == []
