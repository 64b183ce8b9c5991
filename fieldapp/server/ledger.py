"""What has arrived: frames as received, the counters they cover, the cursors under which others fetch them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

import sqlalchemy as sa

from fieldapp.domain.ids import DeviceId
from fieldapp.domain.ops import hlc_of
from fieldapp.server.bulk import upsert
from fieldapp.server.schema import FRAME, RECEIVED, RESTAMP, VILLAGE_LOG
from fieldapp.sync.wire import Frame

AHEAD_MS = 10 * 60 * 1000  # a clock further ahead than this is not believed

Runs = list[tuple[int, int]]


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


def runs_of(counters: Sequence[int]) -> Runs:
    """Ascending counters as runs without gaps."""
    if counters[-1] - counters[0] + 1 == len(counters):
        return [(counters[0], counters[-1])]
    found = []
    for _, members in groupby(enumerate(counters), key=lambda pair: pair[1] - pair[0]):
        run = [counter for _, counter in members]
        found.append((run[0], run[-1]))
    return found


def join(runs: Iterable[tuple[int, int]]) -> Runs:
    """The same counters in as few runs as possible."""
    joined: Runs = []
    for first, last in sorted(runs):
        if joined and first <= joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], max(joined[-1][1], last))
        else:
            joined.append((first, last))
    return joined


def covered(runs: Runs, wanted: Runs) -> bool:
    """Whether every wanted counter is in `runs` (both joined)."""
    return all(any(first <= a and b <= last for first, last in runs) for a, b in wanted)


def overlap(runs: Runs, wanted: Runs) -> bool:
    """Whether any wanted counter is in `runs`."""
    return any(first <= b and a <= last for first, last in runs for a, b in wanted)


def contiguous(runs: Runs) -> int:
    """The highest counter up to which nothing is missing: the only one that may be acknowledged."""
    return runs[0][1] if runs and runs[0][0] == 1 else 0


def beyond(runs: Runs) -> Runs:
    """What has arrived behind the first gap."""
    return [(first, last) for first, last in runs if first > contiguous(runs)]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of the frames of a request."""

    accepted: list[Accepted]
    runs: dict[DeviceId, Runs]  # everything received by now of the laptops that made the frames
    overlapping: list[int]  # places of frames that were not stored


def accept(connection: sa.Connection, frames: Sequence[tuple[Frame, bytes]], now_ms: int) -> Outcome:
    """Stores what is new of the frames.

    A frame may be brought by another laptop than the one that made it: a restored copy, or a relay. One that
    holds received operations beside new ones is not stored, so that no operation lies in the log twice; the
    laptop is told what is here and cuts the others anew.
    """
    accepted, overlapping, held = [], [], {}
    for device in dict.fromkeys(frame.header.device for frame, _ in frames):
        before = runs = received(connection, device)
        for place, (frame, body) in enumerate(frames):
            wanted = runs_of(frame.counters()) if frame.header.device == device else []
            if covered(runs, wanted):
                continue  # it came before, perhaps cut differently, or stands twice in this request
            if overlap(runs, wanted):
                overlapping.append(place)
            else:
                accepted.append(_store(connection, frame, body, now_ms))
                runs = join([*runs, *wanted])
        _replace_runs(connection, device, before, runs)
        held[device] = runs
    return Outcome(accepted, held, overlapping)


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
