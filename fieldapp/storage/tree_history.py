"""What happened to the trees of a household: each change for itself, the first records of many trees as a number."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from fieldapp.domain.ids import RecordId
from fieldapp.storage import filing
from fieldapp.storage.history import history, row_of, settled_measurements
from fieldapp.storage.store import Store
from fieldapp.storage.views import HistoryRow

_OF = "FROM parcel p CROSS JOIN tree t ON t.parcel_id = p.id"
_TREES_SQL = f"SELECT t.id, coalesce(t.tag, '') {_OF} WHERE p.household_id = ?"
_MEASURED_SQL = (
    f"SELECT t.id, m.id, m.dbh_cm IS NOT NULL, m.height_m IS NOT NULL, m.cleared IS NOT NULL {_OF} "
    "CROSS JOIN measurement m ON m.tree_id = t.id WHERE p.household_id = ? ORDER BY m.hlc, m.id"
)


@dataclass(frozen=True, slots=True)
class TreeHistory:
    """`recorded`: how each tree was first recorded; `changes`: record, the tree's tag, what was said."""

    recorded: list[HistoryRow]
    changes: list[tuple[str, str, HistoryRow]]


def tree_history(store: Store, household_id: RecordId) -> TreeHistory:
    """Everything about the trees of a household, those in the bin too."""
    devices = store.devices()
    recorded, changes = [], []
    tags = dict(store.rows(_TREES_SQL, (household_id,)))
    for tree_id, tag in tags.items():
        for row in history(store, tree_id):
            if row.added:
                recorded.append(row)
            else:
                changes.append(("tree", tag, row))
    for tree_id, fact_ids in _later_facts(store, household_id).items():
        decided = settled_measurements(store, tree_id)
        for fact_id in fact_ids:
            for op in filing.ops_of(store.connection, fact_id, devices):
                changes.append(("measurement", tags[tree_id], row_of(op, decided.get(fact_id, ()))))
    return TreeHistory(recorded, changes)


def _later_facts(store: Store, household_id: RecordId) -> dict[RecordId, list[RecordId]]:
    """Measurements that changed something: the first diameter and height belong to the record of the tree."""
    found: dict[RecordId, list[RecordId]] = defaultdict(list)
    said: dict[RecordId, set[str]] = defaultdict(set)
    for tree_id, fact_id, dbh, height, cleared in store.rows(_MEASURED_SQL, (household_id,)):
        spoken = {name for name, there in (("dbh", dbh), ("height", height)) if there}
        if cleared or spoken & said[tree_id]:
            found[tree_id].append(fact_id)
        said[tree_id] |= spoken
    return found
