"""Writes the operations of one unit of work: gap-free counters, a clock that never goes back, and what undo needs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from fieldapp.domain.ids import RecordId
from fieldapp.domain.ops import Op, OpKind, OpRef, Value, hlc_tick
from fieldapp.domain.records import SCHEMA
from fieldapp.storage import filing, oprows, stale_sums
from fieldapp.storage.connection import Connection

if TYPE_CHECKING:
    from fieldapp.storage.store import Store

_NOTES = "(SELECT value FROM local WHERE key = 'received_hlc'), (SELECT value FROM local WHERE key = 'undone')"
_LAST_SQL = f"SELECT counter, hlc, {_NOTES} FROM op WHERE {oprows.of_device('?1')} ORDER BY id DESC LIMIT 1"
_FIRST_SQL = f"SELECT 0, 0, {_NOTES}"


class OpWriter:
    """Numbers and writes operations inside an open transaction."""

    def __init__(self, store: Store, *, undoable: bool) -> None:
        self._store = store
        self._undoable = undoable
        self._counter = self._hlc = -1
        self._unit: int | None = None
        self.settles = False  # whether this save is the one that writes the sums which measurements left behind
        self.undone: str | None = None  # the saves that were undone, as long as they can come back

    def write(
        self,
        record: str,
        record_id: RecordId,
        village_code: str,
        kind: OpKind,
        fields: Mapping[str, Value],
        seen: Mapping[str, tuple[OpRef, ...]],
        before: Mapping[str, Value] | None = None,
    ) -> Op:
        """The next operation of this laptop; `before` is what the fields held, for undo."""
        op = self.next(record, record_id, village_code, kind, fields, seen)
        self.put(op, before)
        return op

    def next(
        self,
        record: str,
        record_id: RecordId,
        village_code: str,
        kind: OpKind,
        fields: Mapping[str, Value],
        seen: Mapping[str, tuple[OpRef, ...]],
    ) -> Op:
        """What the next operation will be; its number is taken only by `put`."""
        store = self._store
        if self._counter < 0:
            self._counter, self._hlc, self.undone = _last(store.connection, store.device_no)
            self._unit = self._counter + 1 if self._undoable else None
        stamp = (store.device, self._counter + 1, hlc_tick(self._hlc, store.clock()))
        return Op(*stamp, village_code, record, record_id, kind, fields, seen, store.person, SCHEMA)

    def put(self, op: Op, before: Mapping[str, Value] | None = None) -> None:
        """Writes what `next` gave, before it is asked again."""
        store = self._store
        store.connection.execute(oprows.INSERT_SQL, oprows.to_row(op, store.device_no, self._unit, before, filed=None))
        self._counter, self._hlc = op.counter, op.hlc
        if self._counter % filing.UNFILED_AT_MOST == 0:
            filing.file_device(store.connection, store.device_no)
        if self._counter % stale_sums.SETTLED_EVERY == 0:
            self.settles = True


def _last(connection: Connection, device_no: int) -> tuple[int, int, str | None]:
    """The last counter of this laptop, the greatest clock stamp it has written or received, and what was undone."""
    found = connection.execute(_LAST_SQL, (device_no,)).fetchone() or connection.execute(_FIRST_SQL).fetchone()
    counter, hlc, received, undone = found
    return counter, max(hlc, int(received or 0)), undone
