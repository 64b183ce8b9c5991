"""Photos brought from outside: good ones stored and linked, broken ones told, recording goes on."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import cast

from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox

from fieldapp import i18n
from fieldapp.domain.ids import RecordId
from fieldapp.storage import reads
from fieldapp.storage.store import Store
from fieldapp.storage.views import PhotoRow
from fieldapp.ui import photo_journal
from fieldapp.ui.evidence import Subject
from fieldapp.ui.photo_outcome import Outcome, heading
from fieldapp.ui.photo_report import PhotoReport
from tests.ui.conftest import VILLAGE, Window

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
    assert (outcomes[0].stored, outcomes[0].same) == (2, 1)
    assert heading(outcomes[0]) == "导入了 1 张照片，1 张原来就有，2 个文件没有导入"
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


def test_every_file_of_a_folder_is_counted(window: Window, tmp_path: Path, shared_data: Path) -> None:
    card = tmp_path / "card"
    shutil.copytree(shared_data / "photos" / "bad", card)
    for name in ("Thumbs.db", "notes.txt"):
        (card / name).write_bytes(b"x")
    (card / "MVI_1.mp4").write_bytes(b"\0\0\0\x18ftypmp42")
    outcomes: list[Outcome] = []
    window.desktop.acts.imports.ended.connect(outcomes.append)
    window.desktop.acts.bring([str(card)], tree_subject(window))
    window.settle()
    (outcome,) = outcomes
    assert outcome.stored + len(outcome.refused) + outcome.others == len(list(card.iterdir()))
    assert outcome.others == 2
    kinds = {name: finding.code for name, finding in outcome.refused if finding.code == "photo_kind_not_taken"}
    assert set(kinds) == {"pil_decompression_bomb.gif", "MVI_1.mp4"}
    assert heading(outcome).endswith("，另有 2 个文件不是照片")


def pictures(folder: Path, count: int) -> list[str]:
    """Photos that differ."""
    folder.mkdir()
    for number in range(count):
        Image.new("RGB", (64, 48), (number * 30, 90, 40)).save(folder / f"IMG_{number}.jpg")
    return sorted(map(str, folder.iterdir()))


def reports(window: Window) -> list[PhotoReport]:
    """The reports that are shown."""
    return list(window.desktop.window.findChildren(PhotoReport))


def test_leaving_during_an_import_asks_and_the_next_start_names_what_was_not_taken(
    window: Window, new_desktop: Callable[[], Window], folder: Path, tmp_path: Path
) -> None:
    files = pictures(tmp_path / "card", 6)
    subject = tree_subject(window)
    acts = window.desktop.acts
    main = window.desktop.window

    def close_after_two(done: int, _: int) -> None:
        if done == 2:
            main.close()
            box = main.findChild(QMessageBox)
            assert isinstance(box, QMessageBox)
            assert main.isVisible()
            assert i18n.t("ui.photos.leaving.text", done=2, total=6) == box.text()
            next(b for b in box.buttons() if b.text() == i18n.t("ui.photos.leaving.stop")).click()

    acts.imports.progressed.connect(close_after_two)
    acts.bring(files, subject)
    window._qtbot.waitUntil(lambda: not main.isVisible(), timeout=20_000)
    second = new_desktop()
    second.desktop.open(folder)
    second.settle()
    taken = second.ask(lambda store: reads.photos(store, RecordId(subject.id)))
    assert isinstance(taken, list)
    assert len(taken) >= 2
    if len(taken) == len(files):  # the pool was quicker than the question
        assert not reports(second)
        return
    (report,) = reports(second)
    assert report.list.count() == len(files) - len(taken)
    report.accept()
    second.settle()
    taken = second.ask(lambda store: reads.photos(store, RecordId(subject.id)))
    assert isinstance(taken, list)
    assert len(taken) == len(files)
    assert second.ask(photo_journal.unfinished) is None


def test_what_a_killed_program_did_not_take_is_kept_until_somebody_decides(
    window: Window, new_desktop: Callable[[], Window], folder: Path, tmp_path: Path
) -> None:
    files = [Path(file) for file in pictures(tmp_path / "card", 3)]
    subject = tree_subject(window)

    def killed(store: Store) -> None:
        photo_journal.begin(store, files, subject, VILLAGE)
        photo_journal.cross_off(store, 1)

    window.ask(killed)
    window.desktop.window.close()
    second = new_desktop()
    second.desktop.open(folder)
    second.settle()
    (report,) = reports(second)
    assert not report.isModal()
    assert report.title.text() == i18n.t("ui.photos.rest", n=1, total=3)
    assert [files[0].name in report.list.item(0).text(), files[2].name in report.list.item(1).text()] == [True, True]
    report.reject()
    second.settle()
    assert second.ask(photo_journal.unfinished) is None


def test_broken_files_are_listed_with_reasons_and_stop_nothing(window: Window, tmp_path: Path) -> None:
    files = pictures(tmp_path / "card", 2)
    (tmp_path / "card" / "IMG_9.jpg").write_bytes(b"no picture at all")
    window.desktop.acts.bring([*files, str(tmp_path / "card" / "IMG_9.jpg")], tree_subject(window))
    window.settle()
    (report,) = reports(window)
    assert not report.isModal()
    assert report.title.text() == "导入了 2 张照片，1 个文件没有导入"
    assert report.list.item(0).text().startswith("IMG_9.jpg")
    assert window.ask(photo_journal.unfinished) is None


def test_a_key_that_is_told_leads_to_the_report_and_brings_it_back(window: Window, tmp_path: Path) -> None:
    window.press("photo_report")
    assert window.bench.page.said == i18n.t("ui.photos.no_report")
    subject = tree_subject(window)
    (tmp_path / "IMG_9.jpg").write_bytes(b"no picture at all")
    window.press("new_tree")
    window.keys("6.4")
    window.desktop.acts.bring([str(tmp_path / "IMG_9.jpg")], subject)
    window.settle()
    (report,) = reports(window)
    assert "F8" in window.bench.page.said
    assert "F8" in report.way.text()
    assert report.way.isVisible()
    grid = window.bench.page.grid
    here = grid.visualRect(grid.currentIndex())
    covered = report.geometry().translated(-grid.viewport().mapToGlobal(here.topLeft()))
    assert not covered.intersects(here.translated(-here.topLeft()))
    assert report.testAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
    window.press("photo_report")
    assert report.focusWidget() is report.list
    assert report.list.currentRow() == 0
    report.reject()
    window.settle()
    assert not reports(window)
    assert window.bench.page.desk is not None
    assert window.bench.page.desk.trees[-1].dbh_cm == 6.4  # what was being typed was stored
    window.press("photo_report")
    (again,) = reports(window)
    assert again.list.item(0).text().startswith("IMG_9.jpg")
    again.reject()
    window.settle()
    grid.leave_cell()  # as the dialog does in which the files are chosen
    grid.setFocus()
    window.desktop.acts.bring([str(tmp_path / "IMG_9.jpg")], subject)
    window.settle()
    (last,) = reports(window)
    assert last.testAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating), "the grid has the cursor: it keeps it"


def second_tree(window: Window) -> Subject:
    """One more tree beside the first."""
    window.press("new_tree")
    window.keys("A2", ENTER)
    window.settle()
    assert window.bench.page.desk is not None
    tree = next(row.tree for row in window.bench.page.desk.trees if row.tree.tag == "A2")
    return Subject("tree", tree.id, "A2", tree)


def test_one_file_on_two_trees_and_a_photo_older_than_the_planting_are_told(window: Window, tmp_path: Path) -> None:
    file = tmp_path / "IMG_1.jpg"
    exif = Image.Exif()
    exif.get_ifd(0x8769)[0x9003] = "2008:10:22 16:28:39"
    Image.new("RGB", (64, 48), "green").save(file, exif=exif)
    first, second = tree_subject(window), second_tree(window)
    outcomes: list[Outcome] = []
    window.desktop.acts.imports.ended.connect(outcomes.append)
    for subject in (first, second):
        window.desktop.acts.bring([str(file)], subject)
        window.settle()
    assert [[found.code for _, found in outcome.doubts] for outcome in outcomes] == [
        ["photo_before_planting"],
        ["photo_elsewhere", "photo_before_planting"],
    ]
    assert heading(outcomes[1]) == "导入了 1 张照片，1 张请核对"
    assert "杨正光" not in str(outcomes[1].doubts)
    for report in reports(window):
        report.close()
    window.bench.page.grid.go_to(second.id)
    window.settle()
    desk = window.bench.page.desk
    assert desk is not None
    for subject in (first, second):  # the grid's hints, F6 and the list of Ctrl+S have them too
        said = [found.code for found in desk.findings[subject.id] if found.field == "photo"]
        assert said == ["photo_elsewhere", "photo_before_planting"]
    beside = window.bench.evidence
    assert "A1" in beside.doubt.text()
    assert "2008-10-22" in beside.doubt.text()
    beside.photo.setFocus()
    window.keys(Qt.Key.Key_Delete)
    window.settle()
    assert beside.current_photo() is None
    assert beside.doubt.isHidden()
    window.bench.page.grid.go_to(first.id)
    window.settle()
    assert "A2" not in beside.doubt.text()
    window.press("undo")
    assert beside.current_photo() is not None
    window.bench.page.grid.go_to(first.id)
    window.settle()
    assert "A2" in beside.doubt.text()


def test_a_photo_whose_place_is_zero_is_stored_without_it_and_that_is_told(window: Window, tmp_path: Path) -> None:
    file = tmp_path / "IMG_1.jpg"
    exif = Image.Exif()
    exif.get_ifd(0x8825).update({1: "N", 2: (0.0, 0.0, 0.0), 3: "E", 4: (0.0, 0.0, 0.0)})
    Image.new("RGB", (64, 48), "green").save(file, exif=exif)
    outcomes: list[Outcome] = []
    window.desktop.acts.imports.ended.connect(outcomes.append)
    subject = tree_subject(window)
    window.desktop.acts.bring([str(file)], subject)
    window.settle()
    assert [finding.code for _, finding in outcomes[0].doubts] == ["photo_position_zero"]
    (row,) = cast("list[PhotoRow]", window.ask(lambda store: reads.photos(store, RecordId(subject.id))))
    assert (row.lat, row.lon) == (None, None)
