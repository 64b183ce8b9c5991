"""What goes into a request: the pace that follows the connection, villages in turn, and what hurts or loses frames."""

from __future__ import annotations

import contextlib
import random

import pytest
import sqlalchemy as sa

from fieldapp.errors import ItemError, PauseError
from fieldapp.server.schema import FRAME
from fieldapp.storage import oplog
from fieldapp.storage.enrolment import enrolment
from fieldapp.sync import engine, wire
from fieldapp.sync.push import _batches, push
from fieldapp.sync.session import Pace, Session
from fieldapp.sync.transport import Transport
from tests.sync.conftest import MakeStore
from tests.sync.converged import assert_converged
from tests.sync.village import enrolled, no_pause, record_household, sync


def test_the_pace_halves_and_doubles_within_its_limits() -> None:
    pace = Pace()
    for _ in range(20):
        pace.slower()
    assert (pace.frames, pace.ops_per_frame) == (1, pace.least_ops)
    for _ in range(20):
        pace.faster()
    assert (pace.frames, pace.ops_per_frame) == (pace.most_frames, pace.most_ops)


def test_every_operation_is_in_exactly_one_frame(make_store) -> None:
    store = make_store("one")
    for number in range(6):
        record_household(store, trees=4, village=f"5226331002{number % 3:02d}")
    session = Session(store, None, None, lambda _: None, lambda: False, pace=Pace(ops_per_frame=7, frames=2))
    batches = list(_batches(session, store.device, 0))
    found = [op for batch in batches for frame in batch.frames for op in wire.decode(frame).ops()]
    assert sorted(found, key=lambda op: op.counter) == oplog.pending(store, limit=10_000)
    assert all(len({op.village_code for op in wire.decode(frame).ops()}) == 1 for b in batches for frame in b.frames)


def test_many_villages_arrive_in_few_requests(server, make_store) -> None:
    store = enrolled(make_store("one"), server)
    for number in range(12):
        record_household(store, trees=1, village=f"5226331003{number:02d}")
    report = sync(store)
    assert report.converged
    assert len(report.villages) == 12
    assert_converged(server, store)


def logged(server) -> list[object]:
    """The names of all operations in the server's log."""
    query = sa.select(FRAME.c.body)
    bodies = server.server.station.database.read(lambda c: c.execute(query).scalars().all())
    return [op.ref for body in bodies for op in wire.decode(body).ops()]


class Mishaps(Transport):
    """A way to the server on which frames are hurt or doubled and answers get lost, by a seeded dice."""

    def __init__(self, store, dice: random.Random) -> None:
        known = enrolment(store)
        super().__init__(known.url, known.token)
        self._dice = dice

    def sync(self, request):
        frames = [self._hurt(one) if self._dice.random() < 0.3 else one for one in request.get("frames", ())]
        frames += [one for one in frames if self._dice.random() < 0.2]
        if self._dice.random() < 0.3:
            self._dice.shuffle(frames)
        answer = super().sync({**request, "frames": frames} if frames else request)
        if frames and self._dice.random() < 0.3:
            raise PauseError("connection_lost")
        return answer

    def _hurt(self, frame: bytes) -> bytes:
        hurt = bytearray(frame)
        hurt[self._dice.randrange(len(hurt))] ^= 1 << self._dice.randrange(8)
        return bytes(hurt)


@pytest.mark.parametrize("seed", [0, 1, *(pytest.param(seed, marks=pytest.mark.soak) for seed in range(2, 100))])
def test_frames_hurt_doubled_and_disordered_land_once_each(server, make_store: MakeStore, seed: int) -> None:
    one, dice = enrolled(make_store("one"), server), random.Random(seed)
    for day in range(4):
        for village in ("522633100201", "522633100202"):
            record_household(one, trees=dice.randrange(20, 120), village=village)
        transport = Mishaps(one, dice)
        session = Session(one, transport, enrolment(one), lambda _: None, lambda: False, no_pause)
        session.pace = Pace(ops_per_frame=dice.randrange(10, 80), frames=4, least_ops=5)
        with contextlib.suppress(PauseError, ItemError):  # another day goes on
            push(session)
        transport.close()
        assert len(logged(server)) == len(set(logged(server))), day
    assert sync(one).converged
    assert sorted(logged(server)) == [op.ref for op in oplog.pending(one, limit=100_000, after=0)]
    assert_converged(server, one)


def test_a_lost_answer_never_puts_an_operation_into_the_log_twice(server, make_store: MakeStore) -> None:
    one = enrolled(make_store("one"), server)
    record_household(one, trees=5)
    transport = engine.connect(one)
    transport.sync({"practice": True, "frames": [wire.encode(oplog.pending(one))]})  # nobody hears the answer
    transport.close()
    record_household(one, trees=5)  # the next frame begins with what has arrived already
    sync(one)
    assert len(logged(server)) == len(set(logged(server)))
    assert_converged(server, one)
