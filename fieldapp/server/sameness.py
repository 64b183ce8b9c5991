"""Whether what a laptop brings again is what the log holds: a copied disk numbers on as its original does."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from fieldapp.domain.ids import DeviceId
from fieldapp.domain.ops import Op
from fieldapp.domain.runs import Run, overlap, runs_of
from fieldapp.server.schema import FRAME
from fieldapp.sync import wire
from fieldapp.sync.wire import Frame, Header


@dataclass
class Compared:
    """What the log says of frames whose operations it holds already, all or some of them."""

    forked_at: int | None = None  # the lowest counter under which it holds another operation than the one brought
    restamps: list[tuple[int, int, int]] = field(default_factory=list)  # first, last, base: told once more


def compare(connection: sa.Connection, device: DeviceId, frames: Sequence[Frame], received: Iterable[Run]) -> Compared:
    """Holds the frames of one laptop against what has been received of it under the same counters."""
    compared, log = Compared(), _Log(connection, device)
    for frame in frames:
        if overlap(received, runs_of(frame.counters())):
            log.hold_against(frame, compared)
    return compared


class _Log:
    """The log of one laptop; takes each frame apart once, however small those are that are held against it."""

    def __init__(self, connection: sa.Connection, device: DeviceId) -> None:
        self._connection = connection
        self._device = device
        self._apart: dict[tuple[str, int], dict[int, Op]] = {}

    def hold_against(self, frame: Frame, compared: Compared) -> None:
        """Notes the first counter at which both differ, and the clocks that the log gave to what is the same."""
        brought: dict[int, Op] | None = None
        for row in self._overlapping(frame.header):
            if row.restamp_from is not None:
                compared.restamps.append((row.restamp_from, row.last, row.restamp_base))
            if row.sha256 == frame.header.sha256:
                continue
            if brought is None:
                brought = {op.counter: op for op in frame.ops()}
            held = self._ops(row)
            different = [one for one in held.keys() & brought.keys() if not _same(held[one], brought[one])]
            if different:
                compared.forked_at = min([*different, *([compared.forked_at] if compared.forked_at else [])])

    def _overlapping(self, header: Header) -> Sequence[Any]:
        columns = (FRAME.c.village_code, FRAME.c.cursor, FRAME.c.last, FRAME.c.sha256)
        query = sa.select(*columns, FRAME.c.restamp_from, FRAME.c.restamp_base).where(
            FRAME.c.device == self._device, FRAME.c.first <= header.last, FRAME.c.last >= header.first
        )
        return self._connection.execute(query).all()

    def _ops(self, row: Any) -> dict[int, Op]:
        key = (row.village_code, row.cursor)
        if key not in self._apart:
            query = sa.select(FRAME.c.body).where(FRAME.c.village_code == key[0], FRAME.c.cursor == key[1])
            body = self._connection.execute(query).scalar_one()
            self._apart[key] = {op.counter: op for op in wire.decode(body).ops()}
        return self._apart[key]


def _same(one: Op, other: Op) -> bool:
    """Whether both are one operation; its clock aside, which any server may have set right."""
    return (
        one.record_id == other.record_id
        and one.village_code == other.village_code
        and (one.record, one.kind, one.schema, one.person) == (other.record, other.kind, other.schema, other.person)
        and one.fields == other.fields
        and one.seen == other.seen
    )
