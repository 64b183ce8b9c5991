"""Two laptops and a server through what the grid and the inbox do: what one person does is no conflict to another."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from fieldapp import app as composition
from fieldapp.domain import programme
from fieldapp.domain.ids import RecordId, new_id
from fieldapp.domain.records import Parcel, Tree
from fieldapp.server import unread
from fieldapp.server.running import RunningServer, start
from fieldapp.server.schema import CONFLICT
from fieldapp.storage import profile, reads
from fieldapp.storage.store import Store
from fieldapp.sync import engine
from fieldapp.ui import edits, kept, undoing
from fieldapp.ui.cell_edits import store_cell
from fieldapp.ui.desk import read_desk
from fieldapp.ui.tree_cells import Box, CellEdit
from fieldapp.ui.tree_texts import UNREAD
from tests.sync.village import sync
from tests.ui.conftest import VILLAGE, add_household

Make = Callable[[str], Store]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RunningServer]:
    with start(tmp_path / "server", estimator=composition.estimator(), practice=True) as running:
        yield running


@pytest.fixture
def laptop(tmp_path: Path, server: RunningServer) -> Iterator[Make]:
    """Makes laptops of one village that the server knows."""
    made: list[Store] = []

    def make(person: str) -> Store:
        folder = tmp_path / person
        profile.create(folder, person=person, pin=None, practice=True)
        store = composition.open_store(folder, None)
        made.append(store)
        edits.add_village(store, VILLAGE, None)
        engine.enrol(store, server.url, server.new_code())
        return store

    yield make
    for store in made:
        store.close()


def type_in(store: Store, tree_id: RecordId, text: float, box: Box, parcel_id: RecordId | None = None) -> None:
    """A diameter typed into the grid."""
    store_cell(store, CellEdit(tree_id, box, "dbh_cm", text, parcel_id, {"tag": "0425"}), VILLAGE)


def parcel_of(store: Store) -> RecordId:
    """A parcel of a new household."""
    view = reads.household(store, RecordId(add_household(store, "杨正光")))
    assert view is not None
    return view.parcels[0].id


def dbh(store: Store, tree_id: RecordId) -> float | None:
    """The diameter in force."""
    row = reads.tree_row(store, tree_id)
    assert row is not None
    return row.dbh_cm


def disputed(server: RunningServer) -> list[str]:
    """The fields that the server's pages say are undecided."""
    return list(server.server.station.database.read(lambda c: c.execute(sa.select(CONFLICT.c.field)).scalars().all()))


def test_ones_own_undo_and_redo_of_a_new_tree_are_no_conflict_elsewhere(server: RunningServer, laptop: Make) -> None:
    one, two = laptop("甲"), laptop("乙")
    tree_id, box = new_id(), Box()
    type_in(one, tree_id, 6.0, box, parcel_of(one))
    assert undoing.undo(one)
    assert undoing.redo(one)
    type_in(one, tree_id, 6.1, box)
    assert undoing.undo(one)
    assert undoing.redo(one)
    for store in (one, two):
        assert sync(store).converged
    for store in (one, two):
        assert reads.conflicts(store) == []
        assert dbh(store, tree_id) == 6.1
    assert disputed(server) == []


def test_a_decided_diameter_is_decided_on_both_laptops_and_on_the_server(server: RunningServer, laptop: Make) -> None:
    one, two = laptop("甲"), laptop("乙")
    tree_id = new_id()
    type_in(one, tree_id, 7.2, Box(), parcel_of(one))
    for store in (one, two):
        sync(store)
    for store, value in ((two, 7.4), (one, 7.9)):
        row = reads.tree_row(store, tree_id)
        assert row is not None
        type_in(store, tree_id, value, Box(row.tree))
    for store in (two, one, two):
        sync(store)
    assert [len(reads.conflicts(store)) for store in (one, two)] == [1, 1]
    assert disputed(server) == ["dbh_cm"]
    with one.unit() as unit:
        unit.decide(tree_id, "dbh_cm", 7.9)
        unit.commit()
    for store in (one, two):
        assert sync(store).converged
    assert [len(reads.conflicts(store)) for store in (one, two)] == [0, 0]
    assert disputed(server) == []
    assert dbh(one, tree_id) == dbh(two, tree_id) == 7.9


def test_a_value_that_nobody_can_read_arrives_as_it_was_typed(server: RunningServer, laptop: Make) -> None:
    one, two = laptop("甲"), laptop("乙")
    tree_id, parcel_id = new_id(), parcel_of(one)
    household_id = one.get(Parcel, parcel_id).household_id  # type: ignore[union-attr]
    type_in(one, tree_id, 6.0, Box(), parcel_id)
    kept.keep_typed(one, tree_id, "dbh_cm", "abc")
    kept.keep_typed(one, parcel_id, "area_mu", "两三亩吧")
    for store in (one, two):
        assert sync(store).converged
    for store in (one, two):
        desk = read_desk(store, household_id, programme.load(), lambda *_: None)
        assert desk is not None
        assert desk.kept == {tree_id: {"dbh_cm": "abc"}, parcel_id: {"area_mu": "两三亩吧"}}
        assert [(f.code, f.field) for f in desk.findings[tree_id] if f.code in UNREAD] == [
            ("number_unreadable", "dbh_cm")
        ]
    page = server.server.station.database.read(lambda c: unread.unread(c, VILLAGE, [household_id]))
    assert page == {household_id: {tree_id: ("field.measurement.dbh_cm",), parcel_id: ("field.parcel.area_mu",)}}
    row = reads.tree_row(two, tree_id)
    assert row is not None
    type_in(two, tree_id, 6.2, Box(row.tree))
    assert undoing.undo(two)
    assert kept.kept_typed(two, [two.get(Tree, tree_id)]) == {tree_id: {"dbh_cm": "abc"}}  # type: ignore[list-item]
    assert undoing.redo(two)
    for store in (two, one):
        sync(store)
        assert kept.kept_typed(store, [store.get(Tree, tree_id)]) == {}  # type: ignore[list-item]
        assert dbh(store, tree_id) == 6.2
    page = server.server.station.database.read(lambda c: unread.unread(c, VILLAGE, [household_id]))
    assert list(page[household_id]) == [parcel_id]
