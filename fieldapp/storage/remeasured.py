"""Trees that were measured before: what their diameter was at the last earlier visit."""

from __future__ import annotations

from fieldapp.domain.ids import RecordId
from fieldapp.storage.store import Store

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


def earlier_dbh(store: Store, household_id: RecordId) -> dict[RecordId, float]:
    """The diameter of the visit before the one that counts, in cm; only trees that have one."""
    return dict(store.rows(_SQL, (household_id,)))
