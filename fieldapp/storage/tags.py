"""Tags of this profile's trees: which stand on more than one, and which comes next. A tag names one tree only."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from fieldapp.domain.ids import RecordId
from fieldapp.domain.tags import next_tag, parse
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


_AT_ONCE = 500  # parameters of one query
_DOUBLED = """
SELECT DISTINCT c.household_id FROM tree t
  CROSS JOIN tree o ON o.tag = t.tag AND coalesce(o.removed, 0) = 0
  CROSS JOIN tree_current c ON c.tree_id IN (t.id, o.id)
WHERE t.id IN ({marks}) AND o.id <> t.id AND coalesce(t.removed, 0) = 0 AND c.household_id IS NOT NULL
"""


def doubled_households(store: Store, tree_ids: Sequence[RecordId], most: int) -> list[RecordId]:
    """Households in which a tag of one of these trees stands on two trees, at most so many: what a sync brought."""
    found: dict[RecordId, None] = {}
    for start in range(0, len(tree_ids), _AT_ONCE):
        ids = tree_ids[start : start + _AT_ONCE]
        sql = _DOUBLED.format(marks=", ".join("?" * len(ids))) + f"LIMIT {most}"
        found.update((household_id, None) for (household_id,) in store.rows(sql, ids))
        if len(found) >= most:
            break
    return list(found)[:most]


_USED = "SELECT 1 FROM tree WHERE tag = ? AND coalesce(removed, 0) = 0 LIMIT 1"
# ':' follows '9': the range holds the tags that go on with a digit, the rest keeps those of the same form
_LAST_OF_FORM = """
SELECT tag FROM tree
WHERE tag >= :before || '0' AND tag < :before || ':' AND length(tag) = length(:before) + :width + length(:after)
  AND substr(tag, length(:before) + 1, :width) NOT GLOB '*[^0-9]*'
  AND substr(tag, length(:before) + :width + 1) = :after AND coalesce(removed, 0) = 0
ORDER BY tag DESC LIMIT 1
"""
_LAST_RECORDED = "SELECT tag FROM tree WHERE tag IS NOT NULL AND coalesce(removed, 0) = 0 ORDER BY id DESC LIMIT 1"


def free_tags(store: Store, last_tags: Iterable[str | None]) -> dict[str, str]:
    """What to propose instead of a tag that follows one of these and is in use already; "" is a parcel's first tree.

    The proposal goes on after the highest tag of the same form: a roll of tags goes from household to household.
    """
    recorded = store.rows(_LAST_RECORDED)
    wanted = {next_tag(tag) for tag in last_tags} - {""}
    free = {tag: _free(store, tag) for tag in wanted if store.rows(_USED, (tag,))}
    if recorded:
        following = next_tag(recorded[0][0])
        free[""] = _free(store, following) if following and store.rows(_USED, (following,)) else following
    return free


def _free(store: Store, used: str) -> str:
    parts = parse(used)
    assert parts is not None
    form = {"before": parts.before, "width": parts.width, "after": parts.after}
    return next_tag(store.rows(_LAST_OF_FORM, form)[0][0])
