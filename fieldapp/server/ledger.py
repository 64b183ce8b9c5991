"""What has arrived: frames as received, the counters they cover, the cursors under which others fetch them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa

from fieldapp.domain.ids import DeviceId
from fieldapp.domain.ops import hlc_of
from fieldapp.domain.runs import Runs, covered, join, overlap, runs_of
from fieldapp.server.bulk import upsert
from fieldapp.server.sameness import compare
from fieldapp.server.schema import FRAME, RECEIVED, RESTAMP, VILLAGE_LOG
from fieldapp.sync.wire import Frame, Header

AHEAD_MS = 10 * 60 * 1000  # a clock further ahead than this is not believed


@dataclass(frozen=True, slots=True)
class Restamp:
    """Operations of a frame from counter `first` on carry the clocks `base`, `base` + 1, ... instead of their own."""

    first: int
    base: int


@dataclass(frozen=True, slots=True)
class Accepted:
    """A frame that is now in the log under its village's `cursor`."""

    village_code: str
    cursor: int
    frame: Frame
    restamp: Restamp | None


@dataclass
class Outcome:
    """What became of the frames of a request."""

    accepted: list[Accepted] = field(default_factory=list)
    held: list[Header] = field(default_factory=list)  # of frames that lie in the log as they came: what a receipt names
    runs: dict[DeviceId, Runs] = field(default_factory=dict)  # all received by now of the laptops that made the frames
    refused: list[tuple[int, str]] = field(default_factory=list)  # places of frames that were not stored, and why
    forked: dict[DeviceId, int] = field(default_factory=dict)  # where the log holds something else under a counter
    restamps: list[tuple[DeviceId, int, int, int]] = field(default_factory=list)


def accept(connection: sa.Connection, frames: Sequence[tuple[Frame, bytes]], now_ms: int) -> Outcome:
    """Stores what is new of the frames.

    A frame may be brought by another laptop than the one that made it: a restored copy, or a relay.
    """
    outcome = Outcome()
    for device in dict.fromkeys(frame.header.device for frame, _ in frames):
        mine = [(place, *pair) for place, pair in enumerate(frames) if pair[0].header.device == device]
        before = received(connection, device)
        compared = compare(connection, device, [frame for _, frame, _ in mine], before)
        if compared.forked_at is None:
            outcome.restamps += [(device, *one) for one in compared.restamps]
            outcome.runs[device] = _take(connection, mine, before, outcome, now_ms)
            _replace_runs(connection, device, before, outcome.runs[device])
        else:  # two laptops number as one: none of this goes in, or the log would hold parts of both
            outcome.forked[device] = compared.forked_at
            outcome.refused += [(place, "frame_forked") for place, _, _ in mine]
    return outcome


def _take(
    connection: sa.Connection, mine: Sequence[tuple[int, Frame, bytes]], before: Runs, outcome: Outcome, now_ms: int
) -> Runs:
    """Stores the new frames of one laptop, whose others have been found to be what the log holds.

    One that holds received operations beside new ones is not stored, so that no operation lies in the log twice; the
    laptop is told what is here and cuts the others anew.
    """
    runs, new = before, set()
    for place, frame, body in mine:
        wanted, key = runs_of(frame.counters()), frame.header.key
        if not covered(before, wanted) and key not in new:  # else it came before, perhaps cut differently
            if overlap(runs, wanted):
                outcome.refused.append((place, "frame_overlaps"))
                continue
            outcome.accepted.append(_store(connection, frame, body, now_ms))
            new.add(key)
            runs = join([*runs, *wanted])
        outcome.held.append(frame.header)
    return runs


def received(connection: sa.Connection, device: DeviceId) -> Runs:
    """The runs of counters that have arrived from a laptop."""
    query = sa.select(RECEIVED.c.first, RECEIVED.c.last).where(RECEIVED.c.device == device)
    return join((first, last) for first, last in connection.execute(query))


def _replace_runs(connection: sa.Connection, device: DeviceId, before: Runs, runs: Runs) -> None:
    gone = [first for first, last in set(before) - set(runs)]
    if gone:
        connection.execute(sa.delete(RECEIVED).where(RECEIVED.c.device == device, RECEIVED.c.first.in_(gone)))
    new = [{"device": device, "first": first, "last": last} for first, last in set(runs) - set(before)]
    if new:
        connection.execute(sa.insert(RECEIVED), new)


def _store(connection: sa.Connection, frame: Frame, body: bytes, now_ms: int) -> Accepted:
    header = frame.header
    cursor = _next_cursor(connection, header.village_code)
    restamp = _restamp(connection, frame, now_ms)
    connection.execute(
        sa.insert(FRAME).values(
            village_code=header.village_code,
            cursor=cursor,
            device=header.device,
            first=header.first,
            last=header.last,
            n_ops=header.n_ops,
            sha256=header.sha256,
            received_at=now_ms,
            restamp_from=restamp.first if restamp else None,
            restamp_base=restamp.base if restamp else None,
            body=body,
        )
    )
    return Accepted(header.village_code, cursor, frame, restamp)


def _next_cursor(connection: sa.Connection, village_code: str) -> int:
    """Taken under the village's row lock: a cursor never becomes visible after a higher one."""
    log = sa.update(VILLAGE_LOG).where(VILLAGE_LOG.c.village_code == village_code)
    taken = connection.execute(
        log.values(last_cursor=VILLAGE_LOG.c.last_cursor + 1).returning(VILLAGE_LOG.c.last_cursor)
    ).scalar()
    if taken is not None:
        return int(taken)
    row = {"last_cursor": 1, "applied_cursor": 0, "sinks_cursor": 0, "n_rows": 0, "digest": 0}
    connection.execute(sa.insert(VILLAGE_LOG).values(village_code=village_code, **row))
    return 1


def _restamp(connection: sa.Connection, frame: Frame, now_ms: int) -> Restamp | None:
    """A laptop's clock never runs back, so what is too far ahead is the end of a frame."""
    limit = hlc_of(now_ms + AHEAD_MS)
    ahead = [
        counter
        for section in frame.sections
        for counter, hlc in zip(section.counters, section.hlcs, strict=True)
        if hlc > limit
    ]
    if not ahead:
        return None
    device = frame.header.device
    last = connection.execute(sa.select(RESTAMP.c.last_hlc).where(RESTAMP.c.device == device)).scalar()
    first, base = min(ahead), max(hlc_of(now_ms), (last or 0) + 1)
    upsert(connection, RESTAMP, {"device": device, "last_hlc": base + frame.header.last - first})
    return Restamp(first, base)
