"""The unit of work: rows, operations, derived values and search words of one save, durable together or not at all."""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import TracebackType
from typing import TYPE_CHECKING, Any, TypeVar

import msgpack

from fieldapp.domain.ids import RecordId
from fieldapp.domain.merge import Version, decode_version, encode_ref
from fieldapp.domain.ops import Op, OpKind, OpRef, Value, hlc_tick
from fieldapp.domain.records import SCHEMA, Record
from fieldapp.domain.values import canonical
from fieldapp.errors import ItemError
from fieldapp.storage import faults, oprows, owners, states, transfers
from fieldapp.storage.layout import layout, to_record, to_row, values_of
from fieldapp.storage.touched import Touched

if TYPE_CHECKING:
    from fieldapp.storage.store import Store

R = TypeVar("R", bound=Record)
UNDO_STEPS_KEPT = 500


@dataclass(frozen=True, slots=True)
class Changes:
    """What a save changed, so that each open view can decide whether to refresh."""

    ids: frozenset[tuple[str, RecordId]]


class UnitOfWork:
    """Use as `with store.unit() as unit: ...; unit.commit()`; leaving without commit changes nothing."""

    def __init__(self, store: Store, *, undoable: bool) -> None:
        self._store = store
        self._connection = store.connection
        self._undoable = undoable
        self._touched = Touched()
        self._changed: dict[RecordId, tuple[str, dict[str, Value]]] = {}
        self._steps: list[tuple[str, RecordId, int, dict[str, Value], dict[str, Value]]] = []
        self._counter = self._hlc = -1
        self._open = False

    def __enter__(self) -> UnitOfWork:
        with faults.told():
            self._connection.execute("BEGIN IMMEDIATE")
        self._open = True
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._open:
            self._rollback()

    def add(self, record: R) -> R:
        """Adds a new editable record or a fact, with its operation; returns it with its version."""
        name = record.record_name
        known = layout(name)
        values = {field: canonical(known.specs[field], value) for field, value in values_of(record).items()}
        fields: dict[str, Value] = {field: value for field, value in values.items() if value is not None}
        with faults.told():
            if self._connection.execute(f"SELECT 1 FROM {known.table} WHERE id = ?", (record.id,)).fetchone():
                raise ItemError("record_exists", record=name)
            op = self._write_op(record, OpKind.ADD, fields, {})
            version = encode_ref(op.ref)
            row = to_row(name, record.id, record.village_code, version, op.hlc, values)
            self._connection.execute(known.insert_sql, row)
            if name == "photo":
                transfers.expect_upload(self._connection, record.village_code, record.id, values, self._store.blobs)
        self._note(name, record.id, OpKind.ADD, {}, fields, values, None)
        changed: dict[str, Any] = {"version": version, **values}
        return replace(record, **changed)

    def edit(self, shown: R, **changes: Value) -> R:
        """Changes fields of a record as the person saw it; returns the record as it then is.

        A value that the person saw already is no change. Raises ItemError for an unknown record, a fact, or a
        value that does not fit its field.
        """
        name = shown.record_name
        known = layout(name)
        if not known.editable:
            raise ItemError("fact_is_fixed", record=name)
        cleaned = {field: canonical(known.specs[field], value) for field, value in changes.items()}
        cleaned = {field: value for field, value in cleaned.items() if value != getattr(shown, field)}
        with faults.told():
            if cleaned:
                self._edit(name, shown, cleaned)
            current = self._connection.execute(f"{known.select_sql} WHERE id = ?", (shown.id,)).fetchone()
        if current is None:
            raise ItemError("record_missing", record=name)
        return to_record(type(shown), current)

    def decide(self, record_id: RecordId, field: str, value: Value) -> None:
        """Settles a conflict: the decision is an edit that has seen every value that stood there."""
        with faults.told():
            found = self._connection.execute(
                "SELECT record FROM conflict WHERE record_id = ? AND field = ?", (record_id, field)
            ).fetchone()
            if found is None:
                raise ItemError("conflict_settled")
            known = layout(found[0])
            row = self._row(found[0], record_id)
            version = decode_version(row["version"])
            cleaned = {field: canonical(known.specs[field], value)}
            self._write_slowly(found[0], record_id, row["village_code"], cleaned, _everything_seen(version, cleaned))

    def next_number(self, record: type[Record], village_code: str) -> int:
        """The next number of households or trees of this laptop in this village; none is given twice."""
        key = f"number:{record.record_name}:{village_code}:{self._store.tag}"
        with faults.told():
            found = self._connection.execute("SELECT value FROM local WHERE key = ?", (key,)).fetchone()
            number = int(found[0]) + 1 if found else 1
            self._connection.execute("INSERT OR REPLACE INTO local (key, value) VALUES (?, ?)", (key, str(number)))
        return number

    def commit(self) -> Changes:
        """Makes everything durable. Raises StorageError, and then nothing has changed."""
        try:
            with faults.told():
                self._touched.settle(self._connection, self._store.derivation)
                if self._changed:
                    owners.mark_waiting(self._connection, self._changed)
                if self._undoable and self._steps:
                    self._write_undo()
                self._connection.execute("COMMIT")
        except BaseException:
            self._rollback()
            raise
        self._open = False
        return Changes(frozenset((name, record_id) for record_id, (name, _) in self._changed.items()))

    def _edit(self, name: str, shown: Record, cleaned: dict[str, Value]) -> None:
        row = self._row(name, shown.id)
        version = decode_version(shown.version or row["version"])
        removal = "removed" in cleaned or bool(row["removed"])
        plain = shown.version == row["version"] and not removal
        if not plain or any(len(version.seen(field)) > 1 for field in cleaned):
            seen = _everything_seen(version, cleaned) if removal else {f: version.seen(f) for f in cleaned}
            self._write_slowly(name, shown.id, shown.village_code, cleaned, seen)
            return
        op = self._write_op(shown, OpKind.EDIT, cleaned, {field: version.seen(field) for field in cleaned})
        encoded = Version(version.base, {**version.overrides, **dict.fromkeys(cleaned, (op.ref,))}).encode()
        values = {field: row[field] for field in layout(name).names}
        before = {field: values[field] for field in cleaned}
        values.update(cleaned)
        unknown = msgpack.unpackb(row["unknown"]) if row["unknown"] else {}
        written = to_row(name, shown.id, shown.village_code, encoded, row["hlc"], {**values, **unknown})
        self._connection.execute(layout(name).update_sql, (*written[2:], shown.id))
        self._note(name, shown.id, OpKind.EDIT, before, cleaned, values, before.get(states.OWNERS.get(name, "")))

    def _write_slowly(
        self,
        name: str,
        record_id: RecordId,
        village_code: str,
        cleaned: dict[str, Value],
        seen: dict[str, tuple[OpRef, ...]],
    ) -> None:
        """The way for concurrent changes: the operation first, then the row from all operations."""
        old = states.read_values(self._connection, name, record_id) or {}
        self._write_op_for(name, record_id, village_code, OpKind.EDIT, cleaned, seen)
        ops = oprows.ops_of(self._connection, record_id, self._store.devices())
        states.rebuild(self._connection, name, record_id, ops, self._touched)
        now = states.read_values(self._connection, name, record_id) or {}
        self._changed[record_id] = (name, now)
        self._steps.append((name, record_id, int(OpKind.EDIT), {field: old.get(field) for field in cleaned}, cleaned))

    def _write_op(
        self, record: Record, kind: OpKind, fields: dict[str, Value], seen: dict[str, tuple[OpRef, ...]]
    ) -> Op:
        return self._write_op_for(record.record_name, record.id, record.village_code, kind, fields, seen)

    def _write_op_for(
        self,
        name: str,
        record_id: RecordId,
        village_code: str,
        kind: OpKind,
        fields: dict[str, Value],
        seen: dict[str, tuple[OpRef, ...]],
    ) -> Op:
        store = self._store
        if self._counter < 0:
            self._counter, self._hlc = owners.last_stamp(self._connection, store.device_no)
        self._counter += 1
        self._hlc = hlc_tick(self._hlc, store.clock())
        op = Op(
            store.device,
            self._counter,
            self._hlc,
            village_code,
            name,
            record_id,
            kind,
            fields,
            seen,
            store.person,
            SCHEMA,
        )
        self._connection.execute(oprows.INSERT_SQL, oprows.to_row(op, store.device_no))
        return op

    def _row(self, name: str, record_id: RecordId) -> dict[str, Any]:
        cursor = self._connection.execute(f"SELECT * FROM {layout(name).table} WHERE id = ?", (record_id,))
        found = cursor.fetchone()
        if found is None:
            raise ItemError("record_missing", record=name)
        return {column[0]: value for column, value in zip(cursor.description, found, strict=True)}

    def _note(
        self,
        name: str,
        record_id: RecordId,
        kind: OpKind,
        before: dict[str, Value],
        changed: dict[str, Value],
        now: dict[str, Value],
        old_owner: Value,
    ) -> None:
        self._touched.note(name, record_id, changed, now, old_owner)
        self._changed[record_id] = (name, now)
        self._steps.append((name, record_id, int(kind), before, changed))

    def _write_undo(self) -> None:
        self._connection.execute("DELETE FROM undo_step WHERE undone = 1")
        cursor = self._connection.execute("INSERT INTO undo_step (body) VALUES (?)", (msgpack.packb(self._steps),))
        self._connection.execute("DELETE FROM undo_step WHERE id <= ?", (cursor.lastrowid - UNDO_STEPS_KEPT,))

    def _rollback(self) -> None:
        self._open = False
        if self._connection.in_transaction:  # a full disk has rolled back by itself
            self._connection.execute("ROLLBACK")


def _everything_seen(version: Version, cleaned: dict[str, Value]) -> dict[str, tuple[OpRef, ...]]:
    """A removal, a return from the bin and a decision name everything that stood before the person's eyes."""
    return {name: version.seen(name) for name in (*version.overrides, *cleaned)}
