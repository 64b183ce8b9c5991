"""One tree as it is asked about: found by its tag or id, with its parcel, which lends it what it leaves empty."""

from __future__ import annotations

from fieldapp.domain.ids import RecordId
from fieldapp.domain.records import Parcel
from fieldapp.storage import reads
from fieldapp.storage.named import as_id
from fieldapp.storage.store import Store
from fieldapp.storage.views import TreeRow


def tree_with_parcel(store: Store, tree_id: RecordId) -> tuple[TreeRow, Parcel | None] | None:
    """A tree's values in force and its parcel; None when there is no such tree."""
    row = reads.tree_row(store, tree_id)
    if row is None:
        return None
    parcel_id = row.tree.parcel_id
    return row, store.get(Parcel, parcel_id) if parcel_id is not None else None


def trees_named(store: Store, text: str) -> list[RecordId]:
    """The trees with this tag that are not in the bin, or the one with this id in hexadecimal digits."""
    name = text.strip()
    rows = store.rows("SELECT id FROM tree WHERE tag = ? AND coalesce(removed, 0) = 0 ORDER BY hlc, id", (name,))
    if not rows:
        rows = store.rows("SELECT id FROM tree WHERE id = ?", (as_id(name),))
    return [row[0] for row in rows]
