"""Takes in, after an upgrade, what an older program had to set aside: records and values it did not know."""

from __future__ import annotations

from collections import defaultdict

from fieldapp.domain.ops import Op
from fieldapp.domain.records import SCHEMA
from fieldapp.storage import incoming, takein
from fieldapp.storage.store import Store

_TRIED = "quarantine_tried"  # local setting: the schema of the records with which this was done last
_CURABLE = (incoming.UNKNOWN_RECORD, incoming.BAD_VALUE, incoming.FACT_EDITED)
_SELECT_SQL = (
    "SELECT device, counter, village_code, record, record_id, body FROM quarantine WHERE reason IN (?, ?, ?) "
    "ORDER BY device, counter"
)


def retry_once(store: Store, schema: int = SCHEMA) -> int:
    """Tries the quarantine again when the records are declared otherwise than at the last try; how many landed."""
    if store.setting(_TRIED) == str(schema):
        return 0
    with store.transaction():
        landed = retry(store)
        store.set_setting(_TRIED, str(schema))
    return landed


def retry(store: Store) -> int:
    """Tries everything that a newer program may understand, in one transaction; what it refuses stays set aside."""
    by_village: dict[str, list[Op]] = defaultdict(list)
    landed = 0
    with store.transaction():
        for row in store.rows(_SELECT_SQL, _CURABLE):
            op = takein.op_set_aside(row)
            by_village[op.village_code].append(op)
            store.write("DELETE FROM quarantine WHERE device = ? AND counter = ?", (op.device, op.counter))
        for village, ops in by_village.items():
            landed += takein.take_in(store, ops, village).taken
    return landed
