"""What was attached to a household, its parcels and trees: photos, positions, events, remarks, change by change."""

from __future__ import annotations

from dataclasses import dataclass

from fieldapp.domain.ids import RecordId
from fieldapp.storage.history import history
from fieldapp.storage.store import Store
from fieldapp.storage.views import HistoryRow

RECORDS = ("photo_link", "position", "event", "review_remark")
_MINE_SQL = """
WITH mine (id, subject, name) AS (
  SELECT t.id, 'tree', coalesce(t.tag, '') FROM parcel p CROSS JOIN tree t ON t.parcel_id = p.id
    WHERE p.household_id = ?1
  UNION ALL SELECT id, 'parcel', coalesce(place_name, '') FROM parcel WHERE household_id = ?1
  UNION ALL SELECT ?1, 'household', '')
"""


@dataclass(frozen=True, slots=True)
class Attached:
    """One change of a record that is about a tree, parcel or household; `first` of its kind there."""

    record: str
    subject: str
    name: str  # the tree's tag, the parcel's place name
    row: HistoryRow
    first: bool


def attached(store: Store, household_id: RecordId) -> list[Attached]:
    """Everything of these kinds, of what lies in the bin too."""
    found = []
    for record in RECORDS:
        sql = (
            f"{_MINE_SQL} SELECT mine.id, mine.subject, mine.name, f.id FROM mine CROSS JOIN {record} f "
            "ON f.subject_id = mine.id ORDER BY f.hlc, f.id"
        )
        known: set[RecordId] = set()
        for subject_id, subject, name, record_id in store.rows(sql, (household_id,)):
            for row in history(store, record_id):
                found.append(Attached(record, subject, name, row, subject_id not in known))
            known.add(subject_id)
    return found
