"""Sends own operations in frames, the next ones packed while the server works on the last."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field

from fieldapp.domain.ids import DeviceId
from fieldapp.domain.ops import Op
from fieldapp.errors import ItemError, PauseError
from fieldapp.storage import oplog
from fieldapp.sync import wire
from fieldapp.sync.answers import Answer
from fieldapp.sync.session import Session

Runs = Sequence[tuple[int, int]]


@dataclass
class _Batch:
    """One request's frames of one laptop, up to and with counter `last`."""

    device: DeviceId
    last: int
    n_ops: int
    frames: list[bytes] = field(default_factory=list)


def push(session: Session) -> None:
    """Sends everything above what the server has acknowledged, for this laptop and those that it continues."""
    for own in oplog.own_devices(session.store):
        _push_device(session, own.device)


def relay(session: Session, villages: Sequence[str]) -> None:
    """Brings what other laptops recorded to a server that lacks it: a new one, or one that was set back."""
    others = oplog.other_devices(session.store)
    if others:
        session.ask(session.request(devices=others))
    for device in others:
        for village in villages:
            _relay_village(session, device, village)


def _relay_village(session: Session, device: DeviceId, village: str) -> None:
    """Frames that overlap with what is there are cut anew, as often as the server tells something new about it."""
    known: Runs | None = None
    while known != session.held.get(device, ()):
        known = session.held.get(device, ())
        for batch in _batches(session, device, 0, village):
            session.tell("push")
            if session.ask(session.request(frames=batch.frames)).refused:
                break
        else:
            return


def _push_device(session: Session, device: DeviceId) -> None:
    """After a failed request everything above the acknowledged counter is packed anew, smaller."""
    attempt = 0
    while True:
        before = _acknowledged(session, device)
        try:
            _send_all(session, device)
        except PauseError as error:
            if error.code == "request_too_large" and not session.pace.is_least:
                session.pace.slower()  # a machine on the way takes less at once than the server would
                continue
            session.pace.slower()
            attempt = 0 if _acknowledged(session, device) > before else attempt + 1
            session.pause(session.wait_s(error, attempt))
        else:
            return


def _acknowledged(session: Session, device: DeviceId) -> int:
    return next(one.acknowledged for one in oplog.own_devices(session.store) if one.device == device)


def _send_all(session: Session, device: DeviceId) -> None:
    own = next(one for one in oplog.own_devices(session.store) if one.device == device)
    held = sum(last - first + 1 for first, last in session.held.get(device, ()))
    total, done = own.last - own.acknowledged - held, 0
    batches = _batches(session, device, own.acknowledged)
    with ThreadPoolExecutor(1, thread_name_prefix="transport") as sender:
        flying: tuple[_Batch, Future[Answer]] | None = None
        for batch in batches:
            if flying is not None:
                done += _land(session, *flying)
            session.tell("push", done, total)
            request = session.request(frames=batch.frames)
            flying = (batch, sender.submit(session.transport.sync, request))
        if flying is not None:
            done += _land(session, *flying)
            session.tell("push", done, total)


def _land(session: Session, batch: _Batch, future: Future[Answer]) -> int:
    answer = future.result()
    session.take(answer)
    if answer.refused:
        _, code = answer.refused[0]
        if code == "frame_overlaps":
            raise PauseError("connection_lost")  # an earlier answer was lost; what the server holds is told by this one
        if not session.pace.is_least:
            raise PauseError("connection_lost")  # hurt on the way: the same operations again, in smaller frames
        raise ItemError("frame_refused", reason=code)
    oplog.mark_sent(session.store, batch.last, device=batch.device)
    session.report.ops_sent += batch.n_ops
    session.pace.faster()
    return batch.n_ops


def _batches(session: Session, device: DeviceId, after: int, village: str | None = None) -> Iterator[_Batch]:
    """Requests' worth of frames, packed when they are asked for, at the pace of that moment."""
    while True:
        limit = session.pace.ops_per_frame * session.pace.frames
        ops = oplog.pending(session.store, village, limit, after=after, device=device)
        if not ops:
            return
        after = ops[-1].counter
        ops = _lacking(ops, session.held.get(device, ()))
        if not ops:
            continue
        batch = _Batch(device, after, len(ops))
        for members in _by_village(ops).values():
            for start in range(0, len(members), session.pace.ops_per_frame):
                batch.frames += wire.encode_within(members[start : start + session.pace.ops_per_frame])
        yield from _within_limits(batch)


def _lacking(ops: list[Op], held: Runs) -> list[Op]:
    """Those that the server has not told it holds already: packed with others they would make a frame overlap."""
    first, last = ops[0].counter, ops[-1].counter
    there = {counter for run in held for counter in range(max(run[0], first), min(run[1], last) + 1)}
    return [op for op in ops if op.counter not in there]


def _within_limits(batch: _Batch) -> Iterator[_Batch]:
    """A laptop that hops between hundreds of villages makes more small frames than one request may hold."""
    if len(batch.frames) <= wire.MAX_FRAMES:
        yield batch
        return
    for start in range(0, len(batch.frames), wire.MAX_FRAMES):
        some = batch.frames[start : start + wire.MAX_FRAMES]
        whole = start + wire.MAX_FRAMES >= len(batch.frames)
        yield _Batch(batch.device, batch.last if whole else 0, batch.n_ops if whole else 0, some)


def _by_village(ops: list[Op]) -> dict[str, list[Op]]:
    villages: dict[str, list[Op]] = {}
    for op in ops:
        villages.setdefault(op.village_code, []).append(op)
    return villages
