"""One sync request: what the laptop brings is stored and receipted, what it lacks goes back in the same answer."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

import msgpack
import sqlalchemy as sa

from fieldapp.domain.digest import hex_digest
from fieldapp.domain.runs import beyond, contiguous
from fieldapp.server import blobs, differences, turns
from fieldapp.server.devices import Laptop
from fieldapp.server.identity import receipt_body
from fieldapp.server.ledger import Accepted, Outcome, received
from fieldapp.server.methods import Methods
from fieldapp.server.schema import DEVICE, FRAME, RECEIPT, VILLAGE_LOG
from fieldapp.server.station import Station
from fieldapp.server.sync_request import Request

MAX_BODY_BYTES = 16 << 20
_DOWN_BYTES = 1 << 20
_MAX_ROWS = 200


@dataclass(frozen=True)
class Stored:
    """What became durable, and the part of the answer that says so."""

    accepted: list[Accepted]
    answer: dict[str, object]


def store(connection: sa.Connection, station: Station, laptop: Laptop, request: Request) -> Stored:
    """In one transaction of the writer: frames, claims and the signed receipt that promises them."""
    turns.take(connection, _turns(laptop, request))
    outcome = station.accept(connection, request.frames)
    now = station.settings.now_ms()
    connection.execute(sa.update(DEVICE).where(DEVICE.c.device == laptop.device).values(seen_at=now))
    for village in filter(laptop.is_given, request.claims):
        differences.replace_claims(connection, village, laptop.device, request.claims[village])
    held = blobs.held(connection, request.offered)
    told = {device: received(connection, device) for device in request.devices} | outcome.runs
    answer: dict[str, object] = {
        "time_ms": now,
        "acknowledged": [[one, contiguous(runs)] for one, runs in told.items() if one not in outcome.forked],
        "held": [[one, *run] for one, runs in told.items() if one not in outcome.forked for run in beyond(runs)],
        "forked": [[device, counter] for device, counter in outcome.forked.items()],
        "refused": [*([request.places[index], code] for index, code in outcome.refused), *request.refused],
        "restamps": [*map(list, outcome.restamps), *_restamps(outcome)],
        "wanted": [one for one in request.offered if one not in held],
        "receipts": _receipts(connection, station, laptop, outcome, sorted(held)),
    }
    return Stored(outcome.accepted, answer)


def _turns(laptop: Laptop, request: Request) -> set[bytes]:
    """Whatever the request writes about."""
    headers = [frame.header for frame, _ in request.frames]
    villages = {header.village_code for header in headers} | set(request.claims)
    return {turns.laptop(one) for one in (laptop.device, *(header.device for header in headers))} | {
        turns.village(one) for one in villages
    }


def _restamps(outcome: Outcome) -> list[list[object]]:
    return [
        [one.frame.header.device, one.restamp.first, one.frame.header.last, one.restamp.base]
        for one in outcome.accepted
        if one.restamp
    ]


def _receipts(
    connection: sa.Connection, station: Station, laptop: Laptop, outcome: Outcome, held: list[bytes]
) -> list[list[bytes]]:
    """The receipt for exactly this state and these frames: asked twice, it is the same one."""
    ranges: list[list[object]] = [[device, *run] for device, runs in outcome.runs.items() for run in runs]
    frames: list[list[object]] = [[one.device, one.first, one.last, one.sha256] for one in outcome.held]
    if not ranges and not held:
        return []
    key = hashlib.sha256(msgpack.packb([ranges, held, frames])).digest()
    old = sa.select(RECEIPT.c.body, RECEIPT.c.signature).where(RECEIPT.c.device == laptop.device, RECEIPT.c.key == key)
    row = connection.execute(old).one_or_none()
    if row is not None:
        return [[row.body, row.signature]]
    now = station.settings.now_ms()
    body = receipt_body(station.identity, laptop.device, ranges, frames, held, now)
    signature = station.identity.sign(body)
    n_ops = sum(int(str(last)) - int(str(first)) + 1 for _, first, last in ranges)
    connection.execute(
        sa.insert(RECEIPT).values(
            device=laptop.device,
            key=key,
            issued_at=now,
            n_ops=n_ops,
            n_blobs=len(held),
            body=body,
            signature=signature,
        )
    )
    return [[body, signature]]


def pull(connection: sa.Connection, laptop: Laptop, request: Request, methods: Methods) -> dict[str, object]:
    """The frames behind each cursor as they were received, and what the village looks like here."""
    logs = {row.village_code: row for row in connection.execute(sa.select(VILLAGE_LOG))}
    wanted = dict(request.cursors)
    if request.everything:
        wanted = dict.fromkeys(logs, 0) | wanted
    room = _DOWN_BYTES
    villages: dict[str, object] = {}
    for village, cursor in wanted.items():
        if not laptop.is_given(village):
            continue
        log = logs.get(village)
        if log is None:
            villages[village] = {"frames": [], "cursor": 0, "more": False, "applied": True}
            continue
        frames, reached, size = _frames(connection, laptop, log, cursor, room, own=village in request.own)
        room = max(room - size, 0)
        sinks_ready = log.sinks_cursor == log.last_cursor
        answer: dict[str, object] = {
            "frames": frames,
            "cursor": reached,
            "more": reached < log.last_cursor,
            "applied": log.applied_cursor == log.last_cursor,
            "rows": log.n_rows,
            "digest": hex_digest(log.digest),
            "sinks_ready": sinks_ready,
            "differences": [],
        }
        if request.settle and sinks_ready:  # a difference from half of the trees is none
            answer |= differences.for_answer(connection, village, methods, laptop.device)
        villages[village] = answer
    return {"villages": villages, "closed": [one for one in request.cursors if not laptop.is_given(one)]}


def _frames(
    connection: sa.Connection, laptop: Laptop, log: Any, cursor: int, room: int, *, own: bool
) -> tuple[list[list[object]], int, int]:
    """Frames up to about `room` bytes (one at least, when there is room), the cursor they reach, and their size.

    `log` was read before: whatever is stored meanwhile lies behind its last cursor and is not skipped.
    """
    if cursor > log.last_cursor:  # this server was set back to a backup: the laptop has to begin again
        return [], log.last_cursor, 0
    if room <= 0:
        return [], cursor, 0
    query = (
        sa.select(FRAME.c.cursor, FRAME.c.device, FRAME.c.restamp_from, FRAME.c.restamp_base, FRAME.c.body)
        .where(FRAME.c.village_code == log.village_code, FRAME.c.cursor > cursor)
        .order_by(FRAME.c.cursor)
    )
    if not own:
        query = query.where(FRAME.c.device != laptop.device)
    found: list[list[object]] = []
    size = 0
    for row in connection.execute(query.limit(_MAX_ROWS)):
        restamp = None if row.restamp_from is None else [row.restamp_from, row.restamp_base]
        found.append([row.cursor, row.body, restamp])
        size += len(row.body)
        if size >= room:
            return found, row.cursor, size
    if len(found) == _MAX_ROWS:
        return found, int(str(found[-1][0])), size
    return found, max(log.last_cursor, int(str(found[-1][0])) if found else 0), size
