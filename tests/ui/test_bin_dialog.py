"""The recycle bin: what lies in it, and the way back by the keys alone."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from fieldapp.storage import bin as storage
from fieldapp.storage.store import Store
from fieldapp.ui import edits
from fieldapp.ui.bin_dialog import BinList
from tests.ui.conftest import Window

ENTER = Qt.Key.Key_Return


def test_a_tree_and_a_household_are_taken_back_by_the_keys(window: Window) -> None:
    window.press("new_tree")
    window.keys("A1", ENTER, ENTER, "6.6", ENTER, ENTER, ENTER)
    window.settle()
    desk = window.bench.page.desk
    assert desk is not None
    tree, household = desk.trees[0].tree, desk.view.household

    def bin_both(store: Store) -> list[storage.BinRow]:
        edits.remove(store, tree)
        alone = storage.binned(store)
        edits.remove(store, household)
        return alone

    alone = window.ask(bin_both)
    assert isinstance(alone, list)
    assert [(row.record, row.household_id) for row in alone] == [("tree", household.id)]
    window.desktop.session.refresh()  # type: ignore[union-attr]
    window.settle()
    assert window.bench.page.desk is None
    window.press("bin")
    dialog = window.desktop.window.findChild(BinList)
    assert isinstance(dialog, BinList)
    # the tree has gone with its household and comes after it
    for expected in (("household", household.id), ("tree", tree.id)):
        assert [(row.record, row.id) for row in dialog._rows] == [expected]
        QApplication.sendPostedEvents()
        dialog.list.setFocus()
        window.keys(ENTER, ENTER)
        window.settle()
    assert dialog.list.count() == 0
    dialog.reject()
    window.settle()
    desk = window.bench.page.desk
    assert desk is not None
    assert [row.tree.id for row in desk.trees] == [tree.id]
    assert desk.totals.trees == 1
    assert window.ask(storage.binned) == []
