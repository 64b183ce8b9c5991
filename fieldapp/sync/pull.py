"""Fetches what others did, village by village; the cursor moves in the transaction that takes a frame in."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from fieldapp.domain.ops import Op
from fieldapp.errors import ItemError, PauseError
from fieldapp.storage import oplog
from fieldapp.sync import wire
from fieldapp.sync.answers import GARBLED, Answer, Pulled, VillageAnswer
from fieldapp.sync.session import Session

_MOST_EMPTY_ROUNDS = 20  # "there is more", and then nothing: a server that was set back needs two or three


def pull(session: Session, *, own: Collection[str] = (), settle: bool = False, **content: object) -> Answer:
    """Asks until nothing is left behind the cursors; returns the last answer.

    `own` names villages whose frames of this laptop are wanted too, for healing. A village of which nonsense is told
    stays as it is here, is named in the report and keeps nobody from the others.
    """
    empty_rounds = 0
    while True:
        cursors = {one: oplog.cursor(session.store, one) for one in oplog.villages_with_ops(session.store)}
        asked = {"cursors": cursors, "everything": True, "own": list(own), "settle": settle, **content}
        answer = session.ask(session.request(devices=_own_devices(session), **asked))
        session.report.misread |= set(answer.misread)
        session.report.closed = sorted(answer.closed)
        for village, found in answer.villages.items():
            _take_village(session, village, found, cursors.get(village, 0))
        told = {one: found for one, found in answer.villages.items() if one not in session.report.misread}
        moved = {one for one, found in told.items() if found.cursor != cursors.get(one, 0)}
        behind = {one for one, found in told.items() if found.more or found.cursor < cursors.get(one, 0)}
        if not behind:
            return answer
        empty_rounds = 0 if any(found.frames for found in told.values()) else empty_rounds + 1
        if not moved or empty_rounds > _MOST_EMPTY_ROUNDS:
            raise PauseError(GARBLED)


def _own_devices(session: Session) -> list[bytes]:
    """The server says how far it has come with them: less than before means that it was set back."""
    return [own.device for own in oplog.own_devices(session.store)]


def _take_village(session: Session, village: str, found: VillageAnswer, before: int) -> None:
    for frame in found.frames:
        try:
            ops = _ops(frame)
        except ItemError:
            session.report.misread.add(village)
            return
        applied = oplog.apply(session.store, ops, village_code=village, cursor=frame.cursor)
        session.report.changed |= applied.ids
        session.report.ops_received += applied.taken
        session.tell("pull", session.report.ops_received)
    if found.cursor < before:
        # The server was set back to an older backup: what it has by now is fetched again.
        oplog.set_cursor(session.store, village, 0)
    elif not found.frames or found.cursor > found.frames[-1].cursor:
        oplog.set_cursor(session.store, village, found.cursor)


def _ops(frame: Pulled) -> list[Op]:
    """The operations of a frame with the clocks that everybody believes. Raises ItemError `frame_damaged`."""
    ops = wire.decode(frame.body).ops()
    if frame.restamp is None:
        return ops
    first, base = frame.restamp
    return [op if op.counter < first else replace(op, hlc=base + op.counter - first) for op in ops]
