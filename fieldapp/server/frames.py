"""Frames of the log taken apart again, with the clocks that the server believes."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import replace

import sqlalchemy as sa

from fieldapp.domain.ids import RecordId
from fieldapp.domain.ops import Op
from fieldapp.server.ledger import Accepted, Restamp
from fieldapp.server.schema import FRAME
from fieldapp.sync import wire
from fieldapp.sync.wire import Frame

_KEPT = 64


def restamped(frame: Frame, restamp: Restamp | None) -> Frame:
    """The frame with believable clocks; the original stays in the log."""
    if restamp is None:
        return frame
    sections = tuple(
        replace(
            section,
            hlcs=[
                hlc if counter < restamp.first else restamp.base + counter - restamp.first
                for counter, hlc in zip(section.counters, section.hlcs, strict=True)
            ],
        )
        for section in frame.sections
    )
    return replace(frame, sections=sections)


class FrameReader:
    """Reads operations of single records out of the log; keeps the frames used last (for the writer thread only)."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[str, int], dict[RecordId, list[Op]]] = OrderedDict()

    def ops_of(self, connection: sa.Connection, village_code: str, cursors: list[int], record_id: RecordId) -> list[Op]:
        """Every operation of a record in the named frames."""
        return [op for cursor in cursors for op in self._frame(connection, village_code, cursor).get(record_id, ())]

    def _frame(self, connection: sa.Connection, village_code: str, cursor: int) -> dict[RecordId, list[Op]]:
        key = (village_code, cursor)
        if key in self._kept:
            self._kept.move_to_end(key)
            return self._kept[key]
        by_record: dict[RecordId, list[Op]] = {}
        for op in restamped(*_load(connection, village_code, cursor)).ops():
            by_record.setdefault(op.record_id, []).append(op)
        self._kept[key] = by_record
        if len(self._kept) > _KEPT:
            self._kept.popitem(last=False)
        return by_record


def _load(connection: sa.Connection, village_code: str, cursor: int) -> tuple[Frame, Restamp | None]:
    query = sa.select(FRAME.c.body, FRAME.c.restamp_from, FRAME.c.restamp_base).where(
        FRAME.c.village_code == village_code, FRAME.c.cursor == cursor
    )
    body, first, base = connection.execute(query).one()
    return wire.decode(body), None if first is None else Restamp(first, base)


def unapplied(connection: sa.Connection, village_code: str, applied_cursor: int, most: int = 50) -> list[Accepted]:
    """What the log holds beyond the tables: after a crash it is applied from here."""
    query = (
        sa.select(FRAME.c.cursor)
        .where(FRAME.c.village_code == village_code, FRAME.c.cursor > applied_cursor)
        .order_by(FRAME.c.cursor)
        .limit(most)
    )
    cursors = list(connection.execute(query).scalars())
    return [Accepted(village_code, cursor, *_load(connection, village_code, cursor)) for cursor in cursors]
