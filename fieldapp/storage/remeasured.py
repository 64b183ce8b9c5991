"""Trees that were measured before: what their diameter was at the last earlier visit."""

from __future__ import annotations

from fieldapp.domain.ids import RecordId
from fieldapp.storage.store import Store

Values = tuple[float | None, float | None, str | None]  # DBH in cm, height in m, stems as measured
Visit = tuple[str, float, float | None, str | None]  # the day, and the same

# Of the same day are corrections, not visits; of several earlier facts the one recorded last wins in the dictionary.
_SQL = """
SELECT m.tree_id, m.dbh_cm FROM parcel p
  CROSS JOIN tree t ON t.parcel_id = p.id
  CROSS JOIN tree_current c ON c.tree_id = t.id
  CROSS JOIN measurement now ON now.id = c.dbh_id
  CROSS JOIN measurement m ON m.tree_id = t.id
WHERE p.household_id = ? AND m.dbh_cm IS NOT NULL AND m.measured_on < now.measured_on
ORDER BY m.measured_on, m.hlc, m.id
"""

_VISITS_SQL = """
SELECT measured_on, dbh_cm, height_m, cleared, stems FROM measurement
WHERE tree_id = ? AND measured_on < ? ORDER BY measured_on, hlc, id
"""


def earlier_dbh(store: Store, household_id: RecordId) -> dict[RecordId, float]:
    """The diameter of the visit before the one that counts, in cm; only trees that have one."""
    return dict(store.rows(_SQL, (household_id,)))


def earlier_visit(store: Store, tree_id: RecordId, before: str | None) -> Visit | None:
    """The last visit before a day; None when the tree was not measured before it."""
    if before is None:
        return None
    days: dict[str, Values] = {}
    for day, dbh_cm, height_m, cleared, stems in store.rows(_VISITS_SQL, (tree_id, before)):
        taken_back = (cleared or "").split(",")
        dbh, height, shape = days.get(day, (None, None, None))
        if dbh_cm is not None or "dbh_cm" in taken_back:
            dbh, shape = dbh_cm, stems
        if height_m is not None or "height_m" in taken_back:
            height = height_m
        days[day] = dbh, height, shape
    for day, (dbh, height, shape) in reversed(days.items()):
        if dbh is not None:
            return day, dbh, height, shape
    return None
