"""Which record and field was open, so that the next start goes on where the last one ended, however it ended."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from fieldapp.domain.ids import RecordId
from fieldapp.storage.store import Store

_KEY = "place"


@dataclass(frozen=True, slots=True)
class Place:
    """Where the person was: village, household, the open record, its field and what was half typed into it."""

    village_code: str = ""
    household_id: RecordId | None = None
    record: str = ""
    record_id: RecordId | None = None
    field: str = ""
    typed: str = ""  # as it stands in the editor, not understood and not stored yet


def remember(store: Store, place: Place) -> None:
    """Keeps the place durably."""
    kept = {name: value.hex() if isinstance(value, bytes) else value for name, value in asdict(place).items()}
    text = json.dumps(kept)
    if text != store.setting(_KEY):
        store.set_setting(_KEY, text)


def recall(store: Store) -> Place | None:
    """The place that was kept last; ids of records that have gone are for the caller to notice."""
    text = store.setting(_KEY)
    if not text:
        return None
    kept = json.loads(text)
    return Place(
        village_code=kept["village_code"],
        household_id=_id(kept["household_id"]),
        record=kept["record"],
        record_id=_id(kept["record_id"]),
        field=kept["field"],
        typed=kept.get("typed", ""),
    )


def _id(text: str | None) -> RecordId | None:
    return RecordId(bytes.fromhex(text)) if text else None
