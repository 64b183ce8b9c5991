"""What the pane beside the work is about, and what its map shows: always what the cursor stands in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fieldapp import i18n
from fieldapp.ui.evidence import Subject
from fieldapp.ui.map_places import MapArea, MapPoint, parcel_areas, place_point, tree_points
from fieldapp.ui.tree_cells import GridRow

if TYPE_CHECKING:
    from fieldapp.ui.household_page import HouseholdPage


def subject_of(page: HouseholdPage) -> Subject | None:
    """The current tree, or the parcel whose card or grid is open, or the household."""
    desk = page.desk
    if desk is None:
        return None
    row: GridRow | None = page.grid.current_row() if page.tab == "trees" else None
    if row is not None and row.row is not None:
        tag = i18n.t("ui.subject.tree", tag=row.row.tree.tag or "—")
        return Subject("tree", row.row.tree.id, tag, row.row.tree)
    parcel = desk.parcel(page.parcel_choice.currentData())
    if page.tab in ("trees", "parcels") and parcel is not None:
        name = parcel.place_name or i18n.t("ui.parcel.no_name")
        return Subject("parcel", parcel.id, i18n.t("ui.subject.parcel", name=name))
    return Subject("household", desk.view.household.id, i18n.t("ui.subject.household"))


def map_of(page: HouseholdPage) -> tuple[list[MapPoint], list[MapArea]]:
    """Points and outlines of the chosen parcel; where nothing of it is known, the place of the household."""
    desk = page.desk
    if desk is None:
        return [], []
    chosen = page.parcel_choice.currentData()
    points = tree_points([row for row in desk.trees if row.tree.parcel_id == chosen])
    areas = [area for p in desk.view.parcels if p.id == chosen for area in parcel_areas(p)]
    if chosen is not None and not areas:
        points += place_point(chosen, desk.positions.get(chosen))
    if not points and not areas:
        points = place_point(desk.view.household.id, desk.positions.get(desk.view.household.id))
    return points, areas
