"""Tags that stand on more than one tree of this profile: a tag names one tree in the whole project."""

from __future__ import annotations

from fieldapp.domain.ids import RecordId
from fieldapp.storage.store import Store

MOST_COUNTED = 5  # where every household numbers from 1, hundreds share a tag: that there are several is enough
_SQL = f"""
SELECT tag, n FROM (
  SELECT mine.tag AS tag, (SELECT count(*) FROM (
    SELECT 1 FROM tree o WHERE o.tag = mine.tag AND coalesce(o.removed, 0) = 0 LIMIT {MOST_COUNTED})) AS n
  FROM (SELECT DISTINCT t.tag AS tag FROM tree_current c JOIN tree t ON t.id = c.tree_id
    WHERE c.household_id = ? AND c.removed = 0 AND t.tag IS NOT NULL) mine)
WHERE n > 1
"""


def tag_counts(store: Store, household_id: RecordId) -> dict[str, int]:
    """How many trees carry each tag of a household, in all households; tags of one tree are left out; never more than `MOST_COUNTED`."""
    return dict(store.rows(_SQL, (household_id,)))
