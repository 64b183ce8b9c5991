"""From the first page to an open profile: made, unlocked, the practice village, and what stands in the way."""

from __future__ import annotations

import dataclasses
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QApplication

from fieldapp import app as composition
from fieldapp import i18n
from fieldapp.practice import making
from fieldapp.storage import profile
from fieldapp.ui.dialogs import VillageDialog
from fieldapp.ui.parts import Progress
from tests.ui.conftest import VILLAGE, Window

ENTER = Qt.Key.Key_Return


def test_a_first_start_makes_an_encrypted_profile_and_a_village(
    new_desktop: Callable[[], Window], tmp_path: Path
) -> None:
    window = new_desktop()
    start = window.desktop.start
    start.welcome.create_button.click()
    page = start.creating
    page.folder.setText(str(tmp_path / "mine"))
    page.person.setFocus()
    window.keys("Wei", ENTER, "271828", ENTER, "271829", ENTER)
    assert page.problem.text() == i18n.t("ui.create.pin_differs")
    page.again.selectAll()
    window.keys("271828", ENTER)
    window.settle()
    assert window.desktop.session is not None
    assert not (tmp_path / "mine" / "data.db").read_bytes().startswith(b"SQLite format 3")
    window.press("new_village")
    dialog = window.desktop.window.findChild(VillageDialog)
    dialog.edit.setFocus()
    window.keys("dalicun", Qt.Key.Key_Escape)
    assert (dialog.isVisible(), dialog.edit.text()) == (True, "")
    window.keys(Qt.Key.Key_Escape)
    assert not dialog.isVisible(), "who only wants to sync needs no village"
    assert window.desktop.window.focusWidget() is window.bench.empty.go
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    window.press("new_village")
    dialog = window.desktop.window.findChild(VillageDialog)
    dialog.edit.setFocus()
    dialog.edit.setText(VILLAGE)
    window.keys(ENTER)
    window.settle()
    assert [v.village_code for v in window.desktop.session.villages] == [VILLAGE]
    window.press("new_household")
    window.keys("Yang", ENTER)
    window.settle()
    assert [row.name for row in window.desktop.session.households] == ["Yang"]


def test_a_wrong_pin_is_told_and_the_right_one_opens(new_desktop: Callable[[], Window], tmp_path: Path) -> None:
    profile.create(tmp_path / "mine", person="Wei", pin="271828")
    window = new_desktop()
    window.desktop.open(tmp_path / "mine")
    window.desktop.start.unlock.pin.setFocus()
    window.keys("1111", ENTER)
    window.settle()
    assert i18n.t("error.wrong_pin.message") in window.desktop.start.unlock.problem.text()
    window.keys("271828", ENTER)
    window.settle()
    assert window.desktop.session is not None


def test_a_profile_in_use_is_told(window: Window, new_desktop: Callable[[], Window], folder: Path) -> None:
    second = new_desktop()
    second.desktop.open(folder)
    second.settle()
    assert second.desktop.session is None
    assert second.desktop.start.problem.title.text() == i18n.t("error.profile_in_use.title")
    assert second.desktop.start.problem.advice.text()
    window.desktop.window.close()
    second.desktop.start.problem.retry.click()
    second.settle()
    assert second.desktop.session is not None


def test_a_damaged_profile_is_told(new_desktop: Callable[[], Window], folder: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    shutil.copytree(folder, broken)
    data = bytearray((broken / "data.db").read_bytes())
    data[4096:] = bytes(len(data) - 4096)
    (broken / "data.db").write_bytes(data)
    window = new_desktop()
    window.desktop.open(broken)
    window.settle()
    assert window.desktop.session is None
    assert window.desktop.start.problem.title.text() == i18n.t("error.database_damaged.title")


def small_village(folder: Path, seen: list[str] | None = None) -> Callable[[Progress, Callable[[], bool]], Path]:
    """Makes a real practice village, only smaller."""

    def make(progress: Progress, cancelled: Callable[[], bool]) -> Path:
        def note(stage: str, done: int, total: int) -> None:
            if seen is not None:
                seen.append(f"{stage} {done}/{total}")
            progress(stage, done, total)

        if not making.is_made(folder, composition.estimator()):
            making.make(folder, composition.estimator(), trees=60, photos=2, progress=note, cancelled=cancelled)
        return folder

    return make


@pytest.fixture
def practising(new_desktop: Callable[[], Window], tmp_path: Path) -> Window:
    """A window at its first start whose practice village is a small one."""
    window = new_desktop()
    parts = window.desktop.opening._parts
    window.desktop.opening._parts = dataclasses.replace(parts, make_practice=small_village(tmp_path / "village"))
    return window


def test_the_practice_village_is_made_with_counts_in_words_and_opened(practising: Window, tmp_path: Path) -> None:
    page, told = practising.desktop.start.practice, []
    show = page.show_progress
    page.show_progress = lambda counted: (show(counted), told.append(page.step.text()))  # type: ignore[assignment]
    practising.desktop.start.welcome.practice.click()
    assert practising.desktop.start.currentWidget() is page
    assert page.step.text() == i18n.t("ui.practice_making.begin")
    practising.settle()
    assert i18n.t("ui.practice_making.recording", done=2, n=2) in told
    assert i18n.t("ui.practice_making.drawing", done=2, n=2) in told
    assert practising.desktop.session is not None
    assert len(practising.desktop.session.households) == 2
    assert not (tmp_path / "village" / making.ASIDE).exists()
    practising.press("other_profile")
    practising.settle()
    start = practising.desktop.start
    assert practising.desktop.session is None
    assert start.currentWidget() is start.welcome, "not the page on which the village was made"
    start.welcome.practice.click()
    practising.settle()
    assert practising.desktop.session is not None


def test_making_the_practice_village_can_be_stopped_and_leaves_nothing(practising: Window, tmp_path: Path) -> None:
    start = practising.desktop.start
    start.welcome.practice.click()
    start.practice.stop.click()
    assert start.practice.step.text()
    practising.settle()
    assert practising.desktop.session is None
    assert start.currentWidget() is start.welcome
    assert not (tmp_path / "village").exists()
    start.welcome.practice.click()
    practising.settle()
    assert practising.desktop.session is not None


def test_closing_the_window_stops_the_making(practising: Window, tmp_path: Path) -> None:
    practising.desktop.start.welcome.practice.click()
    practising.desktop.window.close()
    assert not profile.is_profile(tmp_path / "village")


def test_a_folder_that_cannot_be_written_is_told_and_tried_again(practising: Window, tmp_path: Path) -> None:
    (tmp_path / "village").write_text("no folder")
    start = practising.desktop.start
    start.welcome.practice.click()
    practising.settle()
    assert start.currentWidget() is start.problem
    assert start.problem.title.text()
    (tmp_path / "village").unlink()
    start.problem.retry.click()
    practising.settle()
    assert practising.desktop.session is not None


def told(window: Window, code: str) -> None:
    """The page says what happened, whether the data is safe and what to do now, in either language."""
    page = window.desktop.start.problem
    assert window.desktop.start.currentWidget() is page
    parts = [part.text() for part in (page.title, page.message, page.advice)]
    assert parts[0] == i18n.t(f"error.{code}.title")
    assert all(parts)
    assert len(set(parts)) == 3
    assert "{" not in "".join(parts)


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_a_newer_profile_is_told(new_desktop: Callable[[], Window], folder: Path, language: str) -> None:
    marks = json.loads((folder / "profile.json").read_text("utf-8"))
    (folder / "profile.json").write_text(json.dumps({**marks, "format": profile.FORMAT + 1}), "utf-8")
    window = new_desktop()
    window.desktop.texts.switch(language)
    window.desktop.open(folder)
    window.settle()
    told(window, "newer_database")
    window.desktop.switch_language()
    told(window, "newer_database")
    assert window.desktop.session is None


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_a_lock_that_cannot_be_made_is_told(new_desktop: Callable[[], Window], folder: Path, language: str) -> None:
    (folder / "profile.lock").unlink()
    (folder / "profile.lock").mkdir()
    window = new_desktop()
    window.desktop.texts.switch(language)
    window.desktop.open(folder)
    window.settle()
    told(window, "folder_missing")
    (folder / "profile.lock").rmdir()
    window.desktop.start.problem.retry.click()
    window.settle()
    assert window.desktop.session is not None


def test_a_profile_in_use_is_told_before_anybody_types_a_pin(new_desktop: Callable[[], Window], tmp_path: Path) -> None:
    profile.create(tmp_path / "p", person="韦", pin="271828")
    store = composition.open_store(tmp_path / "p", "271828")
    second = new_desktop()
    start = second.desktop.start
    try:
        second.desktop.open(tmp_path / "p")
        assert start.currentWidget() is start.problem
        assert start.problem.title.text() == i18n.t("error.profile_in_use.title")
    finally:
        store.close()
    start.problem.retry.click()
    assert start.currentWidget() is start.unlock
