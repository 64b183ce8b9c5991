"""A position that may lie in the neighbour's parcel stands as a hint beside its tree, and wants a reason."""

from __future__ import annotations

from PySide6.QtCore import Qt

from fieldapp import i18n
from fieldapp.domain.ids import new_id
from fieldapp.domain.records import Position
from fieldapp.storage import reads
from fieldapp.storage.store import Store
from fieldapp.ui.tree_cells import Column
from tests.ui.conftest import VILLAGE, Window

ENTER = Qt.Key.Key_Return


def _taken(store: Store, accuracy_m: float) -> None:
    household = reads.households(store, VILLAGE)[0]
    tree = reads.tree_rows(store, household.id)[0].tree
    place = Position(id=new_id(), village_code=VILLAGE, subject="tree", subject_id=tree.id,
                     lat=26.0286, lon=108.6011, datum="cgcs2000", source="receiver", taken_at=1,
                     accuracy_m=accuracy_m)  # fmt: skip
    with store.unit() as unit:
        unit.add(place)
        unit.commit()


def test_the_grid_says_that_a_position_is_rough(window: Window) -> None:
    window.press("new_tree")
    window.keys("A1", ENTER, ENTER, "6.6", ENTER)
    window.settle()
    session, trees = window.desktop.session, window.bench.page.trees
    assert session is not None
    short = i18n.t("finding.position_rough.short", accuracy="42")
    for accuracy_m, is_told in ((7.7, False), (42.4, True)):
        window.ask(lambda store, accuracy_m=accuracy_m: _taken(store, accuracy_m))
        session.refresh()
        window.settle()
        assert (short in trees.index(0, Column.HINT).data()) is is_told
