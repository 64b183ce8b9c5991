"""What lies in the recycle bin and can be taken back by itself: what went with its household or parcel comes along."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fieldapp.domain.ids import RecordId
from fieldapp.domain.ops import hlc_ms
from fieldapp.domain.records import BY_NAME
from fieldapp.errors import ItemError
from fieldapp.storage import filing

if TYPE_CHECKING:
    from fieldapp.storage.store import Store

MOST = 200  # of each kind, the newest: who wants more than these asks the history
_HERE = "coalesce({}.removed, 0) = 0"
_OF_HOUSEHOLD = (
    "SELECT r.id, r.village_code, h.id FROM {} r JOIN household h ON h.id = r.household_id "
    f"WHERE r.removed = 1 AND {_HERE.format('h')} ORDER BY r.id DESC LIMIT {MOST}"
)
_SQL = {
    "household": f"SELECT id, village_code, id FROM household WHERE removed = 1 ORDER BY id DESC LIMIT {MOST}",
    "member": _OF_HOUSEHOLD.format("member"),
    "tenure": _OF_HOUSEHOLD.format("tenure"),
    "parcel": _OF_HOUSEHOLD.format("parcel"),
    "tree": (
        "SELECT t.id, t.village_code, h.id FROM tree t JOIN parcel p ON p.id = t.parcel_id "
        "JOIN household h ON h.id = p.household_id "
        f"WHERE t.removed = 1 AND {_HERE.format('p')} AND {_HERE.format('h')} ORDER BY t.id DESC LIMIT {MOST}"
    ),
}


@dataclass(frozen=True, slots=True)
class BinRow:
    """One record in the bin: whose it is, who put it there and when (0 where no operation says so)."""

    record: str
    id: RecordId
    village_code: str
    household_id: RecordId
    removed_ms: int
    person: str


def binned(store: Store) -> list[BinRow]:
    """What can be taken back, the last removed first."""
    found = []
    for record, sql in _SQL.items():
        for record_id, village_code, household_id in store.rows(sql):
            ops = filing.ops_of(store.connection, record_id, store.devices())
            last = next((op for op in reversed(ops) if op.fields.get("removed")), None)
            when, person = (hlc_ms(last.hlc), last.person) if last is not None else (0, "")
            found.append(BinRow(record, record_id, village_code, household_id, when, person))
    return sorted(found, key=lambda row: row.removed_ms, reverse=True)


def take_back(store: Store, row: BinRow) -> None:
    """Brings a record back out of the bin. Raises ItemError record_missing."""
    record = store.get(BY_NAME[row.record], row.id)
    if record is None:
        raise ItemError("record_missing", record=row.record)
    with store.unit() as unit:
        unit.edit(record, removed=0)
        unit.commit()
