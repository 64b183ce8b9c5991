"""What a village comes to here as the server counts it, so that both can be held against each other."""

from __future__ import annotations

from collections import defaultdict

from fieldapp.domain.digest import hex_digest, record_digest
from fieldapp.domain.ids import RecordId
from fieldapp.domain.merge import merge
from fieldapp.domain.ops import Op
from fieldapp.storage import incoming, oplog, takein
from fieldapp.storage.store import Store

_ASIDE_SQL = (
    "SELECT device, counter, village_code, record, record_id, body FROM quarantine WHERE village_code = ? "
    "AND reason = ? ORDER BY received_at, device, counter"
)


def village_digest(store: Store, village_code: str) -> tuple[int, str]:
    """Number of records and digest, with those that are set aside here because their id stands for something else.

    A server keeps villages and record types apart and has them in its tables; which of two comes first is chance.
    """
    rows, digest = oplog.village_digest(store, village_code)
    aside: dict[tuple[str, RecordId], list[Op]] = defaultdict(list)
    for row in store.rows(_ASIDE_SQL, (village_code, incoming.ID_TAKEN)):
        op, reason = incoming.check(takein.op_set_aside(row), village_code)
        if not reason:
            aside[op.record, op.record_id].append(op)
    total = int(digest, 16)
    for (record, record_id), ops in aside.items():
        state = merge(ops)
        if state is not None:
            rows += 1
            total += record_digest(record, record_id, state.version.encode(), state.values)
    return rows, hex_digest(total)
