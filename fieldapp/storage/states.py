"""Writes a merged record state into its row and its conflict rows; the slow and always right way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgpack

from fieldapp.domain.ids import RecordId
from fieldapp.domain.merge import Head, RecordState, merge
from fieldapp.domain.ops import Op, Value
from fieldapp.storage.connection import Connection
from fieldapp.storage.layout import layout, to_row
from fieldapp.storage.touched import Touched

OWNERS = {"parcel": "household_id", "photo_link": "subject_id"}


def rebuild(connection: Connection, record: str, record_id: RecordId, ops: Iterable[Op], touched: Touched) -> None:
    """Makes the row of a record what all its operations say; does nothing while its creation is missing."""
    state = merge(ops)
    if state is not None:
        old = read_values(connection, record, record_id)
        write_state(connection, state, exists=old is not None)
        note(touched, state, old)


def write_state(connection: Connection, state: RecordState, *, exists: bool) -> None:
    """Writes row and conflicts."""
    known = layout(state.record)
    row = to_row(state.record, state.record_id, state.village_code, state.version.encode(), state.hlc, state.values)
    if not exists:
        connection.execute(known.insert_sql, row)
    elif known.editable:
        connection.execute(known.update_sql, (*row[2:], state.record_id))
    else:
        connection.execute(
            f"UPDATE {known.table} SET version = ?, hlc = ?, digest = ? WHERE id = ?", (*row[2:5], state.record_id)
        )
    connection.execute("DELETE FROM conflict WHERE record_id = ? AND record = ?", (state.record_id, state.record))
    write_conflicts(connection, state.record, state.record_id, state.village_code, state.conflicts)


def write_conflicts(
    connection: Connection, record: str, record_id: RecordId, village_code: str, found: Mapping[str, Iterable[Head]]
) -> None:
    """Writes what people have to decide about a record; what stood there before has been taken away."""
    connection.executemany(
        "INSERT INTO conflict (record_id, field, record, village_code, heads) VALUES (?, ?, ?, ?, ?)",
        [(record_id, name, record, village_code, pack_heads(heads)) for name, heads in found.items()],
    )


def note(touched: Touched, state: RecordState, old: Mapping[str, Value] | None) -> None:
    """Tells what of the row is different from before."""
    before = old or {}
    changed = {name: value for name, value in state.values.items() if value != before.get(name) or old is None}
    owner = OWNERS.get(state.record)
    touched.note(state.record, state.record_id, changed, state.values, before.get(owner) if owner else None)


def read_values(connection: Connection, record: str, record_id: RecordId) -> dict[str, Value] | None:
    """The declared fields of a row as it stands, None when there is none."""
    known = layout(record)
    row = connection.execute(f"{known.select_sql} WHERE id = ?", (record_id,)).fetchone()
    return None if row is None else dict(zip(known.names, row[3:], strict=True))


def pack_heads(heads: Iterable[Head]) -> bytes:
    """The values that stand against each other, with who wrote them."""
    packed: bytes = msgpack.packb([tuple(head) for head in heads])
    return packed


def unpack_heads(data: bytes) -> list[Head]:
    """The opposite of `pack_heads`."""
    return [Head(*head) for head in msgpack.unpackb(data)]
