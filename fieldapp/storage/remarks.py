"""The remarks of a review that a household was returned with, as lists show them."""

from __future__ import annotations

from dataclasses import dataclass

from fieldapp.domain.ids import RecordId
from fieldapp.domain.records import BY_NAME, ReviewRemark
from fieldapp.domain.remarks import open_remarks
from fieldapp.storage.history import history
from fieldapp.storage.store import Store

_NAMED_BY = {"tree": "tag", "parcel": "place_name", "tenure": "number"}  # never by a personal value


@dataclass(frozen=True, slots=True)
class RemarkRow:
    """A remark that waits: what it is about by its tag or place name, who wrote it and when (ms since 1970)."""

    remark: ReviewRemark
    name: str
    person: str
    written_ms: int


def waiting_remarks(store: Store, household_id: RecordId) -> list[RemarkRow]:
    """What is to be mended in a household, its parcels, trees, papers and members, the oldest first."""
    found = open_remarks(store.find(ReviewRemark, _OF_HOUSEHOLD, (household_id,) * 5))
    return [_row(store, remark) for remark in found]


def _row(store: Store, remark: ReviewRemark) -> RemarkRow:
    subject, subject_id = remark.subject or "", remark.subject_id
    name = ""
    if subject in _NAMED_BY and subject_id is not None:
        record = store.get(BY_NAME[subject], subject_id)
        name = str(getattr(record, _NAMED_BY[subject], None) or "")
    written = history(store, remark.id)[0]
    return RemarkRow(remark, name, written.person, written.written_ms)


_OF_HOUSEHOLD = """
WHERE subject_id IN (
  SELECT ? UNION ALL SELECT id FROM parcel WHERE household_id = ? UNION ALL SELECT id FROM member WHERE household_id = ?
  UNION ALL SELECT id FROM tenure WHERE household_id = ? UNION ALL
  SELECT t.id FROM parcel p JOIN tree t ON t.parcel_id = p.id WHERE p.household_id = ?
) ORDER BY hlc, id
"""
