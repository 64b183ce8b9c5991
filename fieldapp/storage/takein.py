"""Takes operations from outside into rows: new records in bulk, everything else by merging all its operations."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import msgpack

from fieldapp.domain.ids import DeviceId, RecordId
from fieldapp.domain.merge import encode_ref
from fieldapp.domain.ops import COUNTER_BITS, Op, OpKind
from fieldapp.storage import filing, finding_counts, incoming, oprows, states, transfers
from fieldapp.storage.layout import layout, to_row
from fieldapp.storage.touched import Touched

if TYPE_CHECKING:
    from fieldapp.storage.store import Store

_RECEIVED_SQL = (
    "INSERT INTO local (key, value) VALUES ('received_hlc', ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value "
    "WHERE CAST(excluded.value AS INTEGER) > CAST(value AS INTEGER)"
)
_QUARANTINE_SQL = (
    "INSERT OR REPLACE INTO quarantine (device, counter, village_code, record, record_id, reason, body, received_at) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
)


@dataclass
class Taken:
    """What happened to a batch."""

    ids: frozenset[tuple[str, RecordId]] = frozenset()
    taken: int = 0
    quarantined: int = 0


@dataclass
class _Batch:
    """The operations of a batch that can be taken in, by record."""

    by_record: dict[RecordId, list[Op]] = field(default_factory=lambda: defaultdict(list))
    refused: list[tuple[Op, str]] = field(default_factory=list)


def take_in(store: Store, ops: Sequence[Op], village_code: str) -> Taken:
    """Writes a batch of one village inside the transaction of the caller."""
    filing.file_own(store.connection)
    fresh = _unknown(store, ops)
    homes = filing.homes(store.connection, {op.record_id for op in fresh})
    known = set(homes)
    batch = _sort_out(fresh, village_code, homes)
    rows = [oprows.to_row(op, store.device_number(op.device)) for record in batch.by_record.values() for op in record]
    oprows.insert(store.connection, rows)
    touched = Touched()
    simple, others = _split(batch, known)
    _insert_new(store, simple, touched)
    for record_id, record in others.items():
        _rebuild(store, record, record_id, touched)
    touched.settle(store.connection, store.derivation)
    _set_aside(store, batch.refused)
    if rows:
        finding_counts.forget(store, village_code)
        store.write(_RECEIVED_SQL, (str(max(row[2] for row in rows)),))
    ids = frozenset((found[0].record, record_id) for record_id, found in batch.by_record.items())
    return Taken(ids, len(rows), len(batch.refused))


def rebuild_records(store: Store, records: Mapping[RecordId, str]) -> None:
    """Makes these records anew from all their operations, with everything derived."""
    touched = Touched()
    for record_id, record in records.items():
        _rebuild(store, record, record_id, touched)
    touched.settle(store.connection, store.derivation)


def _rebuild(store: Store, record: str, record_id: RecordId, touched: Touched) -> None:
    ops = filing.ops_of(store.connection, record_id, store.devices())
    states.rebuild(store.connection, record, record_id, ops, touched)


def _unknown(store: Store, ops: Sequence[Op]) -> list[Op]:
    """The operations that this profile does not hold yet, each once."""
    counters: dict[DeviceId, list[int]] = defaultdict(list)
    for op in ops:
        counters[op.device].append(op.counter)
    held: set[tuple[DeviceId, int]] = set()
    for device, named in counters.items():
        found = store.rows(
            "SELECT op.counter FROM device CROSS JOIN op ON op.id BETWEEN (no << ?4) + ?2 AND (no << ?4) + ?3 "
            "WHERE device.id = ?1",
            (device, min(named), max(named), COUNTER_BITS),
        )
        held.update((device, row[0]) for row in found)
    return list({op.ref: op for op in ops if (op.device, op.counter) not in held}.values())


def _sort_out(ops: Iterable[Op], village_code: str, homes: dict[RecordId, filing.Home]) -> _Batch:
    batch = _Batch()
    for op in ops:
        checked, reason = incoming.check(op, village_code)
        home = homes.get(op.record_id)
        if not reason and home is not None:
            if home != (op.record, village_code):
                reason = incoming.ID_TAKEN  # whoever made it used an id that stands for something else here
            elif not layout(op.record).editable:
                reason = incoming.FACT_EXISTS  # a fact has one operation for ever; a second one is somebody's mistake
        if reason:
            batch.refused.append((op, reason))
        else:
            batch.by_record[op.record_id].append(checked)
            homes[op.record_id] = (op.record, village_code)
    return batch


def _split(batch: _Batch, known: set[RecordId]) -> tuple[list[Op], dict[RecordId, str]]:
    """Records that are nothing but one adding operation, and all others."""
    simple, others = [], {}
    for record_id, ops in batch.by_record.items():
        if record_id not in known and len(ops) == 1 and ops[0].kind == OpKind.ADD:
            simple.append(ops[0])
        else:
            others[record_id] = ops[0].record
    return simple, others


def _insert_new(store: Store, ops: Iterable[Op], touched: Touched) -> None:
    rows: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
    for op in ops:
        version = encode_ref(op.ref)
        rows[op.record].append(to_row(op.record, op.record_id, op.village_code, version, op.hlc, op.fields))
        touched.note(op.record, op.record_id, op.fields, op.fields)
        if op.record == "photo":
            transfers.expect_download(store.connection, op.village_code, op.record_id, op.fields)
    for record, made in rows.items():
        store.connection.executemany(layout(record).insert_sql, made)


def _set_aside(store: Store, refused: Iterable[tuple[Op, str]]) -> None:
    now = store.clock()
    store.connection.executemany(
        _QUARANTINE_SQL,
        [
            (op.device, op.counter, op.village_code, op.record, op.record_id, reason, _body(op), now)
            for op, reason in refused
        ],
    )


def _body(op: Op) -> bytes:
    """Everything of the operation, so that a newer program can take it in later."""
    packed: bytes = msgpack.packb(
        [op.hlc, int(op.kind), dict(op.fields), oprows.pack_seen(op.seen), op.person, op.schema], default=repr
    )
    return packed


def op_set_aside(row: Sequence[Any]) -> Op:
    """The operation of a row of the quarantine: device, counter, village_code, record, record_id, body."""
    *named, body = row
    hlc, kind, fields, seen, person, schema = msgpack.unpackb(body)
    device, counter, village, record, record_id = named
    told = (device, counter, hlc, village, record, record_id, OpKind(kind), fields)
    return Op(*told, oprows.unpack_seen(seen), person, schema)
