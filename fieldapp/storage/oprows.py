"""Operations as rows of the op table: compact, and cheap to read back by the hundred thousand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgpack

from fieldapp.domain.ids import DeviceId
from fieldapp.domain.merge import decode_refs, encode_ref
from fieldapp.domain.ops import COUNTER_BITS, Op, OpKind, OpRef, Value
from fieldapp.storage.connection import Connection

INSERT_SQL = (
    "INSERT INTO op (id, hlc, village_code, record, record_id, kind, fields, seen, person, schema, "
    "unit, before, filed) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
COLUMNS = "device_no, counter, hlc, village_code, record, record_id, kind, fields, seen, person, schema"
_PACK = msgpack.Packer(buf_size=4096).pack
_KINDS = (OpKind.ADD, OpKind.EDIT)
_NOTHING_SEEN: Mapping[str, tuple[OpRef, ...]] = {}


def row_id(device_no: int, counter: int) -> int:
    """The number of an operation's row: the laptop's short number and, in the lower bits, its counter.

    Own laptops have the greatest numbers (see `store`): a save then appends to the end of its table, which is what
    SQLite does with the fewest pages (docs/decisions/0031).
    """
    return (device_no << COUNTER_BITS) + counter


def of_device(number: str, *, above: str = "0", table: str = "op") -> str:
    """The condition in SQL for the operations of one laptop above a counter; both are SQL too. Its order is by `id`."""
    after = f"{table}.id > ({number} << {COUNTER_BITS}) + {above}"
    return f"{after} AND {table}.id < ({number} + 1 << {COUNTER_BITS})"


def last_of(number: str) -> str:
    """The greatest counter of one laptop in SQL, 0 without operations."""
    return f"coalesce((SELECT counter FROM op WHERE {of_device(number)} ORDER BY id DESC LIMIT 1), 0)"


def to_row(
    op: Op,
    device_no: int,
    unit: int | None = None,
    before: Mapping[str, Value] | None = None,
    *,
    filed: int | None = 1,
) -> tuple[Any, ...]:
    """The row in the order of `INSERT_SQL`; `unit` and `before` are for undo, of own operations only.

    `filed` None keeps it out of the index of operations by record until `filing.file_own` comes by.
    """
    return (
        row_id(device_no, op.counter),
        op.hlc,
        op.village_code,
        op.record,
        op.record_id,
        int(op.kind),
        _PACK(op.fields if type(op.fields) is dict else dict(op.fields)),
        pack_seen(op.seen) if op.seen else None,
        op.person,
        op.schema,
        unit,
        _PACK(dict(before)) if before else None,
        filed,
    )


def pack_seen(seen: Mapping[str, tuple[OpRef, ...]]) -> bytes:
    """The operations that were seen, field by field, 24 bytes each."""
    packed: bytes = _PACK({name: b"".join(map(encode_ref, refs)) for name, refs in seen.items()})
    return packed


def unpack_seen(data: bytes) -> dict[str, tuple[OpRef, ...]]:
    """The opposite of `pack_seen`."""
    return {name: decode_refs(refs) for name, refs in msgpack.unpackb(data).items()}


def to_op(row: Sequence[Any], device: DeviceId) -> Op:
    """The operation of one row in the order of `COLUMNS`."""
    _, counter, hlc, village_code, record, record_id, kind, fields, seen, person, schema = row
    return Op(
        device,
        counter,
        hlc,
        village_code,
        record,
        record_id,
        _KINDS[kind],
        msgpack.unpackb(fields),
        unpack_seen(seen) if seen else _NOTHING_SEEN,
        person,
        schema,
    )


def insert(connection: Connection, rows: Iterable[tuple[Any, ...]]) -> None:
    """Writes operations in bulk."""
    connection.executemany(INSERT_SQL, rows)
