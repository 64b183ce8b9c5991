"""The unit of work: rows, operations, derived values and search words of one save, durable together or not at all.

One exception: what a single measurement means for its tree's row is written just after the measurement is durable,
see `settling`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import TracebackType
from typing import TYPE_CHECKING, Any, TypeVar

import msgpack

from fieldapp.domain.digest import record_digest
from fieldapp.domain.ids import RecordId
from fieldapp.domain.merge import Version, decode_version, encode_ref
from fieldapp.domain.ops import OpKind, OpRef, Value
from fieldapp.domain.records import Record
from fieldapp.domain.values import canonical
from fieldapp.errors import ItemError
from fieldapp.storage import disputes, faults, filing, oprows, owners, settling, stale_sums, states, terms, transfers
from fieldapp.storage.layout import layout, to_record, to_row, update_sql, values_of
from fieldapp.storage.opwriter import OpWriter
from fieldapp.storage.touched import Touched

if TYPE_CHECKING:
    from fieldapp.storage.store import Store

R = TypeVar("R", bound=Record)
_FORGET_SQL = f"UPDATE op SET unit = NULL, before = NULL WHERE {oprows.of_device('?1', above='?2 - 1')} AND unit = ?2"
UNDONE = "undone"  # local setting: the saves that were undone, as long as they can come back


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
        self._writer = OpWriter(store, undoable=undoable)
        self._touched = Touched()
        self._changed: dict[RecordId, tuple[str, Mapping[str, Value]]] = {}
        self._open = self._settles_later = False

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
        elif self._settles_later:
            settling.settle_later(self._store, self._settle, self._touched.facts)

    def add(self, record: R) -> R:
        """Adds a new editable record or a fact, with its operation; returns it with its version."""
        name = record.record_name
        known = layout(name)
        values = {field: canonical(known.specs[field], value) for field, value in values_of(record).items()}
        # A measurement that knows of all others supersedes them; one that says what it knew of may be disputed.
        newest_of = values["tree_id"] if name == "measurement" and values["seen"] is None else None
        with faults.told():
            if isinstance(newest_of, bytes):
                values["seen"] = disputes.known(self._connection, RecordId(newest_of))
            fields: dict[str, Value] = {field: value for field, value in values.items() if value is not None}
            op = self._writer.next(name, record.id, record.village_code, OpKind.ADD, fields, {})
            version = encode_ref(op.ref)
            row = to_row(name, record.id, record.village_code, version, op.hlc, values)
            if not self._connection.execute(known.add_sql, row).rowcount:
                raise ItemError("record_exists", record=name)
            self._writer.put(op)
            if name == "photo":
                transfers.expect_upload(self._connection, record.village_code, record.id, values, self._store.blobs)
        if newest_of is not None:
            self._touched.note_fact(record.id, op.hlc, values)
            self._changed[record.id] = (name, values)
        else:
            self._note(name, record.id, fields, values)
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
            row = self._row(name, shown.id)
            if not cleaned:
                return to_record(type(shown), row[1:])
            version = decode_version(shown.version or row[3])
            values = dict(zip(known.names, row[4:], strict=True))
            # once binned, the bin may stand against this edit or an earlier one: only merging knows
            plain = shown.version == row[3] and "removed" not in {**version.overrides, **cleaned}
            if not plain or any(len(version.seen(field)) > 1 for field in cleaned):
                self._edit_by_merging(name, row, version, cleaned)
                return to_record(type(shown), self._row(name, shown.id)[1:])
            encoded = self._edit_in_place(name, row, version, values, cleaned)
        return to_record(type(shown), (shown.id, row[2], encoded, *values.values()))

    def decide(self, record_id: RecordId, field: str, value: Value) -> None:
        """Settles a conflict: the decision is an edit that has seen every value that stood there."""
        with faults.told():
            found = self._connection.execute(
                "SELECT record FROM conflict WHERE record_id = ? AND field = ?", (record_id, field)
            ).fetchone()
            if found is None:
                raise ItemError("conflict_settled")
            if found[0] == disputes.RECORD:
                self.add(disputes.settling(self._store, record_id, field, value))
                return
            row = self._row(found[0], record_id)
            cleaned = {field: canonical(layout(found[0]).specs[field], value)}
            self._edit_by_merging(found[0], row, decode_version(row[3]), cleaned, everything=True)

    def next_number(self, record: type[Record], village_code: str) -> int:
        """The next number of households or trees of this laptop in this village; none is given twice."""
        key = f"number:{record.record_name}:{village_code}:{self._store.tag}"
        with faults.told():
            found = self._connection.execute("SELECT value FROM local WHERE key = ?", (key,)).fetchone()
            number = int(found[0]) + 1 if found else 1
            self._connection.execute("INSERT OR REPLACE INTO local (key, value) VALUES (?, ?)", (key, str(number)))
        return number

    def commit(self) -> Changes:
        """Makes everything durable. Raises StorageError, and then nothing has changed.

        What is derived from it can be read after the `with` statement.
        """
        try:
            with faults.told():
                alone = self._touched.only_facts() and not self._writer.settles
                self._settles_later = alone and self._undoable and not self._store.unsettled
                if not self._settles_later:
                    self._touched.trees |= self._store.unsettled
                    self._settle()
                if self._undoable and self._writer.undone:
                    self._forget(self._writer.undone)
                self._connection.execute("COMMIT")
        except BaseException:
            self._rollback()
            raise
        self._open = False
        if not self._settles_later:
            self._store.unsettled.clear()
        return Changes(frozenset((name, record_id) for record_id, (name, _) in self._changed.items()))

    def _settle(self) -> None:
        """Brings up to date what is derived from the changes, inside a transaction."""
        marked = self._touched.settle(self._connection, self._store.derivation)
        if self._writer.settles:
            stale_sums.settle(self._connection)
        if len(marked) < len(self._changed):
            owners.mark_waiting(self._connection, self._changed)

    def _edit_in_place(
        self,
        name: str,
        row: tuple[Any, ...],
        version: Version,
        values: dict[str, Value],
        cleaned: dict[str, Value],
    ) -> bytes:
        """The way for what nobody else has touched meanwhile; `values` becomes what the row then holds."""
        before = {field: values[field] for field in cleaned}
        seen = {field: version.seen(field) for field in cleaned}
        op = self._writer.write(name, row[1], row[2], OpKind.EDIT, cleaned, seen, before)
        encoded = Version(version.base, {**version.overrides, **dict.fromkeys(cleaned, (op.ref,))}).encode()
        values.update(cleaned)
        held = {**values, **msgpack.unpackb(row[0])} if row[0] else values
        digest = record_digest(name, row[1], encoded, held)
        written: dict[str, Any] = cleaned
        if terms.matters(name, cleaned):
            written = {**cleaned, "words": terms.words(name, values)}
        self._connection.execute(update_sql(name, tuple(written)), (encoded, digest, *written.values(), row[1]))
        self._note(name, row[1], cleaned, values, before.get(states.OWNERS.get(name, "")))
        self._touched.words.pop(row[1], None)  # written with the row
        return encoded

    def _edit_by_merging(
        self,
        name: str,
        row: tuple[Any, ...],
        version: Version,
        cleaned: dict[str, Value],
        *,
        everything: bool = False,
    ) -> None:
        """The way for concurrent changes and the bin: the operation first, then the row from all operations."""
        values = dict(zip(layout(name).names, row[4:], strict=True))
        # A removal, a return from the bin and a decision name everything that stood before the person's eyes.
        whole = everything or "removed" in cleaned or bool(values["removed"])
        named = (*version.overrides, *cleaned, "removed") if whole else tuple(cleaned)
        seen: dict[str, tuple[OpRef, ...]] = {field: version.seen(field) for field in named}
        before = {field: values[field] for field in cleaned}
        self._writer.write(name, row[1], row[2], OpKind.EDIT, cleaned, seen, before)
        ops = filing.ops_of(self._connection, row[1], self._store.devices())
        states.rebuild(self._connection, name, row[1], ops, self._touched)
        self._changed[row[1]] = (name, states.read_values(self._connection, name, row[1]) or {})

    def _row(self, name: str, record_id: RecordId) -> tuple[Any, ...]:
        """Unknown fields, then the row as `select_sql` gives it."""
        found: tuple[Any, ...] | None = self._connection.execute(layout(name).current_sql, (record_id,)).fetchone()
        if found is None:
            raise ItemError("record_missing", record=name)
        return found

    def _note(
        self,
        name: str,
        record_id: RecordId,
        changed: Mapping[str, Value],
        now: Mapping[str, Value],
        old_owner: Value = None,
    ) -> None:
        self._touched.note(name, record_id, changed, now, old_owner)
        self._changed[record_id] = (name, now)

    def _forget(self, undone: str) -> None:
        """After a new save what was undone cannot come back."""
        units = [(self._store.device_no, int(unit)) for unit in undone.split()]
        self._connection.executemany(_FORGET_SQL, units)
        self._connection.execute("DELETE FROM local WHERE key = ?", (UNDONE,))

    def _rollback(self) -> None:
        self._open = False
        if self._connection.in_transaction:  # a full disk has rolled back by itself
            self._connection.execute("ROLLBACK")
