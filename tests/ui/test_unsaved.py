"""A full disk while somebody types: the text stays, the window says so, and it is stored by itself later."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QLineEdit, QMessageBox

from fieldapp import i18n
from fieldapp.domain.ids import RecordId, new_id
from fieldapp.domain.records import Position
from fieldapp.storage import profile, reads
from fieldapp.storage.store import Store
from fieldapp.ui.tree_cells import Column
from fieldapp.ui.unsaved_note import UnsavedNote
from tests.ui.conftest import Window, add_household

ENTER = Qt.Key.Key_Return
LONG = "坡脚有一块石头 " * 2_000  # more than the free pages of the database hold


def fill_disk(window: Window) -> None:
    """The database may not grow: SQLite then answers as it does on a full disk."""

    def work(store: Store) -> None:
        pages = store.connection.execute("PRAGMA page_count").fetchone()[0]
        store.connection.execute(f"PRAGMA max_page_count = {pages}")

    window.ask(work)


def make_room(window: Window) -> None:
    """The disk has room again."""
    window.ask(lambda store: store.connection.execute("PRAGMA max_page_count = 1000000").fetchone())


def refuse_writing(window: Window) -> None:
    """The database takes nothing at all, in a way that passes."""
    window.ask(lambda store: store.connection.execute("PRAGMA query_only = 1").fetchone())


def let_write(window: Window) -> None:
    """It writes again."""
    window.ask(lambda store: store.connection.execute("PRAGMA query_only = 0").fetchone())


def editor(window: Window, name: str) -> QLineEdit:
    """A field of the household."""
    found = window.bench.page.household.card.form.fields[name].editor
    assert isinstance(found, QLineEdit)
    return found


def type_into(window: Window, name: str, text: str) -> None:
    """Enters a field, types, and leaves it."""
    field = editor(window, name)
    field.setFocus()
    field.selectAll()
    field.insert(text)
    window.keys(ENTER)
    window.settle()


def remarks(window: Window) -> object:
    """What the store holds."""
    session = window.desktop.session
    assert session is not None
    household_id = session.household_id
    assert household_id is not None

    def read(store: Store) -> str | None:
        view = reads.household(store, household_id)
        return view.household.remarks if view else None

    return window.ask(read)


def another_household(window: Window) -> RecordId:
    """A second household in the village."""
    made = window.ask(lambda store: add_household(store, "石大山"))
    assert isinstance(made, bytes)
    return RecordId(made)


def boxes(window: Window) -> list[QMessageBox]:
    """The messages on the screen."""
    return [box for box in window.desktop.window.findChildren(QMessageBox) if box.isVisible()]


def note(window: Window) -> UnsavedNote:
    """What stands above the status bar."""
    return window.desktop.window.unsaved_note


def test_what_a_full_disk_refused_stays_and_is_stored_when_there_is_room(window: Window) -> None:
    window.bench.page.show_tab("household")
    session = window.desktop.session
    assert session is not None
    fill_disk(window)
    type_into(window, "remarks", LONG)
    shown = editor(window, "remarks").text().strip()
    assert len(shown) > 1_000
    assert remarks(window) is None
    assert boxes(window) == []
    assert note(window).title.text() == i18n.t("error.disk_full.title")
    assert i18n.t("ui.unsaved.message") in note(window).words.text()
    assert window.desktop.window.status.fact("saved") == i18n.t("ui.fact.unsaved", n=1)
    session.refresh()
    window.settle()
    assert editor(window, "remarks").text().strip() == shown
    window.press("switch_language")
    assert window.desktop.window.status.fact("saved") == i18n.t("ui.fact.unsaved", n=1)
    type_into(window, "remarks", "石" + LONG)  # a later text waits behind the earlier one
    later = editor(window, "remarks").text()
    assert note(window).title.text() == i18n.t("error.disk_full.title"), "in the language of the window"
    assert session.unsaved.count == 2
    make_room(window)
    session.unsaved.retry()
    window.settle()
    assert remarks(window) == later.strip()
    assert session.unsaved.count == 0
    assert not note(window).isVisible()
    assert window.desktop.window.status.fact("saved").startswith(i18n.t("ui.fact.saved", time=""))


def test_what_is_held_stands_there_after_another_language_and_another_household(window: Window) -> None:
    window.bench.page.show_tab("household")
    session = window.desktop.session
    assert session is not None
    first = session.household_id
    second = another_household(window)
    fill_disk(window)
    type_into(window, "remarks", LONG)
    shown = editor(window, "remarks").text().strip()
    for _ in i18n.LANGUAGES:
        window.desktop.switch_language()
        window.settle()
        assert editor(window, "remarks").text().strip() == shown
    session.open_household(second)
    window.settle()
    assert editor(window, "remarks").text() == ""
    session.open_household(first)
    window.settle()
    assert editor(window, "remarks").text().strip() == shown
    type_into(window, "remarks", "改过 " + LONG)
    later = editor(window, "remarks").text().strip()
    make_room(window)
    session.unsaved.retry()
    window.settle()
    assert remarks(window) == later
    assert editor(window, "remarks").text().strip() == later
    assert session.status is not None
    assert session.status.conflicts == 0, "nobody disagrees with himself"


@pytest.mark.parametrize(("typed", "shown", "dbh_cm"), [("17.5", "17.5", 17.5), ("3+4", "3+4", 5.0)])
def test_a_tree_that_is_held_stands_in_the_grid_after_another_household(
    window: Window, typed: str, shown: str, dbh_cm: float
) -> None:
    session = window.desktop.session
    assert session is not None
    first = session.household_id
    second = another_household(window)
    for key in (second, first):  # how many findings each has is written with its first reading
        session.open_household(key)
        window.settle()
    window.press("new_tree")
    refuse_writing(window)
    window.keys("A7", ENTER, ENTER, typed, ENTER)
    window.settle()
    assert session.unsaved.count == 2
    session.open_household(second)
    window.settle()
    session.open_household(first)
    window.settle()
    trees = window.bench.page.trees
    row = trees.at(0)
    assert row is not None
    assert [trees.text(row, column) for column in (Column.TAG, Column.DBH)] == ["A7", shown]
    trees.setData(trees.index(0, Column.HEIGHT), "9.5")
    window.settle()
    let_write(window)
    session.unsaved.retry()
    window.settle()
    desk = window.bench.page.desk
    assert desk is not None
    assert [(r.dbh_cm, r.height_m) for r in desk.trees] == [(pytest.approx(dbh_cm), 9.5)]
    assert (desk.trees[0].tree.tag, desk.trees[0].tree.number) == ("A7", 1)


def test_a_position_is_held_like_a_text(window: Window) -> None:
    session, desk = window.desktop.session, window.bench.page.desk
    assert session is not None
    assert desk is not None
    household = desk.view.household
    at = Position(
        id=new_id(),
        village_code=household.village_code,
        subject="household",
        subject_id=household.id,
        lat=26.0,
        lon=108.5,
        source="typed",
        datum="cgcs2000",
        taken_at=1,
    )
    refuse_writing(window)
    window.desktop.acts._store_position(at)
    window.settle()
    assert window.desktop.window.status.fact("saved") == i18n.t("ui.fact.unsaved", n=1)
    let_write(window)
    session.unsaved.retry()
    window.settle()
    stored = window.ask(lambda store: reads.position(store, household.id))
    assert isinstance(stored, Position)
    assert replace(stored, version=b"") == at


def test_a_household_that_the_disk_did_not_take_is_told(window: Window) -> None:
    refuse_writing(window)
    window.press("new_household")
    (box,) = boxes(window)
    assert box.text() == i18n.t("error.folder_read_only.title")
    assert i18n.t("error.folder_read_only.advice") in box.informativeText()
    session = window.desktop.session
    assert session is not None
    assert session.unsaved.count == 0
    assert len(session.households) == 1


def test_nothing_held_is_tried_on_another_profile(window: Window, tmp_path: Path) -> None:
    window.bench.page.show_tab("household")
    session = window.desktop.session
    assert session is not None
    refuse_writing(window)
    type_into(window, "remarks", "石")
    window.press("other_profile")
    window.press("other_profile")  # it was said what waits; he goes all the same
    other = tmp_path / "other"
    profile.create(other, person="韦小燕", pin=None, practice=True)
    window.desktop.open(other)
    window.settle()
    assert not session.unsaved._timer.isActive()
    assert window.desktop.session is not session


def test_closing_is_refused_once_while_something_is_not_stored(window: Window) -> None:
    window.bench.page.show_tab("household")
    fill_disk(window)
    type_into(window, "remarks", LONG)
    event = QCloseEvent()
    window.desktop.window.closeEvent(event)
    assert not event.isAccepted()
    assert i18n.t("ui.unsaved.closing") in [box.text() for box in boxes(window)]
    make_room(window)
    window.desktop.window.close()
    assert not window.desktop.window.isVisible()


def test_a_tree_whose_first_cell_was_refused_is_stored_whole(window: Window) -> None:
    window.press("new_tree")
    fill_disk(window)

    session = window.desktop.session
    assert session is not None
    for dbh in range(400):
        window.keys(f"{10 + dbh % 9}.5", ENTER)
        window.settle()
        if session.unsaved.count:
            break
    else:
        raise AssertionError("the disk never got full")
    window.desktop.window.activateWindow()
    make_room(window)
    session.unsaved.retry()
    window.settle()
    assert session.unsaved.count == 0
    desk = window.bench.page.desk
    assert desk is not None
    assert desk.trees
    assert all(row.tree.tag for row in desk.trees)


def test_a_disk_that_takes_nothing_keeps_no_household_shut(window: Window) -> None:
    session = window.desktop.session
    assert session is not None
    first, second = session.household_id, another_household(window)
    window.ask(lambda store: store.write("DELETE FROM finding_count"))
    refuse_writing(window)
    for household in (second, first):
        session.open_household(household)
        window.settle()
        assert session.desk is not None
        assert session.desk.view.household.id == household
    let_write(window)


def test_another_profile_is_opened_only_after_it_was_said_what_waits(window: Window) -> None:
    window.bench.page.show_tab("household")
    session = window.desktop.session
    assert session is not None
    fill_disk(window)
    type_into(window, "remarks", LONG)
    window.press("other_profile")
    assert window.desktop.session is session
    (box,) = boxes(window)
    assert box.text() == i18n.t("ui.unsaved.closing")
    box.close()
    make_room(window)


def test_what_a_full_disk_says_takes_no_key_from_the_cell(window: Window) -> None:
    window.press("new_tree")
    trees = window.bench.page.trees
    refuse_writing(window)
    window.keys("A7", ENTER, ENTER, "6.1", ENTER)
    window.settle()
    assert note(window).isVisible()
    window.keys("7.5", ENTER)
    window.settle()
    row = trees.at(0)
    assert row is not None
    assert [trees.text(row, column) for column in (Column.DBH, Column.HEIGHT)] == ["6.1", "7.5"]
