"""The careful way into the tables: all operations of one record read back from the log and merged as on a laptop."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgpack
import sqlalchemy as sa

from fieldapp.domain.digest import record_digest
from fieldapp.domain.fields import specs
from fieldapp.domain.ids import RecordId
from fieldapp.domain.merge import Head, RecordState, merge
from fieldapp.domain.ops import Op
from fieldapp.domain.records import BY_NAME
from fieldapp.errors import ItemError
from fieldapp.server.bulk import insert_new, upsert
from fieldapp.server.checking import checked
from fieldapp.server.frames import FrameReader
from fieldapp.server.schema import CONFLICT, OP_INDEX, RECORDS


class Merger:
    """Merges records that operations of the frame under `cursor` change; counts rows and digests as it goes."""

    def __init__(self, reader: FrameReader, connection: sa.Connection, village_code: str, cursor: int) -> None:
        self._reader = reader
        self._connection = connection
        self._village = village_code
        self._cursor = cursor
        self.n_rows = 0
        self.digest = 0

    def merge(self, record: str, record_id: RecordId) -> None:
        """Reads every operation of the record and writes the row and conflicts that follow from them."""
        self._index(record, record_id)
        table = RECORDS[record]
        row = self._connection.execute(
            sa.select(table.c.created_cursor, table.c.digest).where(
                table.c.village_code == self._village, table.c.id == record_id
            )
        ).one_or_none()
        cursors = self._cursors(record_id)
        if row is not None and row.created_cursor not in cursors:
            cursors.append(row.created_cursor)
        ops = self._reader.ops_of(self._connection, self._village, cursors, record_id)
        state = merge(_acceptable([op for op in ops if op.record == record]))  # an id may be misused for two things
        if state is None:
            self._mark(record, record_id, orphan=1)
            return
        digest = record_digest(record, record_id, state.version.encode(), state.values)
        self.n_rows += row is None
        self.digest += digest - (row.digest if row is not None else 0)
        self._write(state, digest, self._cursor if row is None else row.created_cursor)
        if row is None:
            self._mark(record, record_id, orphan=0)
        self._write_conflicts(state)

    def version(self, record: str, record_id: RecordId) -> bytes | None:
        """The version of a row, None while there is none."""
        table = RECORDS[record]
        query = sa.select(table.c.version).where(table.c.village_code == self._village, table.c.id == record_id)
        held: bytes | None = self._connection.execute(query).scalar()
        return held

    def _index(self, record: str, record_id: RecordId) -> None:
        names = ("village_code", "record_id", "cursor", "record", "orphan")
        insert_new(self._connection, OP_INDEX, names, [(self._village, record_id, self._cursor, record, 0)])

    def _cursors(self, record_id: RecordId) -> list[int]:
        query = sa.select(OP_INDEX.c.cursor).where(
            OP_INDEX.c.village_code == self._village, OP_INDEX.c.record_id == record_id
        )
        return list(self._connection.execute(query).scalars())

    def _mark(self, record: str, record_id: RecordId, *, orphan: int) -> None:
        self._connection.execute(
            sa.update(OP_INDEX)
            .where(
                OP_INDEX.c.village_code == self._village,
                OP_INDEX.c.record_id == record_id,
                OP_INDEX.c.record == record,
            )
            .values(orphan=orphan)
        )

    def _write(self, state: RecordState, digest: int, created_cursor: int) -> None:
        known = [spec.name for spec in specs(BY_NAME[state.record])]
        unknown = {name: value for name, value in state.values.items() if name not in known}
        row = {
            "village_code": self._village,
            "id": state.record_id,
            "version": state.version.encode(),
            "hlc": state.hlc,
            "digest": digest,
            "unknown": msgpack.packb(unknown) if unknown else None,
            "created_cursor": created_cursor,
            **{name: state.values.get(name) for name in known},
        }
        upsert(self._connection, RECORDS[state.record], row)

    def _write_conflicts(self, state: RecordState) -> None:
        self._connection.execute(
            sa.delete(CONFLICT).where(
                CONFLICT.c.village_code == self._village,
                CONFLICT.c.record_id == state.record_id,
                CONFLICT.c.record == state.record,
            )
        )
        for name, heads in state.conflicts.items():
            row = (self._village, state.record_id, name, state.record, pack_heads(heads))
            insert_new(self._connection, CONFLICT, ("village_code", "record_id", "field", "record", "held"), [row])


def _acceptable(ops: Sequence[Op]) -> list[Op]:
    """The operations without those that stand in quarantine."""
    found = []
    for op in ops:
        try:
            found.append(checked(op))
        except ItemError:
            continue  # it was set aside, visibly, when its own frame was applied
    return found


def pack_heads(heads: Sequence[Head]) -> bytes:
    """The values that stand against each other, with who wrote them when."""
    packed: bytes = msgpack.packb([[head.value, head.hlc, head.person, head.device] for head in heads])
    return packed


def unpack_heads(held: bytes) -> list[Mapping[str, object]]:
    """The other way round, for the page of conflicts."""
    return [dict(zip(("value", "hlc", "person", "device"), one, strict=True)) for one in msgpack.unpackb(held)]
