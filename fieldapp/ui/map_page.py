"""The map as a place of its own: all parcels of the village, and of the household on the desk its trees with tags."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from fieldapp.domain.masking import mask_name
from fieldapp.ui.map_places import MapArea, MapPoint, outline, parcel_areas, tree_points
from fieldapp.ui.map_view import MapView
from fieldapp.ui.page import button, label
from fieldapp.ui.texts import Texts
from fieldapp.ui.theme import Theme
from fieldapp.ui.tree_delegate import ACCURACY_GATE_M

if TYPE_CHECKING:
    from fieldapp.storage.store import Store
    from fieldapp.storage.village_map import PlaceRow
    from fieldapp.ui.desk import Desk
    from fieldapp.ui.session import Session


class MapPage(QWidget):
    """Choosing a tree leads to its row, choosing another household's parcel puts that household on the desk."""

    tree_chosen = Signal(bytes)
    parcel_chosen = Signal(bytes)

    def __init__(self, texts: Texts, theme: Theme, session: Session) -> None:
        super().__init__()
        self._session = session
        self._hidden = False
        self._rows: list[PlaceRow] = []
        self._shown: tuple[str, bytes | None] | None = None  # village and household that the map was fitted to
        self.setProperty("role", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.map = MapView(theme, labels=True)
        texts.name(self.map, "ui.place.map")
        self.own, self.all = button(texts, "ui.map.own"), button(texts, "ui.map.all")
        self.own.clicked.connect(self.map.fit_own)
        self.all.clicked.connect(self.map.fit)
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(label(texts, "ui.place.map", "title"))
        head.addWidget(label(texts, "ui.map.text", "quiet"), 1)
        head.addWidget(self.own)
        head.addWidget(self.all)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.addLayout(head)
        column.addWidget(self.map, 1)
        column.addWidget(label(texts, "ui.map.keys", "small"))
        self.map.point_chosen.connect(self._choose)
        self.map.area_chosen.connect(self._choose)
        session.desk_changed.connect(lambda *_: self._read())

    def showEvent(self, event: QShowEvent) -> None:
        """Reads the village as it is now; the keys are the map's at once."""
        super().showEvent(event)
        self.map.setFocus()
        self._read()

    def hide_personal(self, hidden: bool) -> None:
        """Covers the names of the households."""
        self._hidden = hidden
        if self._shown is not None:
            self._show(self._rows)

    def _read(self) -> None:
        code = self._session.village_code
        if not self.isVisible() or not code:
            return

        def work(store: Store) -> list[PlaceRow]:
            from fieldapp.storage import village_map

            return village_map.places(store, code)

        self._session.tasks.run(self, work, self._show)

    def _show(self, rows: list[PlaceRow]) -> None:
        self._rows = rows
        desk = self._session.desk
        here = (self._session.village_code, desk.view.household.id if desk else None)
        points, own = own_places(rows, desk)
        strange, around = self._others(rows, here[1])
        self.own.setEnabled(bool(points or own))
        self.map.show_places([*strange, *points], own, around, fit=here[0] != (self._shown or ("",))[0])
        self._shown = here

    def _others(self, rows: list[PlaceRow], own: bytes | None) -> tuple[list[MapPoint], list[MapArea]]:
        points: list[MapPoint] = []
        areas: list[MapArea] = []
        for row in (row for row in rows if row.household_id != own):
            name = mask_name(row.household) if self._hidden else row.household
            if row.boundary_wkt:
                areas.append(MapArea(row.household_id, outline(row.boundary_wkt), name))
            elif row.lat is not None and row.lon is not None:
                points.append(MapPoint(row.household_id, row.lat, row.lon, name, place=True, other=True))
        return points, areas

    def _choose(self, key: bytes) -> None:
        strange = next((row.household_id for row in self._rows if row.household_id == key), None)
        if strange is not None:
            self._session.open_household(strange)
        elif self._session.desk is not None and self._session.desk.parcel(key) is not None:
            self.parcel_chosen.emit(key)
        elif all(row.id != key for row in self._rows):
            self.tree_chosen.emit(key)


def own_places(rows: list[PlaceRow], desk: Desk | None) -> tuple[list[MapPoint], list[MapArea]]:
    """The trees and outlines of the household on the desk, and what of it has only a point."""
    if desk is None:
        return [], []
    points = tree_points(desk.trees)
    for row in rows:
        own = row.household_id == desk.view.household.id and not row.boundary_wkt
        if own and row.lat is not None and row.lon is not None:
            amber = (row.accuracy_m or 0) > ACCURACY_GATE_M
            points.append(MapPoint(row.id, row.lat, row.lon, "", amber, row.accuracy_m, place=True))
    return points, [area for parcel in desk.view.parcels for area in parcel_areas(parcel)]
