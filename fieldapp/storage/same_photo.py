"""Where else a photo hangs: the same file may prove one tree, one parcel, one household, and no second of its kind."""

from __future__ import annotations

from fieldapp.domain.ids import RecordId
from fieldapp.domain.records import BY_NAME
from fieldapp.storage.store import Store

_SQL = """
SELECT l.subject_id FROM photo p JOIN photo_link l ON l.photo_id = p.id
WHERE p.sha256 = ? AND l.subject = ? AND l.subject_id <> ? AND coalesce(l.removed, 0) = 0
GROUP BY l.subject_id ORDER BY min(l.hlc), l.subject_id
"""


def also_shows(store: Store, sha256: bytes, subject: str, subject_id: RecordId) -> list[RecordId]:
    """The other trees (parcels, households) that show this very file; what lies in the bin does not count."""
    found = [RecordId(row[0]) for row in store.rows(_SQL, (sha256, subject, subject_id))]
    return [key for key in found if _is_there(store, subject, key)]


def _is_there(store: Store, subject: str, key: RecordId) -> bool:
    record = store.get(BY_NAME[subject], key)
    return record is not None and not getattr(record, "removed", None)
