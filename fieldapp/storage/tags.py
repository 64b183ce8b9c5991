"""Tags that stand on more than one tree of this profile: a tag names one tree in the whole project."""

from __future__ import annotations

from fieldapp.domain.ids import RecordId
from fieldapp.storage.store import Store

_SQL = """
SELECT o.tag, count(*) FROM (
  SELECT DISTINCT t.tag AS tag FROM tree_current c JOIN tree t ON t.id = c.tree_id
  WHERE c.household_id = ? AND c.removed = 0 AND t.tag IS NOT NULL) mine
JOIN tree o ON o.tag = mine.tag AND coalesce(o.removed, 0) = 0
GROUP BY o.tag HAVING count(*) > 1
"""


def tag_counts(store: Store, household_id: RecordId) -> dict[str, int]:
    """How many trees carry each tag of a household, in all households; only tags that more than one carries."""
    return dict(store.rows(_SQL, (household_id,)))
