"""The open menu greys what cannot be done; when it has closed every key is alive again."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from tests.ui.conftest import Window


def greyed(window: Window) -> set[str]:
    return {action.objectName() for action in window.desktop.window.actions() if not action.isEnabled()}


@pytest.mark.qt_log_ignore("does not support (propagateSizeHints|raise|grabbing)", extend=True)
def test_the_menu_greys_what_cannot_be_done_while_it_is_open(window: Window) -> None:
    menu = window.desktop.window.menu
    assert window.desktop.session is not None
    assert greyed(window) == set()
    window.press("new_tree")
    menu.popup(window.desktop.window.pos())
    window.settle()
    assert {"copy_above", "remove", "view_photo", "redo"} <= greyed(window)
    assert not {"new_tree", "new_parcel", "undo", "sync", "explain", "bin"} & greyed(window)
    menu.close()
    assert greyed(window) == set()
    window.keys("A1", Qt.Key.Key_Return)
    window.settle()
    window.bench.page.grid.go_to(window.bench.page.trees.at(0).tree_id)  # type: ignore[union-attr]
    menu.popup(window.desktop.window.pos())
    window.settle()
    assert "remove" not in greyed(window)
    menu.close()
    window.desktop.session.open_household(None)
    window.settle()
    menu.popup(window.desktop.window.pos())
    window.settle()
    assert {"mark_ready", "new_parcel", "set_position", "import_photos", "next_tab"} <= greyed(window)
    assert not {"new_household", "next_household", "find", "undo"} & greyed(window)
    menu.close()
