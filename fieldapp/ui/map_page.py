"""The map as a place of its own: the trees of the household on the desk, large, with their tags."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from fieldapp.ui.map_view import MapPoint, MapView, outline
from fieldapp.ui.page import button, label
from fieldapp.ui.texts import Texts
from fieldapp.ui.theme import Theme
from fieldapp.ui.tree_delegate import ACCURACY_GATE_M

if TYPE_CHECKING:
    from fieldapp.ui.desk import Desk


class MapPage(QWidget):
    """Shows where a household's trees stand; choosing one leads to its row."""

    tree_chosen = Signal(bytes)

    def __init__(self, texts: Texts, theme: Theme) -> None:
        super().__init__()
        self.setProperty("role", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.map = MapView(theme, labels=True)
        texts.name(self.map, "ui.place.map")
        head = QHBoxLayout()
        head.addWidget(label(texts, "ui.place.map", "title"))
        head.addWidget(label(texts, "ui.map.text", "quiet"), 1)
        fit = button(texts, "ui.map.all")
        fit.clicked.connect(self.map.fit)
        head.addWidget(fit)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.addLayout(head)
        column.addWidget(self.map, 1)
        self.map.point_chosen.connect(self.tree_chosen)

    def show_desk(self, desk: Desk | None) -> None:
        """Shows all parcels and trees of a household."""
        rows = desk.trees if desk else []
        points = [
            MapPoint(r.tree.id, r.lat, r.lon, r.tree.tag or "", (r.accuracy_m or 0) > ACCURACY_GATE_M, r.accuracy_m)
            for r in rows
            if r.lat is not None and r.lon is not None
        ]
        self.map.show_places(points, [outline(p.boundary_wkt) for p in desk.view.parcels] if desk else [])
