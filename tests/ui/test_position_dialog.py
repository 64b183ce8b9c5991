"""Positions: several notations, what was understood is shown first, the store has what was accepted."""

from __future__ import annotations

import functools
import operator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from fieldapp import i18n
from fieldapp.domain.ids import new_id
from fieldapp.domain.records import Position
from fieldapp.errors import ItemError
from fieldapp.media.inspect import inspect
from fieldapp.storage import reads
from fieldapp.storage.store import Store
from fieldapp.ui import edits
from fieldapp.ui.evidence import Subject
from fieldapp.ui.position_dialog import PositionDialog
from fieldapp.ui.position_offers import crs_words, log_offers, typed_offers
from tests.ui.conftest import VILLAGE, Window

ENTER = Qt.Key.Key_Return


def dialog_of(window: Window) -> PositionDialog:
    """The open dialog, about a new tree."""
    window.press("new_tree")
    window.keys("A1", ENTER)
    window.settle()
    assert window.bench.page.desk is not None
    window.bench.page.grid.go_to(window.bench.page.desk.trees[0].tree.id)
    window.settle()
    window.press("set_position")
    dialog = window.desktop.window.findChild(PositionDialog)
    assert isinstance(dialog, PositionDialog)
    return dialog


def position(window: Window) -> Position | None:
    """The tree's position in the store."""
    assert window.bench.page.desk is not None
    tree_id = window.bench.page.desk.trees[0].tree.id
    found = window.ask(lambda store: reads.position(store, tree_id))
    return found if isinstance(found, Position) else None


@pytest.mark.parametrize("text", ["26.0123 108.5234", "26°0'44.28\"N 108°31'24.24\"E", "108.5234E, 26.0123N"])
def test_typed_in_several_notations(window: Window, text: str) -> None:
    dialog = dialog_of(window)
    dialog.edit.setText(text)
    assert "26.0123" in dialog.list.item(0).text()
    dialog.edit.forward.emit()
    window.settle()
    found = position(window)
    assert found is not None
    assert (round(found.lat or 0, 4), round(found.lon or 0, 4), found.source) == (26.0123, 108.5234, "typed")


def test_nonsense_is_told_and_nothing_is_stored(window: Window) -> None:
    dialog = dialog_of(window)
    dialog.edit.setText("up the hill")
    assert dialog.list.count() == 0
    assert dialog._note.text() == i18n.t("ui.position.not_understood")
    dialog.edit.forward.emit()
    window.settle()
    assert position(window) is None
    dialog.close()


def test_a_pair_without_its_zone_is_read_in_the_villages_county_first(window: Window) -> None:
    dialog = dialog_of(window)
    dialog.edit.setText("552345 2878000")
    first, second = (dialog.list.item(n).text() for n in range(2))
    assert "108.5" in first
    assert i18n.t("ui.position.county") in first
    assert dialog.list.currentRow() == 0
    assert "105.5" in second
    assert "km" in second.split("\n")[1]
    dialog.edit.setText("552345 28")
    assert dialog._note.property("role") == "amber"
    assert dialog._note.text() == i18n.t("ui.position.not_understood")
    dialog.edit.clear()
    assert dialog._note.text() == i18n.t("ui.position.help")
    dialog.close()


def test_a_log_is_averaged(window: Window, shared_data: Path) -> None:
    dialog = dialog_of(window)
    dialog.read_log(shared_data / "nmea" / "bu353s4.log")
    window.settle()
    dialog._take()
    window.settle()
    found = position(window)
    assert found is not None
    assert found.source == "nmea"
    assert (found.fixes or 0) > 1
    assert found.spread_m is not None


def test_of_one_fix_no_accuracy_is_claimed(tmp_path: Path) -> None:
    log, lines = tmp_path / "one.nmea", []
    for second, accuracy in ((1, None), (2, None), (3, 3.3)):
        fix = f"$GPGGA,02304{second},2601.2345,N,10830.1234,E,1,08,1.1,500.0,M,,M,,"
        lines.append(f"{fix}*{functools.reduce(operator.xor, fix[1:].encode()):02X}\r\n")
        log.write_text("".join(lines), "ascii")
        (found,) = log_offers(log, VILLAGE).offers
        assert (found.more["fixes"], found.more["accuracy_m"]) == (second, accuracy)
        assert (i18n.t("ui.position.one_fix") in found.how) == (second == 1)


def test_a_log_that_was_carried_along_is_no_place_until_somebody_chooses(window: Window, shared_data: Path) -> None:
    dialog = dialog_of(window)
    dialog.read_log(shared_data / "nmea" / "haicom-305N.log")
    window.settle()
    assert dialog._note.property("role") == "amber"
    assert "24 m" in dialog._note.text()
    end, whole = (dialog.list.item(n).text() for n in range(2))
    assert i18n.t("ui.position.log_end") in end
    assert "±" not in whole
    assert "km" in end  # Brisbane
    dialog._take()
    window.settle()
    assert position(window) is None
    dialog.list.setCurrentRow(0)
    dialog._take()
    window.settle()
    found = position(window)
    assert found is not None
    assert found.source == "nmea"


@pytest.mark.parametrize("text", ["0 0", "0,0", "0.0 N 0.0 E", "0°0'0\" 0°0'0\""])
def test_zero_is_refused_in_words(text: str) -> None:
    assert typed_offers(text, VILLAGE) == ([], True)


def test_what_comes_from_a_phones_map_is_offered_last_and_marked_as_converted() -> None:
    plain, shifted = typed_offers("26.0123 108.5234", VILLAGE)[0]
    assert (plain.lat, plain.lon, plain.more["datum"]) == (26.0123, 108.5234, "wgs84")
    assert shifted.more["datum"] == "gcj02"
    assert 0.001 < abs(shifted.lat - plain.lat) + abs(shifted.lon - plain.lon) < 0.01
    assert "GCJ-02" in shifted.how
    assert len(typed_offers("31.2 121.5", VILLAGE)[0]) == 1  # in this place nobody took it from a map of ours


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("wgs84", "WGS 84"),
        ("epsg:4524", "3 度带第 36 带，中央经线 108°"),
        ("epsg:4545", "3 度带第 36 带，中央经线 108°"),
        ("epsg:4497", "6 度带第 19 带，中央经线 111°"),
    ],
)
def test_coordinate_systems_have_names_of_words(name: str, said: str) -> None:
    assert said in crs_words(name)


def test_a_log_without_a_fix_is_told(window: Window, tmp_path: Path) -> None:
    dialog = dialog_of(window)
    (tmp_path / "empty.log").write_text("$GPGGA,,,,,,0,,,,,,,,*66\n", "ascii")
    dialog.read_log(tmp_path / "empty.log")
    window.settle()
    assert i18n.t("error.log_without_position.title") in dialog._note.text()
    dialog.close()


def test_the_place_in_a_photo_is_offered_and_taken_only_when_asked(
    window: Window, tmp_path: Path, shared_data: Path
) -> None:
    photos = [f for f in sorted((shared_data / "photos" / "good").iterdir()) if inspect(f.read_bytes()).lat is not None]
    dialog_of(window).close()
    assert window.bench.page.desk is not None
    tree = window.bench.page.desk.trees[0].tree
    bare = next(f for f in sorted((shared_data / "photos" / "good").iterdir()) if inspect(f.read_bytes()).lat is None)
    window.desktop.acts.bring([str(bare), str(photos[0])], Subject("tree", tree.id, "A1", tree))
    window.settle()
    assert position(window) is None
    window.bench.page.grid.go_to(tree.id)
    window.settle()
    window.press("set_position")
    dialog = next(d for d in window.desktop.window.findChildren(PositionDialog) if d.isVisible())
    dialog.edit.forward.emit()
    window.settle()
    found = position(window)
    assert found is not None
    assert found.source == "exif"


def test_zero_reaches_no_store_by_any_way(window: Window) -> None:
    nowhere = Position(id=new_id(), village_code=VILLAGE, subject="tree", subject_id=new_id(), lat=0.0, lon=-0.0)
    dialog_of(window).close()
    refused: list[str] = []

    def work(store: Store) -> None:
        try:
            edits.add_position(store, nowhere)
        except ItemError as error:
            refused.append(error.code)

    window.ask(work)
    assert refused == ["position_zero"]
    assert position(window) is None
