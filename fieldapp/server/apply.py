"""Brings a frame of the log into the tables, once and in cursor order: whole columns where nothing hinders."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import repeat
from typing import Any

import msgpack
import sqlalchemy as sa

from fieldapp.domain.digest import record_digest
from fieldapp.domain.fields import specs
from fieldapp.domain.ids import RecordId
from fieldapp.domain.merge import encode_ref
from fieldapp.domain.ops import Op, OpKind, OpRef, Value
from fieldapp.domain.records import BY_NAME
from fieldapp.errors import ItemError
from fieldapp.server.bulk import chunks, insert_new
from fieldapp.server.checking import FACT_EXISTS, canonical_column, checked, foreign_column
from fieldapp.server.frames import FrameReader, restamped
from fieldapp.server.ledger import Accepted
from fieldapp.server.merging import Merger
from fieldapp.server.schema import OP_INDEX, QUARANTINE, RECORDS, VILLAGE_LOG
from fieldapp.sync.sections import Section

Columns = dict[str, list[Value]]

_STATE = ("village_code", "id", "version", "hlc", "digest", "unknown", "created_cursor")


@dataclass
class Touched:
    """Records whose trees' sinks must be computed again, and how the village's digest changed."""

    trees: set[RecordId] = field(default_factory=set)
    parcels: set[RecordId] = field(default_factory=set)
    n_rows: int = 0
    digest: int = 0

    def note(self, record: str, record_ids: Iterable[RecordId], tree_ids: Iterable[Value]) -> None:
        """Remembers what a change of these records means for sinks."""
        if record == "tree":
            self.trees.update(record_ids)
        elif record == "measurement":
            self.trees.update(RecordId(one) for one in tree_ids if isinstance(one, bytes))
        elif record == "parcel":
            self.parcels.update(record_ids)


class Applier:
    """Applies accepted frames inside the writer's transaction."""

    def __init__(self, reader: FrameReader, connection: sa.Connection, accepted: Accepted, now_ms: int) -> None:
        self._connection = connection
        self._village = accepted.village_code
        self._cursor = accepted.cursor
        self._frame = restamped(accepted.frame, accepted.restamp)
        self._device = accepted.frame.header.device
        self._now_ms = now_ms
        self._named: set[RecordId] = set()  # records of the sections that are done
        self.touched = Touched()
        self._merger = Merger(reader, connection, accepted.village_code, accepted.cursor)

    def run(self) -> Touched | None:
        """Applies every section; the village's digest and position move in the same transaction.

        None, and nothing done, for a frame that is not the next one: another server has applied it meanwhile.
        """
        if not self._claim():
            return None
        for section in sorted(self._frame.sections, key=_adding_first):
            columns = self._columns(section)
            if columns is None:
                self._one_by_one(section)
            else:
                self._insert(section, columns)
            self._named.update(section.record_ids)
        self.touched.n_rows += self._merger.n_rows
        self.touched.digest += self._merger.digest
        self._add_up()
        return self.touched

    def _claim(self) -> bool:
        """The position moves first: whoever moves it has the village's row to the end of the transaction."""
        before = (VILLAGE_LOG.c.village_code == self._village) & (VILLAGE_LOG.c.applied_cursor == self._cursor - 1)
        moved = self._connection.execute(sa.update(VILLAGE_LOG).where(before).values(applied_cursor=self._cursor))
        return moved.rowcount == 1

    def _columns(self, section: Section) -> Columns | None:
        """Checked columns of a section that only adds records that nobody has mentioned before, else None."""
        declared = BY_NAME.get(section.record)
        if declared is None or section.kind is not OpKind.ADD or section.seen is not None:
            return None
        ids = set(section.record_ids)
        if len(ids) < len(section.record_ids) or not ids.isdisjoint(self._named) or not ids.isdisjoint(self._orphans()):
            return None
        known = {spec.name: spec for spec in specs(declared)}
        found = {}
        for name, values in zip(section.names, section.values, strict=True):
            column = canonical_column(known[name], values) if name in known else foreign_column(name, values)
            if column is None:
                return None
            found[name] = column
        return found

    def _orphans(self) -> set[RecordId]:
        query = sa.select(OP_INDEX.c.record_id).where(OP_INDEX.c.village_code == self._village, OP_INDEX.c.orphan == 1)
        return set(self._connection.execute(query).scalars())

    def _insert(self, section: Section, columns: Columns) -> None:
        table = RECORDS[section.record]
        names = [column.name for column in table.columns if column.name in columns]
        rows = self._rows(section, columns, names)
        inserted = insert_new(self._connection, table, (*_STATE, *names), rows)
        known: set[RecordId] = set() if inserted == len(rows) else self._known(table, section.record_ids)
        self.touched.n_rows += len(rows) - len(known)
        self.touched.digest += sum(row[4] for row in rows if row[1] not in known)
        self.touched.note(section.record, section.record_ids, columns.get("tree_id", ()))
        if BY_NAME[section.record].editable:
            for record_id in known:
                self._merger.merge(section.record, record_id)
        elif known:
            self._second_facts(section, known)

    def _second_facts(self, section: Section, known: set[RecordId]) -> None:
        """A fact has one operation for ever; the same one again is nothing, another one is somebody's mistake."""
        for op in section.ops(self._device, self._village):
            if op.record_id in known and self._merger.version(section.record, op.record_id) != encode_ref(op.ref):
                self._set_aside(op, FACT_EXISTS)

    def _rows(self, section: Section, columns: Columns, names: list[str]) -> list[tuple[Any, ...]]:
        """Rows in the order of the table; a record with one operation has that operation's name as its version."""
        village, device, cursor, record = self._village, self._device, self._cursor, section.record
        order = sorted(columns)
        states: list[list[Any]] = [[] for _ in range(5)]
        for record_id, counter, hlc, values in zip(
            section.record_ids, section.counters, section.hlcs, _rows_of(columns, order, section), strict=True
        ):
            version = encode_ref(OpRef(device, counter))
            held = dict(zip(order, values, strict=True))
            unknown = {name: value for name, value in held.items() if name not in names}
            packed = msgpack.packb(unknown) if unknown else None
            state = (record_id, version, hlc, record_digest(record, record_id, version, held), packed)
            for column, value in zip(states, state, strict=True):
                column.append(value)
        return list(zip(repeat(village), *states, repeat(cursor), *map(columns.__getitem__, names), strict=False))

    def _known(self, table: sa.Table, record_ids: list[RecordId]) -> set[RecordId]:
        """Those of the records that another frame had already made."""
        found: set[RecordId] = set()
        for some in chunks(record_ids):
            query = sa.select(table.c.id).where(
                table.c.village_code == self._village, table.c.id.in_(some), table.c.created_cursor != self._cursor
            )
            found.update(self._connection.execute(query).scalars())
        return found

    def _one_by_one(self, section: Section) -> None:
        good: dict[RecordId, None] = {}
        tree_ids = []
        for op in section.ops(self._device, self._village):
            try:
                checked(op)
            except ItemError as error:
                self._set_aside(op, error.code)
                continue
            if not BY_NAME[op.record].editable:
                there = self._merger.version(op.record, op.record_id)
                if there not in (None, encode_ref(op.ref)) or (there is None and op.record_id in good):
                    self._set_aside(op, FACT_EXISTS)
                    continue
            good[op.record_id] = None
            tree_ids.append(op.fields.get("tree_id"))
        self.touched.note(section.record, good, tree_ids)
        for record_id in good:
            self._merger.merge(section.record, record_id)

    def _set_aside(self, op: Op, code: str) -> None:
        names = ("village_code", "device", "counter", "cursor", "record", "record_id", "code", "noticed_at")
        record = op.record.encode("utf-8", "replace").decode("utf-8")  # whatever somebody called it
        row = (self._village, op.device, op.counter, self._cursor, record, op.record_id, code, self._now_ms)
        insert_new(self._connection, QUARANTINE, names, [row])

    def _add_up(self) -> None:
        log = sa.select(VILLAGE_LOG.c.n_rows, VILLAGE_LOG.c.digest).where(VILLAGE_LOG.c.village_code == self._village)
        n_rows, digest = self._connection.execute(log).one()
        self._connection.execute(
            sa.update(VILLAGE_LOG)
            .where(VILLAGE_LOG.c.village_code == self._village)
            .values(n_rows=n_rows + self.touched.n_rows, digest=signed_64(digest + self.touched.digest))
        )


def signed_64(total: int) -> int:
    """A sum of digests as the database can hold it."""
    return (total + (1 << 63)) % (1 << 64) - (1 << 63)


def _adding_first(section: Section) -> OpKind:
    return section.kind


def _rows_of(columns: Columns, order: list[str], section: Section) -> Iterable[tuple[Value, ...]]:
    return zip(*map(columns.__getitem__, order), strict=True) if order else [()] * len(section.counters)
