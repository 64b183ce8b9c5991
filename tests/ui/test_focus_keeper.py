"""The cursor comes back to where it was when a dialog closes, on a window that is really left and entered again."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QWidget
from pytestqt.qtbot import QtBot

from fieldapp.domain.ids import RecordId
from fieldapp.ui.dialogs import VillageDialog, message_box
from fieldapp.ui.line_edit import LineEdit
from fieldapp.ui.position_dialog import PositionDialog
from fieldapp.ui.ready_dialog import ReadyDialog
from fieldapp.ui.tree_cells import Column
from tests.ui.conftest import Window

ENTER = Qt.Key.Key_Return


def come_back(window: Window, qtbot: QtBot, dialog: QDialog) -> None:
    """Closes a dialog; a window manager gives the window below the keyboard again, offscreen nobody does."""
    qtbot.waitUntil(lambda: QApplication.activeWindow() is dialog)
    dialog.reject()
    window.desktop.window.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is window.desktop.window)
    window.settle()


def the_dialog(window: Window, kind: type[QDialog]) -> QDialog:
    dialog = window.desktop.window.findChild(kind)
    assert isinstance(dialog, QDialog)
    return dialog


@pytest.mark.parametrize("what", ["message", "position", "village"])
def test_the_open_cell_is_open_again(window: Window, qtbot: QtBot, what: str) -> None:
    window.press("new_tree")
    window.keys("A1", ENTER, ENTER, "6.6", ENTER)
    window.settle()
    if what == "message":
        dialog: QDialog = message_box(window.desktop.window, "title", "message", "advice")
    else:
        window.press("set_position" if what == "position" else "new_village")
        dialog = the_dialog(window, PositionDialog if what == "position" else VillageDialog)
    come_back(window, qtbot, dialog)
    window.keys("5.5", ENTER)
    window.settle()
    tree = window.bench.page.desk.trees[0]  # type: ignore[union-attr]
    assert tree.height_m == 5.5


def test_a_position_that_was_stored_leaves_the_cursor_in_the_grid(window: Window, qtbot: QtBot) -> None:
    window.press("new_tree")
    window.keys("A1", ENTER, ENTER, "6.6", ENTER)
    window.settle()
    window.press("set_position")
    dialog = the_dialog(window, PositionDialog)
    assert isinstance(dialog, PositionDialog)
    qtbot.waitUntil(lambda: QApplication.activeWindow() is dialog)
    window.keys("26.0123 108.5234", ENTER)
    window.desktop.window.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is window.desktop.window)
    window.settle()
    focus = QApplication.focusWidget()
    assert isinstance(focus, QWidget)
    assert window.bench.page.grid.isAncestorOf(focus) or focus is window.bench.page.grid
    assert window.bench.page.grid.currentIndex().column() == Column.HEIGHT


def test_a_field_of_a_form_has_the_cursor_again(window: Window, qtbot: QtBot) -> None:
    household = window.bench.page.desk.view.household.id  # type: ignore[union-attr]
    window.bench.page.go_to("household", RecordId(household), "phone")
    come_back(window, qtbot, message_box(window.desktop.window, "title", "message", "advice"))
    focus = QApplication.focusWidget()
    assert isinstance(focus, LineEdit)
    assert focus is window.bench.page.household.card.form.fields["phone"].editor


def test_red_findings_say_why_the_household_is_not_ready_and_it_stays(window: Window) -> None:
    window.press("new_tree")
    window.keys("A1", ENTER, ENTER, "6.6", ENTER, ENTER)
    window.settle()
    window.bench.page.grid._enter(1, Column.TAG)
    window.keys("A1", ENTER)
    window.settle()
    window.press("mark_ready")
    dialog = window.desktop.window.findChild(ReadyDialog)
    assert isinstance(dialog, ReadyDialog)
    assert "改好才能标为就绪" in "".join(label.text() for label in dialog.findChildren(QLabel))
    window.keys(ENTER)
    window.settle()
    said = window.bench.page.said
    assert "A1" in said
    window.desktop.session.refresh()  # type: ignore[union-attr]
    window.settle()
    assert window.bench.page.said == said
