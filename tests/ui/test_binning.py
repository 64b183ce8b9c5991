"""The bin: Enter never reaches it, much at once is asked about, and what lies in it leaves the desk."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPushButton

from fieldapp import i18n
from fieldapp.ui.binning import BinDialog
from tests.ui.conftest import Window

ENTER, ESC, SPACE = Qt.Key.Key_Return, Qt.Key.Key_Escape, Qt.Key.Key_Space


def bin_button(window: Window) -> QPushButton:
    """The bin of the household's own card."""
    card = window.bench.page.household.card
    return next(b for b in card.findChildren(QPushButton) if b.text() == i18n.t("ui.remove"))


def test_enter_walks_to_the_end_of_the_form_and_presses_nothing(window: Window) -> None:
    page = window.bench.page
    page.show_tab("household")
    page.household.card.form.focus_field("head_name")
    names = list(page.household.card.form.fields)
    window.keys(*[ENTER] * (len(names) + 4))
    window.settle()
    assert page.desk is not None
    assert page.household.card.form.fields["remarks"].editor.hasFocus()
    assert page.said == i18n.t("ui.form.end")
    page.household.card.form.fields["remarks"].editor.setFocus()
    window.keys("gone out", ENTER)
    window.settle()
    assert page.desk.view.household.remarks == "gone out"
    bin_button(window).setFocus()
    window.keys(ENTER, ENTER)
    window.settle()
    assert window.desktop.window.findChild(BinDialog) is None


def test_enter_goes_on_with_the_next_card(window: Window) -> None:
    window.press("new_parcel")
    parcels = window.bench.page.parcels
    first, second = (card.form for card in parcels.parcels._cards.values())
    first.focus_field("remarks")
    window.keys(ENTER)
    assert second.fields["place_name"].editor.hasFocus()


def test_a_household_is_binned_after_a_question_and_comes_back(window: Window) -> None:
    window.bench.page.show_tab("household")
    household = window.bench.page.desk.view.household  # type: ignore[union-attr]
    for key in (ENTER, ESC):
        bin_button(window).click()
        dialog = window.desktop.window.findChild(BinDialog)
        assert "杨正光" in dialog.text()
        QApplication.sendPostedEvents()
        window.keys(key)  # both keep everything
        window.settle()
        assert window.bench.page.desk is not None
        dialog.deleteLater()
        QApplication.sendPostedEvents(None, 52)
    bin_button(window).setFocus()
    bin_button(window).click()
    window.desktop.window.findChild(BinDialog).go.click()
    window.settle()
    assert window.bench.page.desk is None
    assert window.bench.empty.isVisible()
    assert window.bench.empty.said == i18n.t("ui.removed")
    assert window.bench.list.model.rowCount() == 0
    assert window.desktop.window.focusWidget() is window.bench.list.search
    window.press("undo")
    desk = window.bench.page.desk
    assert desk is not None
    assert desk.view.household.id == household.id


def test_a_parcel_with_trees_is_asked_about_and_a_hidden_grid_loses_no_tree(window: Window) -> None:
    window.press("new_tree")
    window.keys("A1", ENTER, ENTER, "6.6", ENTER)
    window.settle()
    page = window.bench.page
    page.grid.go_to(page.desk.trees[0].tree.id)  # type: ignore[union-attr]
    page.show_tab("parcels")
    window.press("remove")
    assert len(page.desk.trees) == 1  # type: ignore[union-attr]
    page.parcels.removed.emit(page.desk.view.parcels[0])  # type: ignore[union-attr]
    dialog = window.desktop.window.findChild(BinDialog)
    assert "坡脚" in dialog.text()
    dialog.reject()
