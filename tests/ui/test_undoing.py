"""Undo says what it took back: the field, whose it is, from what to what; personal values are covered."""

from __future__ import annotations

from PySide6.QtCore import Qt

from fieldapp import i18n
from fieldapp.ui.binning import BinDialog
from tests.ui.conftest import Window

ENTER = Qt.Key.Key_Return


def test_undo_says_which_field_of_whom_from_what_to_what(window: Window) -> None:
    window.press("new_tree")
    window.keys("A1", ENTER, ENTER, "6.6", ENTER, ENTER)
    window.settle()
    page = window.bench.page
    assert page.desk is not None
    page.grid.go_to(page.desk.trees[0].tree.id)
    window.keys("7.1", ENTER)
    window.settle()
    window.press("undo")
    assert "A1" in page.said
    assert "杨正光" in page.said
    assert "7.1 → 6.6" in page.said
    window.press("redo")
    assert "6.6 → 7.1" in page.said
    page.grid.go_to(page.desk.trees[0].tree.id)
    window.keys("c20.4", ENTER)
    window.settle()
    window.press("undo")
    assert "围20.4 → 7.1" in page.said
    window.press("redo")
    assert "7.1 → 围20.4" in page.said
    window.press("undo")
    for _ in range(3):
        window.press("undo")
    assert "→" not in page.said or "A1" in page.said


def test_personal_values_stay_covered_in_what_undo_says(window: Window) -> None:
    page = window.bench.page
    page.show_tab("household")
    form = page.household.card.form
    for name, text in (("bank_account", "6212345678901234"), ("phone", "13885512345")):
        form.focus_field(name)
        window.keys(text, ENTER)
        window.settle()
    window.press("privacy")
    window.press("undo")
    assert i18n.t("field.household.phone") in page.said
    assert "13885512345" not in page.said
    assert "杨正光" not in page.said
    window.press("redo")
    window.press("privacy")
    window.press("undo")
    assert "杨正光" in page.said
    assert "13885512345 → —" in page.said
    window.press("undo")
    assert i18n.t("field.household.bank_account") in page.said
    assert "6212345678901234" not in page.said


def test_undo_of_a_new_parcel_says_so_and_a_household_comes_back(window: Window) -> None:
    window.press("new_parcel")
    window.press("undo")
    assert i18n.t("record.parcel") in window.bench.page.said
    window.bench.page.household.removed.emit(window.bench.page.desk.view.household)  # type: ignore[union-attr]
    window.desktop.window.findChild(BinDialog).go.click()
    window.settle()
    window.press("undo")
    assert i18n.t("ui.undone.back", whose="农户 杨正光") in window.bench.page.said


def test_the_cursor_goes_to_the_tree_that_comes_back(window: Window) -> None:
    window.press("new_tree")
    window.keys("A1", ENTER, ENTER, "6.6", ENTER, ENTER, "6.7", ENTER, ENTER)
    window.settle()
    page = window.bench.page
    assert page.desk is not None
    first = page.desk.trees[0].tree.id
    page.grid.go_to(first, edit=False)
    window.press("remove")
    row = page.grid.current_row()
    assert row is not None
    assert row.tree_id != first
    window.press("undo")
    row = page.grid.current_row()
    assert row is not None
    assert row.tree_id == first
