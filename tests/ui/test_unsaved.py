"""A full disk while somebody types: the text stays, the window says so, and it is stored by itself later."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QLineEdit, QMessageBox

from fieldapp import i18n
from fieldapp.storage import reads
from fieldapp.storage.store import Store
from tests.ui.conftest import Window

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


def boxes(window: Window) -> list[QMessageBox]:
    """The messages on the screen."""
    return [box for box in window.desktop.window.findChildren(QMessageBox) if box.isVisible()]


def test_what_a_full_disk_refused_stays_and_is_stored_when_there_is_room(window: Window) -> None:
    window.bench.page.show_tab("household")
    session = window.desktop.session
    assert session is not None
    fill_disk(window)
    type_into(window, "remarks", LONG)
    shown = editor(window, "remarks").text()
    assert len(shown) > 1_000
    assert remarks(window) is None
    (box,) = boxes(window)
    assert box.text() == i18n.t("error.disk_full.title")
    assert i18n.t("ui.unsaved.message") in box.informativeText()
    assert window.desktop.window.status.fact("saved") == i18n.t("ui.fact.unsaved", n=1)
    box.close()
    session.refresh()
    window.settle()
    assert editor(window, "remarks").text() == shown
    window.press("switch_language")
    assert window.desktop.window.status.fact("saved") == i18n.t("ui.fact.unsaved", n=1)
    type_into(window, "remarks", "石" + LONG)  # a later text waits behind the earlier one
    later = editor(window, "remarks").text()
    assert boxes(window) == [], "told once"
    assert session.unsaved.count == 2
    make_room(window)
    session.unsaved.retry()
    window.settle()
    assert remarks(window) == later.strip()
    assert session.unsaved.count == 0
    assert window.desktop.window.status.fact("saved").startswith(i18n.t("ui.fact.saved", time=""))


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
