"""Keys that come faster than the store answers, and everything that can happen while a field is being typed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from fieldapp import app as composition
from fieldapp.domain.ids import RecordId
from fieldapp.domain.records import Household, Tree
from fieldapp.server.running import RunningServer, start
from fieldapp.storage import profile, reads
from fieldapp.storage.store import Store
from fieldapp.storage.views import TreeRow
from fieldapp.ui import edits
from fieldapp.ui.cell_edits import store_cell
from fieldapp.ui.line_edit import LineEdit
from fieldapp.ui.tree_cells import Box, CellEdit, Column
from tests.ui.conftest import VILLAGE, Window, add_household
from tests.ui.test_sync_acts import sync

ENTER = Qt.Key.Key_Return


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RunningServer]:
    with start(tmp_path / "server", estimator=composition.estimator(), practice=True) as running:
        yield running


def stored(window: Window, household: RecordId | None = None) -> list[TreeRow]:
    """The trees of a household, the open one unless named, as the store has them."""
    asked = household or window.desktop.session.household_id  # type: ignore[union-attr]
    rows = window.ask(lambda store: reads.tree_rows(store, asked))  # type: ignore[arg-type]
    assert isinstance(rows, list)
    return rows


def cell_text() -> str:
    """What stands in the open cell or field."""
    editor = QApplication.focusWidget()
    assert isinstance(editor, LineEdit)
    return editor.text()


def cell_name(window: Window) -> tuple[str, int]:
    """Where the cursor stands: tag and column."""
    grid = window.bench.page.grid
    row = grid.current_row()
    assert row is not None
    return window.bench.page.trees.text(row, Column.TAG), grid.currentIndex().column()


def test_two_hundred_trees_without_waiting_for_an_answer(window: Window) -> None:
    window.press("new_tree")
    window.keys("0001", ENTER, ENTER)
    for number in range(200):
        window.keys(f"{5 + number / 100:.2f}", ENTER, "4.5", ENTER)
        if number % 7 == 0:
            QApplication.processEvents()  # answers come home in between, some of them old
    assert cell_name(window) == ("0201", Column.DBH)
    window.settle()
    rows = stored(window)
    assert [row.tree.tag for row in rows] == [f"{number:04d}" for number in range(1, 201)]
    assert [row.dbh_cm for row in rows] == [round(5 + number / 100, 2) for number in range(200)]
    assert {row.height_m for row in rows} == {4.5}
    assert window.ask(lambda store: store.rows("SELECT count(*) FROM measurement")[0][0]) == 400
    assert cell_name(window) == ("0201", Column.DBH)
    assert window.bench.page.trees.rowCount() == 201


def test_an_answer_from_before_does_not_take_back_what_was_typed_since(window: Window) -> None:
    window.press("new_tree")
    window.keys("A1", ENTER, ENTER, "6.5", ENTER)
    window.settle()
    page, desk = window.bench.page, window.bench.page.desk
    assert desk is not None
    window.keys("5.2", ENTER)
    page.show_desk(desk, other=False)  # a reading that began before the height was left
    assert page.trees.index(0, Column.HEIGHT).data() == "5.2"
    page.grid.go_to(desk.trees[0].tree.id, Column.HEIGHT)
    editor = QApplication.focusWidget()
    assert isinstance(editor, LineEdit)
    window.keys(Qt.Key.Key_Delete, ENTER)  # everything is selected: the height is taken away again
    window.settle()
    assert [row.height_m for row in stored(window)] == [None]


@pytest.mark.parametrize("command", ["next_household", "previous_household"])
def test_another_household_by_key_while_a_cell_is_open(window: Window, command: str) -> None:
    add = window.ask(lambda store: [add_household(store, name) for name in ("石开富", "吴大山")])
    assert isinstance(add, list)
    session = window.desktop.session
    assert session is not None
    session.refresh()
    window.settle()
    window.press("next_household")
    home = session.household_id
    window.press("new_tree")
    window.keys("A1", ENTER, ENTER, "6.5")
    window.press(command)
    assert session.household_id != home
    assert [(row.tree.tag, row.dbh_cm) for row in stored(window, home)] == [("A1", 6.5)]
    assert stored(window) == []


def test_keys_between_the_choice_of_a_household_and_its_coming(window: Window) -> None:
    window.ask(lambda store: add_household(store, "石开富"))
    session = window.desktop.session
    assert session is not None
    session.refresh()
    window.settle()
    home = session.household_id
    window.press("new_tree")
    window.keys("A1", ENTER, ENTER)
    window.bench.list.step(1)
    window.keys("6.5")  # the trees of the first household still stand there
    window.settle()
    assert session.household_id != home
    assert [(row.tree.tag, row.dbh_cm) for row in stored(window, home)] == [("A1", 6.5)]


def test_half_a_field_of_a_form_belongs_to_the_household_it_was_typed_in(window: Window) -> None:
    window.ask(lambda store: add_household(store, "石开富"))
    session = window.desktop.session
    assert session is not None
    session.refresh()
    window.settle()
    home = session.household_id
    window.bench.page.show_tab("household")
    assert home is not None
    window.bench.page.go_to("household", home, "remarks")
    window.keys("half a sen")
    window.press("next_household")
    window.keys(ENTER)
    window.settle()
    found = window.ask(lambda store: [store.get(Household, key) for key in (home, session.household_id)])  # type: ignore[arg-type]
    assert [one.remarks for one in found] == ["half a sen", None]  # type: ignore[attr-defined]


def test_another_parcel_while_a_cell_is_open(window: Window) -> None:
    page = window.bench.page
    assert page.desk is not None
    household, first = page.desk.view.household, page.desk.view.parcels[0]
    other = window.ask(lambda store: edits.add_parcel(store, household, first))
    assert isinstance(other, bytes)
    window.desktop.session.refresh()  # type: ignore[union-attr]
    window.settle()
    page.choose_parcel(first.id)
    window.press("new_tree")
    window.keys("A1", ENTER, ENTER, "6.5")
    page.choose_parcel(other)
    window.settle()
    assert [(row.tree.tag, row.dbh_cm, row.tree.parcel_id) for row in stored(window)] == [("A1", 6.5, first.id)]


@pytest.mark.parametrize("command", ["switch_language", "theme", "larger"])
def test_the_look_changes_while_a_cell_is_open(window: Window, command: str) -> None:
    window.press("new_tree")
    window.keys("A1", ENTER, ENTER, "6.")
    place = cell_name(window)
    try:
        window.press(command)
        window.keys("5")
        assert cell_text() == "6.5"
        assert cell_name(window) == place
        window.keys(ENTER)
        window.settle()
        assert [(row.tree.tag, row.dbh_cm) for row in stored(window)] == [("A1", 6.5)]
    finally:
        for back in {"switch_language": 1, "theme": 2, "larger": 0}[command] * [command]:
            window.press(back)


def test_undo_before_the_save_has_answered(window: Window) -> None:
    window.press("new_tree")
    window.keys("A1", ENTER)
    window.desktop.window.commands["undo"].trigger()
    window.settle()
    assert stored(window) == []
    assert window.bench.page.trees.rowCount() == 1  # no shadow of the tree that was taken back
    window.press("redo")
    assert [row.tree.tag for row in stored(window)] == ["A1"]


def test_closing_and_leaving_the_profile_store_the_half_typed_field(
    window: Window, new_desktop: Callable[[], Window], folder: Path
) -> None:
    window.press("new_tree")
    window.keys("A1", ENTER, ENTER, "6.5")
    window.press("other_profile")
    window.desktop.open(folder)
    window.settle()
    window.bench.list.step(1)
    window.settle()
    assert [(row.tree.tag, row.dbh_cm) for row in stored(window)] == [("A1", 6.5)]
    window.press("new_tree")
    window.keys("7.5")
    window.desktop.window.close()
    again = new_desktop()
    again.desktop.open(folder)
    again.settle()
    assert [(row.tree.tag, row.dbh_cm) for row in stored(again)] == [("A1", 6.5), ("A2", 7.5)]


def second_laptop(new_desktop: Callable[[], Window], server: RunningServer, folder: Path) -> Window:
    """Another laptop of the same village, with what the server has."""
    profile.create(folder, person="吴大山", pin=None, practice=True)
    other = new_desktop()
    other.desktop.open(folder)
    other.settle()
    other.ask(lambda store: edits.add_village(store, VILLAGE, None))
    sync(other, server)
    return other


def test_a_sync_brings_changes_to_the_tree_that_is_being_typed(
    window: Window, new_desktop: Callable[[], Window], server: RunningServer, tmp_path: Path
) -> None:
    window.press("new_tree")
    window.keys("A1", ENTER, ENTER, "6.5", ENTER, ENTER, "7.0", ENTER)
    window.settle()
    sync(window, server)
    other = second_laptop(new_desktop, server, tmp_path / "other")
    first = stored(window)[0].tree

    def change(store: Store) -> None:
        theirs = store.get(Tree, first.id)
        assert theirs is not None
        edits.store_field(store, Box(theirs), "tag", "B1")
        new = CellEdit(RecordId(b"n" * 16), Box(), "tag", "N1", first.parcel_id, {})
        store_cell(store, new, VILLAGE)

    other.ask(change)
    sync(other, server)
    other.desktop.window.hide()
    window.desktop.window.activateWindow()
    window.desktop.window.show_place("households")
    page = window.bench.page
    page.grid.go_to(first.id, Column.TAG)
    window.keys("C")
    window.desktop.acts.syncing.start()
    window.settle()
    assert stored(window)[0].tree.tag == "B1"
    assert page.trees.rowCount() == 4
    assert cell_text() == "C"
    window.keys("1", ENTER)
    window.settle()
    conflicts = window.ask(reads.conflicts)
    assert isinstance(conflicts, list)
    assert [(one.record_id, one.field) for one in conflicts] == [
        (first.id, "tag")
    ]  # two people, two values: both stand
    assert stored(window)[1].tree.tag == "A2"
