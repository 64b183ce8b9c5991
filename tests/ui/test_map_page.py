"""The village on one map: every household's parcels, those with a point alone too, the open household marked."""

from __future__ import annotations

from fieldapp.domain.ids import new_id
from fieldapp.domain.records import Position
from fieldapp.storage import village_map
from fieldapp.storage.store import Store
from fieldapp.ui import edits
from tests.ui.conftest import VILLAGE, Window, add_household

WKT = "POLYGON ((108.5 26.0, 108.501 26.0, 108.501 26.001, 108.5 26.001, 108.5 26.0))"


def place(store: Store, subject: str, subject_id: bytes, lat: float) -> None:
    """A position that was taken for a parcel or household."""
    edits.add_position(
        store,
        Position(
            id=new_id(), village_code=VILLAGE, subject=subject, subject_id=subject_id, lat=lat, lon=108.5,
            accuracy_m=6.0, source="typed",
        ),
    )  # fmt: skip


def test_a_parcel_with_only_a_point_is_on_both_maps(window: Window) -> None:
    desk = window.bench.page.desk
    assert desk is not None
    parcel = desk.view.parcels[0]
    window.ask(lambda store: place(store, "parcel", parcel.id, 26.001))
    other = window.ask(lambda store: add_household(store, "吴阿朵"))
    assert isinstance(other, bytes)
    window.ask(lambda store: place(store, "household", other, 26.003))
    window.desktop.session.refresh()  # type: ignore[union-attr]
    window.settle()
    assert [(p.key, p.accuracy_m) for p in window.bench.evidence.map._points] == [(parcel.id, 6.0)]
    window.desktop.window.show_place("map")
    window.settle()
    page = window.desktop.window.map_page
    assert {(p.key, p.other) for p in page.map._points} == {(parcel.id, False), (other, True)}
    page.map.point_chosen.emit(other)
    window.settle()
    assert window.bench.page.desk is not None
    assert window.bench.page.desk.view.household.id == other
    assert window.desktop.window.place == "map"
    assert {(p.key, p.other) for p in page.map._points} == {(other, False), (parcel.household_id, True)}


def test_the_latest_position_counts_and_removed_households_are_not_on_the_map(window: Window) -> None:
    other = window.ask(lambda store: add_household(store, "吴阿朵"))
    assert isinstance(other, bytes)
    window.ask(lambda store: (place(store, "household", other, 26.003), place(store, "household", other, 26.004)))
    rows = window.ask(lambda store: village_map.places(store, VILLAGE))
    assert isinstance(rows, list)
    assert [(row.id, row.lat, row.household) for row in rows] == [(other, 26.004, "吴阿朵")]
