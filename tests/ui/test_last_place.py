"""What stands half typed survives the end of the power: it is in its field again, and not stored yet."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit

from fieldapp import i18n
from fieldapp.storage import reads
from fieldapp.storage.place import recall
from fieldapp.storage.store import Store
from tests.ui.conftest import Window

ENTER = Qt.Key.Key_Return


def typed(store: Store) -> str:
    """What is kept of the field that the cursor stands in."""
    place = recall(store)
    return place.typed if place else ""


def rest(window: Window) -> None:
    """The hands rest for half a second."""
    window.rest_until(lambda: window.ask(typed) != "")


def after_the_power_cut(folder: Path, new_desktop: Callable[[], Window]) -> Window:
    """A window on what lay on the disk at that moment."""
    cut = folder.with_name("cut")
    shutil.copytree(folder, cut)
    again = new_desktop()
    again.desktop.open(cut)
    again.settle()
    return again


def editor() -> QLineEdit:
    focused = QApplication.focusWidget()
    assert isinstance(focused, QLineEdit)
    return focused


def test_half_a_number_in_the_grid(window: Window, new_desktop: Callable[[], Window], folder: Path) -> None:
    window.press("new_tree")
    window.keys("A1", ENTER, ENTER, "6.6", ENTER, "5.")
    rest(window)
    again = after_the_power_cut(folder, new_desktop)
    assert editor().text() == "5."
    assert again.bench.page.said == i18n.t("ui.reopened.typed")
    again.keys("4", ENTER)
    again.settle()
    assert again.bench.page.said not in ("", i18n.t("ui.reopened.typed")), "said until the first field is stored"
    (row,) = again.ask(lambda store: reads.tree_rows(store, again.bench.page.desk.view.household.id))  # type: ignore[union-attr,misc]
    assert (row.dbh_cm, row.height_m) == (6.6, 5.4)
    assert again.ask(typed) == "", "its field was left: nothing is half typed any more"


@pytest.mark.parametrize("name", ["head_name", "phone"])
def test_half_a_text_in_a_form(window: Window, new_desktop: Callable[[], Window], folder: Path, name: str) -> None:
    page = window.bench.page
    assert page.desk is not None
    household = page.desk.view.household
    page.show_tab("household")
    page.household.focus_field(household.id, name)
    window.settle()
    editor().selectAll()
    window.keys("13912")
    rest(window)
    again = after_the_power_cut(folder, new_desktop)
    assert editor().text() == "13912"
    stored = again.ask(lambda store: reads.household(store, household.id))
    assert getattr(stored.household, name) == getattr(household, name), "not before it is left"  # type: ignore[attr-defined]
    again.keys(ENTER)
    again.settle()
    stored = again.ask(lambda store: reads.household(store, household.id))
    assert getattr(stored.household, name) == "13912"  # type: ignore[attr-defined]


def test_a_field_that_was_left_is_not_typed_again(
    window: Window, new_desktop: Callable[[], Window], folder: Path
) -> None:
    window.press("new_tree")
    window.keys("A1", ENTER, ENTER, "6.")
    rest(window)
    window.keys("6", ENTER)
    window.settle()
    again = after_the_power_cut(folder, new_desktop)
    assert editor().text() == ""
    assert again.bench.page.said != i18n.t("ui.reopened.typed")
