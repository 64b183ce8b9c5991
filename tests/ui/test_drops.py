"""Photos let fall on a tree, a parcel and a household, with real drop events; folders, broken files, a stop."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QWidget

from fieldapp.domain.ids import RecordId
from fieldapp.storage import reads
from fieldapp.ui.photo_import import Outcome
from fieldapp.ui.record_cards import RecordCard
from fieldapp.ui.tree_cells import Column
from tests.ui.conftest import Window

ENTER = Qt.Key.Key_Return


def drop(target: QWidget, at: QPointF, files: Sequence[Path]) -> bool:
    """Lets files fall on a widget as a file manager does; whether they were taken."""
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(file)) for file in files])
    copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(at.toPoint(), copy, mime, left, none)
    QApplication.sendEvent(target, enter)
    fall = QDropEvent(at, copy, mime, left, none)
    QApplication.sendEvent(target, fall)
    return enter.isAccepted() and fall.isAccepted()


def photo_count(window: Window, subject_id: bytes) -> int:
    """Photos of a tree, a parcel or a household in the store."""
    rows = window.ask(lambda store: reads.photos(store, RecordId(subject_id)))
    assert isinstance(rows, list)
    return len(rows)


@pytest.fixture
def outcomes(window: Window) -> list[Outcome]:
    """How the imports of this window ended."""
    ended: list[Outcome] = []
    window.desktop.acts.imports.ended.connect(ended.append)
    return ended


@pytest.fixture
def card(tmp_path: Path) -> Path:
    """A folder in a folder with three photos of different content."""
    folder = tmp_path / "DCIM" / "100"
    folder.mkdir(parents=True)
    for number in range(3):
        Image.new("RGB", (320, 240), (number * 60, 120, 40)).save(folder / f"IMG_{number}.jpg")
    return folder


def test_photos_fall_on_the_tree_under_the_mouse(window: Window, card: Path, outcomes: list[Outcome]) -> None:
    window.press("new_tree")
    window.keys("A1", ENTER, ENTER, "6.6", ENTER, ENTER, "A2", ENTER)
    window.settle()
    desk, grid = window.bench.page.desk, window.bench.page.grid
    assert desk is not None
    first = desk.trees[0].tree
    grid.go_to_new()
    at = QPointF(grid.visualRect(grid.model().index(0, Column.DBH)).center())
    assert drop(grid.viewport(), at, [card / "IMG_0.jpg"])
    window.settle()
    assert outcomes[0].stored == 1
    assert photo_count(window, first.id) == 1


def test_a_folder_falls_on_the_parcel(window: Window, card: Path, outcomes: list[Outcome]) -> None:
    window.bench.page.show_tab("parcels")
    window.settle()
    desk, evidence = window.bench.page.desk, window.bench.evidence
    assert desk is not None
    assert drop(evidence, QPointF(40, 40), [card.parent])
    window.settle()
    assert outcomes[0].stored == 3
    assert photo_count(window, desk.view.parcels[0].id) == 3


def test_broken_files_among_good_ones_fall_on_the_household(
    window: Window, card: Path, outcomes: list[Outcome], shared_data: Path
) -> None:
    window.bench.page.show_tab("household")
    window.settle()
    desk = window.bench.page.desk
    assert desk is not None
    bad = sorted((shared_data / "photos" / "bad").iterdir())
    assert drop(window.bench.evidence, QPointF(40, 40), [*bad, card / "IMG_0.jpg"])
    window.settle()
    outcome = outcomes[0]
    assert outcome.stored + len(outcome.refused) == len(bad) + 1
    assert all(finding.code for _, finding in outcome.refused)
    assert "made_zero_bytes.jpg" in [name for name, _ in outcome.refused]
    assert photo_count(window, desk.view.household.id) == outcome.stored


def test_a_stopped_import_keeps_what_it_stored(window: Window, card: Path, outcomes: list[Outcome]) -> None:
    window.bench.page.show_tab("household")
    window.settle()
    desk, imports = window.bench.page.desk, window.desktop.acts.imports
    assert desk is not None
    for number in range(40):
        Image.new("RGB", (640, 480), (number * 6, 20, 90)).save(card / f"MORE_{number:02}.jpg")
    imports.progressed.connect(lambda done, _: imports.stop() if done else None)
    assert drop(window.bench.evidence, QPointF(40, 40), [card])
    window.settle()
    assert outcomes[0].stopped
    assert 1 <= outcomes[0].stored < 43
    assert photo_count(window, desk.view.household.id) == outcomes[0].stored


def test_photos_fall_on_the_card_of_a_parcel_and_on_a_line_of_the_list(
    window: Window, card: Path, outcomes: list[Outcome]
) -> None:
    page, view = window.bench.page, window.bench.list.view
    page.show_tab("parcels")
    window.settle()
    desk = page.desk
    assert desk is not None
    parcel_card = next(part for part in page.parcels.findChildren(RecordCard) if part.box.record is not None)
    at = QPointF(parcel_card.mapTo(page, parcel_card.rect().center()))
    assert drop(page, at, [card / "IMG_0.jpg"])
    window.settle()
    assert photo_count(window, desk.view.parcels[0].id) == 1
    line = QPointF(view.visualRect(view.model().index(0, 0)).center())
    assert drop(view.viewport(), line, [card / "IMG_1.jpg", card / "IMG_2.jpg"])
    window.settle()
    assert photo_count(window, desk.view.household.id) == 2
    assert drop(view.viewport(), line, [card / "IMG_0.jpg"])
    window.settle()
    shown = window.ask(lambda store: reads.photos(store, desk.view.household.id))
    assert isinstance(shown, list)
    assert [row.waiting for row in shown] == [True] * 3  # its files are on the way for the parcel's photo too
    assert not drop(view.viewport(), QPointF(5, view.viewport().height() - 2), [card / "IMG_1.jpg"])
