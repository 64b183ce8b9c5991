"""Sends own operations in frames, the next ones packed while the server works on the last."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field

from fieldapp.domain.ids import DeviceId
from fieldapp.domain.ops import Op
from fieldapp.domain.runs import Run, Runs, overlap, runs_of
from fieldapp.errors import ItemError, PauseError
from fieldapp.storage import oplog
from fieldapp.sync import wire
from fieldapp.sync.answers import Answer
from fieldapp.sync.session import Session


@dataclass
class _Batch:
    """One request's frames of one laptop, each with the counters in it, up to and with counter `last`."""

    device: DeviceId
    last: int
    n_ops: int
    frames: dict[bytes, Runs] = field(default_factory=dict)

    @property
    def sent(self) -> dict[bytes, tuple[DeviceId, Runs]]:
        """The same by the hash under which a receipt names a frame."""
        return {wire.read_header(frame).sha256: (self.device, runs) for frame, runs in self.frames.items()}


def push(session: Session) -> None:
    """Sends everything above what the server has acknowledged, for this laptop and those that it continues."""
    for own in oplog.own_devices(session.store):
        _push_device(session, own.device)


def send_again(session: Session, villages: Sequence[str]) -> None:
    """Has the server hold against its log what this laptop recorded in these villages, confirmed or not."""
    for own in oplog.own_devices(session.store):
        for village in villages:
            for batch in _batches(session, own.device, 0, village):
                session.tell("compare")
                session.ask(session.request(frames=list(batch.frames)), batch.sent)


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
    known: Sequence[Run] | None = None
    while known != session.held.get(device, ()):
        known = session.held.get(device, ())
        for batch in _batches(session, device, 0, village, lacking=True):
            session.tell("push")
            if session.ask(session.request(frames=list(batch.frames)), batch.sent).refused:
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
    total, done = own.last - own.acknowledged, 0
    batches = _batches(session, device, own.acknowledged)
    with ThreadPoolExecutor(1, thread_name_prefix="transport") as sender:
        flying: tuple[_Batch, Future[Answer]] | None = None
        for batch in batches:
            if flying is not None:
                done += _land(session, *flying)
            session.tell("push", done, total)
            request = session.request(frames=list(batch.frames))
            flying = (batch, sender.submit(session.transport.sync, request))
        if flying is not None:
            done += _land(session, *flying)
            session.tell("push", done, total)


def _land(session: Session, batch: _Batch, future: Future[Answer]) -> int:
    answer = future.result()
    session.take(answer, batch.sent)
    if answer.refused:
        _, code = answer.refused[0]
        if code == "frame_overlaps":
            raise PauseError("connection_lost")  # an earlier answer was lost; this one tells what the server holds
        if code == "practice_mismatch":
            raise PauseError(code)
        if not session.pace.is_least:
            raise PauseError("connection_lost")  # hurt on the way: the same operations again, in smaller frames
        raise ItemError("frame_refused", reason=code)
    oplog.mark_sent(session.store, batch.last, device=batch.device)
    session.report.ops_sent += batch.n_ops
    session.pace.faster()
    return batch.n_ops


def _batches(
    session: Session, device: DeviceId, after: int, village: str | None = None, *, lacking: bool = False
) -> Iterator[_Batch]:
    """Requests' worth of frames, packed when they are asked for, at the pace of that moment.

    What the server holds already goes in frames of its own: it is held against what lies there before a receipt
    names it. With `lacking` it does not go at all.
    """
    while True:
        limit = session.pace.ops_per_frame * session.pace.frames
        ops = oplog.pending(session.store, village, limit, after=after, device=device)
        if not ops:
            return
        after = ops[-1].counter
        held = session.held.get(device, ())
        ops = _lacking(ops, held) if lacking else ops
        if ops:
            frames = _frames(_apart(ops, held), session.pace.ops_per_frame)
            yield from _within_limits(_Batch(device, after, len(ops), frames))


def _lacking(ops: list[Op], held: Sequence[Run]) -> list[Op]:
    """Those that the server has not told it holds already."""
    return [op for op in ops if not overlap(held, [(op.counter, op.counter)])]


def _apart(ops: list[Op], held: Sequence[Run]) -> list[list[Op]]:
    """By village, and what the server holds apart from what it lacks: packed together they would overlap."""
    parts: dict[tuple[str, bool], list[Op]] = {}
    for op in ops:
        there = bool(held) and overlap(held, [(op.counter, op.counter)])
        parts.setdefault((op.village_code, there), []).append(op)
    return list(parts.values())


def _frames(parts: list[list[Op]], ops_per_frame: int) -> dict[bytes, Runs]:
    frames: dict[bytes, Runs] = {}
    for part in parts:
        for start in range(0, len(part), ops_per_frame):
            place = start
            for frame in wire.encode_within(part[start : start + ops_per_frame]):
                n_ops = wire.read_header(frame).n_ops
                frames[frame] = runs_of([op.counter for op in part[place : place + n_ops]])
                place += n_ops
    return frames


def _within_limits(batch: _Batch) -> Iterator[_Batch]:
    """A laptop that hops between hundreds of villages makes more small frames than one request may hold."""
    if len(batch.frames) <= wire.MAX_FRAMES:
        yield batch
        return
    packed = list(batch.frames.items())
    for start in range(0, len(packed), wire.MAX_FRAMES):
        some = dict(packed[start : start + wire.MAX_FRAMES])
        whole = start + wire.MAX_FRAMES >= len(packed)
        yield _Batch(batch.device, batch.last if whole else 0, batch.n_ops if whole else 0, some)
