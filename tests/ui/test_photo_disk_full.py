"""A disk that gets full in the middle of an import: what is in is counted, what is left is offered again."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtWidgets import QMessageBox

from fieldapp import i18n
from fieldapp.domain.ids import RecordId
from fieldapp.storage import reads
from fieldapp.ui.photo_outcome import Outcome
from tests.ui.conftest import Window
from tests.ui.test_photo_import import pictures, reports, tree_subject
from tests.ui.test_unsaved import fill_disk, make_room

FULL, ROOMY = "size=160k", "size=20m"


def mount(folder: Path, options: str) -> bool:
    """Puts a real file system over the folder, or changes the size of the one that is there."""
    words = ["mount", "-t", "tmpfs", "-o", options, "fieldapp-test", str(folder)]
    return subprocess.run(words, capture_output=True).returncode == 0


@pytest.fixture
def small_disk(folder: Path) -> Iterator[Path]:
    """The profile's photos lie on a disk of a few kilobytes."""
    place = folder / "blobs"
    if sys.platform != "linux" or os.geteuid() != 0 or not mount(place, FULL):
        pytest.skip("a small file system can be mounted by an administrator of Linux only")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


def noise(folder: Path, count: int) -> None:
    """Photos that no packing makes small."""
    folder.mkdir()
    for number in range(count):
        Image.effect_noise((160, 120), 90 + number).convert("RGB").save(folder / f"IMG_{number}.jpg", quality=95)


def stored(window: Window, subject_id: bytes) -> int:
    """How many photos the subject has."""
    rows = window.ask(lambda store: reads.photos(store, RecordId(subject_id)))
    assert isinstance(rows, list)
    return len(rows)


def bring(window: Window, paths: list[str]) -> tuple[Outcome, bytes]:
    """Imports for a tree and waits for the end."""
    outcomes: list[Outcome] = []
    window.desktop.acts.imports.ended.connect(outcomes.append)
    subject = tree_subject(window)
    window.desktop.acts.bring(paths, subject)
    window.settle()
    assert [box for box in window.desktop.window.findChildren(QMessageBox) if box.isVisible()] == []
    return outcomes[-1], subject.id


def test_photos_that_the_disk_did_not_hold_are_counted_and_taken_when_there_is_room(
    window: Window, small_disk: Path, tmp_path: Path
) -> None:
    noise(tmp_path / "card", 9)
    outcome, subject_id = bring(window, [str(tmp_path / "card")])
    assert 0 < outcome.stored < 9
    assert outcome.stored == stored(window, subject_id)
    assert outcome.stored + len(outcome.left) == 9
    (report,) = reports(window)
    assert report.title.text() == f"磁盘满了：导入了 {outcome.stored} 张照片，{len(outcome.left)} 个文件没有导入"
    assert i18n.t("ui.photos.safe_so_far") in report.advice.text()
    assert i18n.t("error.disk_full.message") not in report.advice.text()  # nothing was typed
    assert mount(small_disk, f"remount,{ROOMY}")
    report.accept()
    window.settle()
    assert stored(window, subject_id) == 9
    assert not reports(window)
    assert not list(small_disk.rglob("*.part"))


def test_a_database_that_may_not_grow_ends_the_import_with_the_same_words(window: Window, tmp_path: Path) -> None:
    files = pictures(tmp_path / "card", 8)
    tree_subject(window)
    fill_disk(window)
    outcome, subject_id = bring(window, files)
    assert outcome.stored == stored(window, subject_id)
    assert outcome.stored + len(outcome.left) == 8
    assert len(outcome.left) > 0
    assert outcome.refusal is not None
    make_room(window)
    (report,) = reports(window)
    report.accept()
    window.settle()
    assert stored(window, subject_id) == 8
