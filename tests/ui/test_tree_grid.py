"""Trees typed by keyboard alone: every cell that is left is in the store."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication

from fieldapp import i18n
from fieldapp.carbon.estimate import RegistryEstimator
from fieldapp.carbon.registry import load
from fieldapp.domain.facts import Position
from fieldapp.domain.ids import new_id
from fieldapp.domain.sinks import SinkInput
from fieldapp.storage import reads
from fieldapp.storage.store import Store
from fieldapp.storage.views import TreeRow
from fieldapp.ui.line_edit import LineEdit
from fieldapp.ui.tree_cells import Column
from tests.ui.conftest import Window, add_household

ENTER, TAB, UP = Qt.Key.Key_Return, Qt.Key.Key_Tab, Qt.Key.Key_Up


def stored(window: Window) -> list[TreeRow]:
    """The trees of the open household as the store has them."""
    household_id = window.desktop.session.household_id  # type: ignore[union-attr]

    def work(store: Store) -> list[TreeRow]:
        assert household_id is not None
        return reads.tree_rows(store, household_id)

    rows = window.ask(work)
    assert isinstance(rows, list)
    return rows


def test_a_row_is_typed_with_enter_and_the_next_one_fills_itself(window: Window) -> None:
    window.press("new_tree")
    window.keys("0300", ENTER, ENTER, "5.8", ENTER, "5.1", ENTER)  # tag, species as the parcel's, dbh, height
    window.keys(
        "6.4", ENTER, ENTER, "7,1", ENTER, ENTER
    )  # the cursor stands on dbh: tag and species came by themselves
    window.settle()
    rows = stored(window)
    assert [(r.tree.tag, r.dbh_cm, r.height_m) for r in rows] == [
        ("0300", 5.8, 5.1), ("0301", 6.4, None), ("0302", 7.1, None)
    ]  # fmt: skip
    assert {r.tree.species for r in rows} == {None}  # inherited from the parcel
    assert all(r.sink.co2e_kg and r.sink.equation_id and r.sink.method_version for r in rows)
    assert window.bench.page.trees.rowCount() == 4


def test_one_operation_for_each_field_left(window: Window) -> None:
    window.press("new_tree")
    before = window.ask(lambda store: store.rows("SELECT count(*) FROM op")[0][0])
    window.keys("0300", ENTER)
    window.settle()
    assert window.ask(lambda store: store.rows("SELECT count(*) FROM op")[0][0]) == before + 1  # type: ignore[operator]


@pytest.mark.parametrize(("typed", "meant"), [("１２．５", 12.5), ("12,5", 12.5), ("12。5", 12.5), ("十二点五", 12.5)])
def test_numbers_are_understood_as_people_type_them(window: Window, typed: str, meant: float) -> None:
    window.press("new_tree")
    window.keys("A1", ENTER, ENTER)
    editor = QApplication.focusWidget()
    event = QInputMethodEvent()
    event.setCommitString(typed)
    QApplication.sendEvent(editor, event)
    window.keys(ENTER)
    window.settle()
    assert [row.dbh_cm for row in stored(window)] == [meant]


def test_enter_that_confirms_a_candidate_stays_in_the_cell(window: Window) -> None:
    window.press("new_tree")
    window.keys("A1", ENTER)
    editor = QApplication.focusWidget()
    QApplication.sendEvent(editor, QInputMethodEvent("mawei", []))
    window.keys(ENTER)
    assert window.bench.page.grid.currentIndex().column() == Column.SPECIES
    confirmed = QInputMethodEvent()
    confirmed.setCommitString("马尾松")
    QApplication.sendEvent(editor, confirmed)
    window.keys(ENTER)  # the same Enter, handed on by the input method
    assert window.bench.page.grid.currentIndex().column() == Column.SPECIES
    window.settle()
    window.keys(ENTER)
    window.settle()
    assert window.bench.page.grid.currentIndex().column() == Column.DBH
    assert [row.tree.species for row in stored(window)] == ["马尾松"]


def test_a_species_is_found_by_its_initials(window: Window) -> None:
    window.press("new_tree")
    window.keys("A1", ENTER, "sm", ENTER)
    window.settle()
    assert window.bench.page.trees.index(0, Column.SPECIES).data() == "杉木"


def test_what_means_nothing_stays_and_is_there_again(
    window: Window, new_desktop: Callable[[], Window], folder: Path
) -> None:
    window.press("new_tree")
    window.keys("A1", ENTER, ENTER, "about six", ENTER)
    window.settle()
    assert window.bench.page.trees.index(0, Column.DBH).data() == "about six"
    assert stored(window)[0].dbh_cm is None
    window.desktop.window.close()
    again = new_desktop()
    again.desktop.open(folder)
    again.settle()
    assert again.bench.page.trees.index(0, Column.DBH).data() == "about six"


def test_a_new_row_that_begins_with_nonsense_is_there_again(
    window: Window, new_desktop: Callable[[], Window], folder: Path
) -> None:
    window.press("new_tree")
    window.keys("A1", ENTER, ENTER, "6.6", ENTER, ENTER, "about six", ENTER)
    window.settle()
    assert [(row.tree.tag, row.dbh_cm) for row in stored(window)] == [("A1", 6.6), ("A2", None)]
    window.desktop.window.close()
    again = new_desktop()
    again.desktop.open(folder)
    again.settle()
    assert again.bench.page.trees.index(1, Column.DBH).data() == "about six"
    again.bench.page.grid.setCurrentIndex(again.bench.page.trees.index(1, Column.DBH))
    again.bench.page.grid.setFocus()
    again.keys("6", ".", "8", ENTER)
    again.settle()
    assert [(row.tree.tag, row.dbh_cm) for row in stored(again)] == [("A1", 6.6), ("A2", 6.8)]


def test_copy_from_above(window: Window) -> None:
    window.press("new_tree")
    window.keys("A1", ENTER, ENTER, "6.6", ENTER, ENTER)
    window.settle()
    assert isinstance(QApplication.focusWidget(), LineEdit)
    window.keys(Qt.Key.Key_D, modifier=Qt.KeyboardModifier.ControlModifier)  # which X11 would take for Delete
    window.settle()
    assert [(r.tree.tag, r.dbh_cm) for r in stored(window)] == [("A1", 6.6), ("A2", 6.6)]


def test_undo_and_redo_reach_the_store_and_survive_a_restart(
    window: Window, new_desktop: Callable[[], Window], folder: Path
) -> None:
    window.press("new_tree")
    window.keys("A1", ENTER, ENTER, "6.6", ENTER)
    window.settle()
    window.bench.page.grid.go_to(stored(window)[0].tree.id, Column.DBH)
    window.keys("7.7", ENTER)
    window.settle()
    window.desktop.window.close()
    again = new_desktop()
    again.desktop.open(folder)
    again.settle()
    again.press("undo")
    assert stored(again)[0].dbh_cm == 6.6
    again.press("redo")
    assert stored(again)[0].dbh_cm == 7.7


def test_a_girth_is_noticed_and_never_blocks(window: Window) -> None:
    window.press("new_tree")
    window.keys("A1", ENTER, ENTER, "39.3", ENTER)
    window.settle()
    assert stored(window)[0].dbh_cm == 39.3
    assert "12.5" in window.bench.page.trees.index(0, Column.HINT).data()
    window.press("next_finding")


def test_girth_and_stems_are_kept_as_they_were_measured(window: Window) -> None:
    window.press("new_tree")
    window.keys("A1", ENTER, ENTER, "c20.4", ENTER, "5.2", ENTER)
    window.settle()
    (row,) = stored(window)
    assert (row.stems, row.dbh_cm, row.height_m) == ("C20.4", 20.4 / math.pi, 5.2), "a height leaves the girth as it is"
    assert window.bench.page.trees.index(0, Column.DBH).data() == "围20.4"
    window.keys("6.5+7.2", ENTER)
    window.settle()
    girth, fork = stored(window)
    assert (fork.stems, fork.dbh_cm) == ("6.5+7.2", pytest.approx(9.7))
    alone = RegistryEstimator(load())
    wanted = sum(alone.estimate(SinkInput("杉木", d)).co2e_kg or 0.0 for d in (6.5, 7.2))
    assert fork.sink.co2e_kg == pytest.approx(wanted)
    assert "forked" in fork.sink.flags
    before = window.ask(lambda store: store.rows("SELECT count(*) FROM op")[0][0])
    window.bench.page.grid.go_to(girth.tree.id, Column.DBH)
    window.keys(Qt.Key.Key_F2, ENTER)
    window.settle()
    assert window.ask(lambda store: store.rows("SELECT count(*) FROM op")[0][0]) == before, "left as it is"
    window.bench.page.grid.go_to(fork.tree.id, Column.DBH)
    window.keys("7.1", ENTER)
    window.settle()
    assert [(row.stems, row.dbh_cm) for row in stored(window)] == [("C20.4", 20.4 / math.pi), (None, 7.1)]


@pytest.mark.parametrize("typed", ["6.5+", "c", "6+x"])
def test_half_a_fork_is_kept_with_its_finding(window: Window, typed: str) -> None:
    window.press("new_tree")
    window.keys("A1", ENTER, ENTER, typed, ENTER)
    window.settle()
    assert [row.dbh_cm for row in stored(window)] == [None]
    assert window.bench.page.trees.index(0, Column.DBH).data() == typed


def test_removing_a_tree_can_be_taken_back(window: Window) -> None:
    window.press("new_tree")
    window.keys("A1", ENTER, ENTER, "6.6", ENTER, UP)
    window.settle()
    window.bench.page.grid.go_to(stored(window)[0].tree.id, Column.DBH)
    window.press("remove")
    assert stored(window) == []
    window.press("undo")
    assert len(stored(window)) == 1


def test_ctrl_z_in_an_untouched_cell_is_the_durable_undo(window: Window) -> None:
    window.press("new_tree")
    window.keys("A1", ENTER, ENTER, "6.6", ENTER)
    window.settle()
    assert isinstance(QApplication.focusWidget(), LineEdit)
    window.keys(Qt.Key.Key_Z, modifier=Qt.KeyboardModifier.ControlModifier)
    window.settle()
    assert stored(window)[0].dbh_cm is None


def test_a_tag_of_another_household_is_noticed(window: Window) -> None:
    window.press("new_tree")
    window.keys("A1", ENTER)
    window.settle()
    window.ask(lambda store: add_household(store, "吴阿朵"))
    window.desktop.session.refresh()  # type: ignore[union-attr]
    window.settle()
    window.press("next_household")
    window.press("new_tree")
    trees = window.bench.page.trees
    assert trees.index(0, Column.TAG).data() == "A2"  # the roll of tags goes on from household to household
    assert window.bench.page.grid.currentIndex().column() == Column.TAG  # proposed or not, a parcel begins with it
    window.keys("A1", ENTER)
    window.settle()
    assert window.bench.page.trees.index(0, Column.HINT).data() == f"! {i18n.t('finding.tag_twice.short')}"


def test_a_new_row_with_a_meaningless_number_does_not_claim_to_be_stored(window: Window) -> None:
    window.press("new_tree")
    window.keys("A1", ENTER, ENTER, "6.6", ENTER, ENTER, "abc", ENTER)
    window.settle()
    hint = window.bench.page.trees.index(1, Column.HINT).data()
    assert hint not in ("", i18n.t("ui.typing"))


def test_the_worst_is_in_the_row_and_all_of_it_in_the_hint_line(window: Window) -> None:
    window.press("new_tree")
    window.keys("A1", ENTER, ENTER, "4.6", ENTER)
    window.settle()
    tree = stored(window)[0].tree

    def far_away(store: Store) -> None:
        place = Position(id=new_id(), village_code=tree.village_code, subject="tree", subject_id=tree.id,
                         lat=41.9, lon=12.5, datum="cgcs2000", source="typed", taken_at=1)  # fmt: skip
        with store.unit() as unit:
            unit.add(place)
            unit.commit()

    window.ask(far_away)
    window.desktop.session.refresh()  # type: ignore[union-attr]
    window.settle()
    page = window.bench.page
    assert page.trees.index(0, Column.POSITION).data() == i18n.t("ui.position.there"), "typed: there, accuracy unknown"
    hint = page.trees.index(0, Column.HINT).data()
    assert hint == "△ 2 处 · " + i18n.t("finding.position_outside.short")
    window.press("next_finding")
    page.grid.go_to(tree.id)
    assert i18n.t("finding.position_outside") in page.said
    assert i18n.t("finding.dbh_range", low="5", high="8") in page.said


def test_the_cursor_comes_back_to_its_cell_and_its_row_is_whole(window: Window) -> None:
    grid = window.bench.page.grid
    window.press("new_tree")
    window.keys("A1", ENTER, ENTER, *["6", ENTER, ENTER] * 22)
    window.settle()
    bottom = grid.viewport().height() // grid.rowHeight(0) - 1
    first = window.bench.page.trees.at(grid.rowAt(0) + bottom)
    assert first is not None
    grid.go_to(first.tree_id, Column.DBH)
    for place in ("sync", "households"):
        window.desktop.window.show_place(place)
    assert isinstance(QApplication.focusWidget(), LineEdit)
    assert grid.isAncestorOf(QApplication.focusWidget())
    window.bench.page.tell("提示 " * 120)  # several lines below the grid, which gives way
    window.settle()
    QApplication.processEvents()
    assert grid.viewport().rect().contains(grid.visualRect(grid.currentIndex()))
