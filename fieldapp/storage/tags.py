"""Tags that stand on more than one tree of this profile: a tag names one tree in the whole project."""

from __future__ import annotations

from fieldapp.domain.ids import RecordId
from fieldapp.storage.store import Store

MOST_COUNTED = 5  # where every household numbers from 1, hundreds share a tag: that there are several is enough
# CROSS JOIN: from the household to its parcels to their trees; the planner alone would walk the index of all tags
_SQL = f"""
SELECT tag, n FROM (
  SELECT t.tag AS tag, (SELECT count(*) FROM (
    SELECT 1 FROM tree o WHERE o.tag = t.tag AND coalesce(o.removed, 0) = 0 LIMIT {MOST_COUNTED})) AS n
  FROM parcel p CROSS JOIN tree t ON t.parcel_id = p.id
  WHERE p.household_id = ? AND t.tag IS NOT NULL AND coalesce(t.removed, 0) = 0)
WHERE n > 1
"""


def tag_counts(store: Store, household_id: RecordId) -> dict[str, int]:
    """How many trees of all households carry each tag of this one; only tags of several, never above `MOST_COUNTED`."""
    return dict(store.rows(_SQL, (household_id,)))
