"""Photos brought from outside: good ones stored and linked, broken ones told, recording goes on."""

from __future__ import annotations

from pathlib import Path

from PIL import Image
from PySide6.QtCore import Qt

from fieldapp.domain.ids import RecordId
from fieldapp.storage import reads
from fieldapp.ui.evidence import Subject
from fieldapp.ui.photo_import import Outcome
from tests.ui.conftest import Window

ENTER = Qt.Key.Key_Return


def tree_subject(window: Window) -> Subject:
    """A tree with a tag."""
    window.press("new_tree")
    window.keys("A1", ENTER)
    window.settle()
    assert window.bench.page.desk is not None
    tree = window.bench.page.desk.trees[0].tree
    return Subject("tree", tree.id, "A1", tree)


def test_photos_are_stored_once_and_broken_files_are_told(window: Window, tmp_path: Path) -> None:
    card = tmp_path / "card"
    card.mkdir()
    Image.new("RGB", (640, 480), "green").save(card / "IMG_1.jpg")
    (card / "IMG_2.jpg").write_bytes((card / "IMG_1.jpg").read_bytes())
    (card / "IMG_3.jpg").write_bytes((card / "IMG_1.jpg").read_bytes()[:300])
    (card / "IMG_4.jpg").write_bytes(b"no picture at all")
    subject = tree_subject(window)
    outcomes: list[Outcome] = []
    window.desktop.acts.imports.ended.connect(outcomes.append)
    window.desktop.acts.bring([str(card)], subject)
    window.settle()
    assert [name for name, _ in outcomes[0].refused] == ["IMG_3.jpg", "IMG_4.jpg"]
    rows = window.ask(lambda store: reads.photos(store, RecordId(subject.id)))
    assert isinstance(rows, list)
    assert len(rows) == 1
    assert rows[0].waiting
    assert window.bench.page.desk is not None
    assert window.bench.page.desk.trees[0].photos == 1


def test_the_photo_is_shown_beside_its_tree(window: Window, tmp_path: Path) -> None:
    Image.new("RGB", (640, 480), "green").save(tmp_path / "a.jpg")
    subject = tree_subject(window)
    window.desktop.acts.bring([str(tmp_path / "a.jpg")], subject)
    window.settle()
    window.bench.page.grid.go_to(subject.id)
    window.settle()
    assert window.bench.evidence.photo.has_picture


def test_the_shared_bad_photos_stop_nothing(window: Window, tmp_path: Path, shared_data: Path) -> None:
    files = sorted((shared_data / "photos" / "bad").iterdir())[:12]
    good = tmp_path / "good.jpg"
    Image.new("RGB", (320, 240), "green").save(good)
    subject = tree_subject(window)
    outcomes: list[Outcome] = []
    window.desktop.acts.imports.ended.connect(outcomes.append)
    window.desktop.acts.bring([*map(str, files), str(good)], subject)
    window.settle()
    assert outcomes[0].stored + len(outcomes[0].refused) == len(files) + 1
    assert outcomes[0].stored >= 1
