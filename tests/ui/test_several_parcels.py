"""A household with several parcels: the grid stays on the parcel in which the person works."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt

from fieldapp.domain.ids import RecordId, new_id
from fieldapp.storage import reads
from fieldapp.storage.store import Store
from fieldapp.storage.views import TreeRow
from fieldapp.ui import edits
from fieldapp.ui.cell_edits import store_cell
from fieldapp.ui.tree_cells import CellEdit, Column
from tests.ui.conftest import VILLAGE, Window

ENTER = Qt.Key.Key_Return


def _household(window: Window) -> RecordId:
    desk = window.bench.page.desk
    assert desk is not None
    return desk.view.household.id


def _add_parcels(window: Window) -> list[RecordId]:
    household_id = _household(window)

    def work(store: Store) -> list[RecordId]:
        view = reads.household(store, household_id)
        assert view is not None
        return [view.parcels[0].id, *(edits.add_parcel(store, view.household, view.parcels[0]) for _ in range(2))]

    parcels = window.ask(work)
    assert isinstance(parcels, list)
    assert window.desktop.session is not None
    window.desktop.session.refresh()
    window.settle()
    return parcels


def _trees(window: Window) -> list[TreeRow]:
    household_id = _household(window)
    rows = window.ask(lambda store: reads.tree_rows(store, household_id))
    assert isinstance(rows, list)
    return rows


def test_trees_go_into_the_chosen_parcel_one_after_the_other(window: Window) -> None:
    parcels = _add_parcels(window)
    page = window.bench.page
    for chosen in (parcels[2], parcels[1]):
        page.choose_parcel(chosen)
        window.press("new_tree")
        for _ in range(2):
            if page.grid.currentIndex().column() == Column.TAG:
                window.keys(f"T{parcels.index(chosen)}0", ENTER, ENTER)
            window.keys("6.4", ENTER)
            window.settle()  # what was stored is read again while the person goes on typing
            assert page.parcel_choice.currentData() == chosen
            window.keys("5.1", ENTER)
            window.settle()
            assert page.parcel_choice.currentData() == chosen
    rows = _trees(window)
    assert [row.tree.parcel_id for row in rows].count(parcels[2]) == 2
    assert [row.tree.parcel_id for row in rows].count(parcels[1]) == 2
    assert {(row.dbh_cm, row.height_m) for row in rows} == {(6.4, 5.1)}


def test_a_tree_of_another_parcel_is_found(window: Window) -> None:
    parcels = _add_parcels(window)
    page = window.bench.page
    page.choose_parcel(parcels[2])
    window.press("new_tree")
    window.keys("T77", ENTER, ENTER, "6.4", ENTER)
    window.settle()
    page.choose_parcel(parcels[0])
    tree = _trees(window)[0].tree.id
    assert page.go_to("tree", tree, "dbh_cm")
    assert page.parcel_choice.currentData() == parcels[2]
    row = page.grid.current_row()
    assert row is not None
    assert row.tree_id == tree


def test_another_parcel_is_shown_from_its_first_tree(window: Window) -> None:
    parcels = _add_parcels(window)

    def fill(store: Store) -> None:
        for parcel_id in parcels[:2]:
            for number in range(40):
                box = edits.Box()
                store_cell(
                    store,
                    CellEdit(new_id(), box, "tag", f"{parcel_id.hex()[-2:]}{number}", parcel_id, {}),
                    VILLAGE,
                )

    window.ask(fill)
    assert window.desktop.session is not None
    window.desktop.session.refresh()
    window.settle()
    page = window.bench.page
    page.show_tab("trees")
    page.choose_parcel(parcels[0])
    window.press("new_tree")
    assert page.grid.verticalScrollBar().value() > 0
    page.choose_parcel(parcels[1])
    window.settle()
    assert page.grid.verticalScrollBar().value() == 0
    assert {page.trees.at(n).parcel_id for n in range(page.trees.rowCount())} == {parcels[1]}  # type: ignore[union-attr]


def test_another_household_is_about_its_first_card_where_cards_are_shown(window: Window) -> None:
    parcels = _add_parcels(window)
    page = window.bench.page
    page.choose_parcel(parcels[0])
    window.press("new_tree")
    window.keys("6.4", ENTER)
    window.settle()
    assert page.desk is not None
    backwards = replace(page.desk.view, parcels=tuple(reversed(page.desk.view.parcels)))
    desk = replace(page.desk, view=backwards)
    page.show_desk(desk, True)
    assert page.parcel_choice.currentData() == parcels[0], "the grid begins where the trees are"
    page.show_tab("parcels")
    page.show_desk(desk, True)
    subject = window.bench.subject()
    assert subject is not None
    assert subject.id == parcels[2]
