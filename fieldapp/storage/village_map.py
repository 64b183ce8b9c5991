"""What of a village can be drawn: the outlines of its parcels, and the parcels and households that have one place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fieldapp.domain.ids import RecordId

if TYPE_CHECKING:
    from fieldapp.storage.store import Store


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """A parcel or a household with its outline, or the position in force, or both."""

    record: str
    id: RecordId
    household_id: RecordId
    household: str
    boundary_wkt: str | None
    lat: float | None
    lon: float | None
    accuracy_m: float | None


def places(store: Store, village_code: str) -> list[PlaceRow]:
    """Everything of a village that has a place, its trees left out."""
    return [PlaceRow(*row) for row in store.rows(_PLACES_SQL, (village_code,))]


# one position per subject, the latest (the bare columns of a max() are of its row); one taken back has no lat
_PLACES_SQL = """
WITH own AS (
  SELECT 'parcel' AS record, p.id AS id, p.household_id AS household_id, p.boundary_wkt AS wkt
    FROM parcel p WHERE p.village_code = ?1 AND coalesce(p.removed, 0) = 0
  UNION ALL
  SELECT 'household', h.id, h.id, NULL FROM household h WHERE h.village_code = ?1
), latest AS (
  SELECT o.subject_id AS id, o.lat AS lat, o.lon AS lon, o.accuracy_m AS accuracy_m, max(o.hlc)
    FROM position o WHERE o.village_code = ?1 AND o.subject IN ('parcel', 'household') GROUP BY o.subject_id
)
SELECT own.record, own.id, own.household_id, coalesce(h.head_name, ''), own.wkt, l.lat, l.lon, l.accuracy_m
  FROM own JOIN household h ON h.id = own.household_id AND coalesce(h.removed, 0) = 0
  LEFT JOIN latest l ON l.id = own.id
  WHERE own.wkt IS NOT NULL OR l.lat IS NOT NULL
"""
