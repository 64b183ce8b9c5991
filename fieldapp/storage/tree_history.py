"""What happened to the trees of a household: each change for itself, the first records of many trees as a number."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from fieldapp.domain.ids import RecordId
from fieldapp.domain.ops import Op, OpKind, hlc_ms
from fieldapp.storage import filing
from fieldapp.storage.store import Store
from fieldapp.storage.views import HistoryRow

_OF = "FROM parcel p CROSS JOIN tree t ON t.parcel_id = p.id"
_TREES_SQL = f"SELECT t.id, coalesce(t.tag, '') {_OF} WHERE p.household_id = ?"
_MEASURED_SQL = (
    f"SELECT t.id, m.id, m.dbh_cm IS NOT NULL, m.height_m IS NOT NULL, m.cleared IS NOT NULL {_OF} "
    "CROSS JOIN measurement m ON m.tree_id = t.id WHERE p.household_id = ? ORDER BY m.hlc, m.id"
)
_PLACED_SQL = (
    f"SELECT t.id, f.id {_OF} CROSS JOIN position f ON f.subject_id = t.id WHERE p.household_id = ? "
    "ORDER BY f.hlc, f.id"
)
_EVENTS_SQL = f"SELECT t.id, f.id {_OF} CROSS JOIN event f ON f.subject_id = t.id WHERE p.household_id = ?"


@dataclass(frozen=True, slots=True)
class TreeHistory:
    """`recorded`: when and by whom each tree was first recorded; `changes`: record, the tree's tag, what was said."""

    recorded: list[tuple[int, str]]
    changes: list[tuple[str, str, HistoryRow]]


def tree_history(store: Store, household_id: RecordId) -> TreeHistory:
    """Everything about the trees of a household, those in the bin too."""
    devices = store.devices()
    recorded, changes = [], []

    def told(record: str, tag: str, op: Op) -> None:
        row = HistoryRow(hlc_ms(op.hlc), op.person, op.device, op.kind == OpKind.ADD, dict(op.fields))
        changes.append((record, tag, row))

    tags = dict(store.rows(_TREES_SQL, (household_id,)))
    for tree_id, tag in tags.items():
        for op in filing.ops_of(store.connection, tree_id, devices):
            if op.kind == OpKind.ADD:
                recorded.append((hlc_ms(op.hlc), op.person))
            else:
                told("tree", tag, op)
    for record, tree_id, fact_id in _later_facts(store, household_id):
        for op in filing.ops_of(store.connection, fact_id, devices):
            told(record, tags[tree_id], op)
    return TreeHistory(recorded, changes)


def _later_facts(store: Store, household_id: RecordId) -> list[tuple[str, RecordId, RecordId]]:
    """Facts that changed something: the first diameter, height and position belong to the record of the tree."""
    found = []
    said: dict[RecordId, set[str]] = defaultdict(set)
    for tree_id, fact_id, dbh, height, cleared in store.rows(_MEASURED_SQL, (household_id,)):
        spoken = {name for name, there in (("dbh", dbh), ("height", height)) if there}
        if cleared or spoken & said[tree_id]:
            found.append(("measurement", tree_id, fact_id))
        said[tree_id] |= spoken
    for tree_id, fact_id in store.rows(_PLACED_SQL, (household_id,)):
        if "position" in said[tree_id]:
            found.append(("position", tree_id, fact_id))
        said[tree_id].add("position")
    return found + [("event", *row) for row in store.rows(_EVENTS_SQL, (household_id,))]
