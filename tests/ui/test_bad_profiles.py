"""A profile that does not open: the page says what happened, whether the data is safe and what to do now."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox

from fieldapp import app as composition
from fieldapp import i18n
from fieldapp.storage import profile
from tests.ui.conftest import Window

ENTER = Qt.Key.Key_Return
CHINESE = re.compile("[\u4e00-\u9fff]")
# names of files, and the numbers of versions: they are the same in every language
NAMES = re.compile(r"profile\.json|keys\.json|data\.db|PIN|[a-z]+\.db")


def in_one_language(*texts: str) -> None:
    """No Chinese word in an English text, and none of the other way."""
    text = " ".join(texts)
    if i18n.language() == "en":
        assert not CHINESE.search(text), text
    else:
        assert CHINESE.search(text)
        assert not re.search("[A-Za-z]{2,}", NAMES.sub("", text)), text


def told(window: Window, code: str) -> None:
    """The page of problems says all of it, in either language."""
    page = window.desktop.start.problem
    assert window.desktop.start.currentWidget() is page
    assert window.desktop.session is None
    for _ in i18n.LANGUAGES:
        parts = [part.text() for part in (page.title, page.message, page.advice)]
        assert parts[0] == i18n.t(f"error.{code}.title")
        assert len({*parts, ""}) == 4
        assert "{" not in "".join(parts)
        in_one_language(*parts, page.retry.text())
        window.desktop.switch_language()


def replaced(folder: Path, *files: Path) -> None:
    """Puts other files in the place of the profile's database."""
    for old in folder.glob("data.db*"):
        old.unlink()
    for file in files:
        suffix = "-wal" if file.name.endswith("-wal") else ""
        (folder / f"data.db{suffix}").write_bytes(file.read_bytes())


def newer(folder: Path) -> None:
    """A database of a version that does not exist yet."""
    store = composition.open_store(folder, None)
    store.connection.execute("PRAGMA user_version = 99")
    store.close()


@pytest.mark.parametrize(
    ("code", "spoil"),
    [
        ("database_damaged", lambda folder: (folder / "data.db").write_bytes(b"no database at all " * 500)),
        ("database_damaged", lambda folder: (folder / "data.db").write_bytes(b"")),
        ("database_missing", replaced),
        ("newer_database", newer),
        ("profile_damaged", lambda folder: (folder / "keys.json").unlink()),
        ("profile_damaged", lambda folder: (folder / "profile.json").write_text("[]", "utf-8")),
    ],
    ids=["no database", "empty", "gone", "newer", "no keys", "no marks"],
)
def test_what_is_wrong_with_a_profile_is_told_and_nothing_is_changed(
    new_desktop: Callable[[], Window], folder: Path, code: str, spoil: Callable[[Path], object]
) -> None:
    spoil(folder)
    before = {file.name: file.read_bytes() for file in folder.glob("*.*") if file.is_file()}
    window = new_desktop()
    window.desktop.open(folder)
    window.settle()
    told(window, code)
    window.desktop.start.problem.retry.click()
    window.settle()
    told(window, code)
    for name, data in before.items():
        if not name.endswith((".lock", "-wal", "-shm")):
            assert (folder / name).read_bytes() == data, name


@pytest.mark.parametrize("names", [("truncated_pages.db",), ("wal_intact.db", "wal_intact.db-wal")])
def test_the_database_of_another_program_is_told(
    new_desktop: Callable[[], Window], folder: Path, shared_data: Path, names: tuple[str, ...]
) -> None:
    replaced(folder, *(shared_data / "sqlite" / name for name in names))
    window = new_desktop()
    window.desktop.open(folder)
    window.settle()
    told(window, "database_damaged")


def test_a_chosen_folder_without_a_profile_is_told_before_a_new_one_is_offered(
    new_desktop: Callable[[], Window], tmp_path: Path, shared_data: Path
) -> None:
    other = tmp_path / "other"
    shutil.copytree(shared_data / "sqlite", other)
    window = new_desktop()
    start = window.desktop.start
    window.desktop.open(other)
    assert start.currentWidget() is start.creating
    for _ in i18n.LANGUAGES:
        assert i18n.t("error.no_profile.message") in start.creating.problem.text()
        in_one_language(start.creating.problem.text())
        window.desktop.switch_language()
    window.desktop.open(tmp_path / "nothing yet")
    assert start.creating.problem.text() == ""
    assert not (tmp_path / "nothing yet").exists()


def test_many_wrong_pins_lock_nobody_out_and_the_words_follow_the_language(
    new_desktop: Callable[[], Window], tmp_path: Path
) -> None:
    profile.create(tmp_path / "mine", person="Wei", pin="271828")
    window = new_desktop()
    window.desktop.open(tmp_path / "mine")
    page = window.desktop.start.unlock
    for pin in ("1111", "0000 ", "", "２７１８２９", "'; DROP TABLE", "x" * 5_000):
        page.pin.setText(pin)
        page.pin.setFocus()
        window.keys(ENTER)
        window.settle()
        assert page.problem.text() == "\n".join(i18n.t(f"error.wrong_pin.{part}") for part in ("message", "advice"))
        assert page.pin.text() == ""
    for _ in i18n.LANGUAGES:
        window.desktop.switch_language()
        assert i18n.t("error.wrong_pin.message") in page.problem.text()
        in_one_language(page.problem.text())
    page.pin.setText("271828")
    window.keys(ENTER)
    window.settle()
    assert window.desktop.session is not None


def test_what_is_missing_for_a_new_profile_is_told_in_the_language_in_force(
    new_desktop: Callable[[], Window], tmp_path: Path
) -> None:
    window = new_desktop()
    page = window.desktop.start.creating
    window.desktop.start.show_creating()
    page.folder.setText(str(tmp_path / "a file" / "mine"))
    page.person.setText("Wei")
    page.pin.setText("271828")
    page.again.setText("271829")
    page.accept()
    for _ in i18n.LANGUAGES:
        assert page.problem.text() == i18n.t("ui.create.pin_differs")
        window.desktop.switch_language()
    page.again.setText("271828")
    assert page.problem.text() == ""
    (tmp_path / "a file").write_text("no folder")
    page.accept()
    window.settle()
    for _ in i18n.LANGUAGES:
        assert page.problem.text()
        in_one_language(page.problem.text())
        window.desktop.switch_language()
    assert window.desktop.session is None


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_a_missing_photo_folder_is_told_once_and_work_goes_on(
    new_desktop: Callable[[], Window], folder: Path, language: str
) -> None:
    shutil.rmtree(folder / "blobs")
    window = new_desktop()
    window.desktop.texts.switch(language)
    window.desktop.open(folder)
    window.settle()
    boxes = [box for box in window.desktop.window.findChildren(QMessageBox) if box.isVisible()]
    assert [box.text() for box in boxes] == [i18n.t("error.photo_folder_missing.title")]
    assert i18n.t("error.photo_folder_missing.advice") in boxes[0].informativeText()
    boxes[0].close()
    window.press("new_household")
    window.press("other_profile")
    assert not (folder / "blobs").exists(), "never silently made anew"
    assert not any(box.isVisible() for box in window.desktop.window.findChildren(QMessageBox))


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root writes everywhere")
def test_a_folder_without_write_access_is_told(new_desktop: Callable[[], Window], folder: Path) -> None:
    folder.chmod(0o500)
    try:
        window = new_desktop()
        window.desktop.open(folder)
        window.settle()
        told(window, "folder_read_only")
    finally:
        folder.chmod(0o700)
