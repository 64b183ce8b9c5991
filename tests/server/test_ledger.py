"""The log holds every operation once, however frames are cut, lost, doubled, disordered and damaged on their way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fieldapp.domain.ids import DeviceId, RecordId
from fieldapp.domain.ops import Op, OpKind, hlc_of
from fieldapp.domain.runs import beyond, contiguous, join, overlap, runs_of
from fieldapp.server import ledger
from fieldapp.server.database import Database
from fieldapp.server.schema import FRAME, RECEIVED, VILLAGE_LOG
from fieldapp.sync import wire
from fieldapp.sync.push import _lacking

NOW_MS = 1_700_000_000_000
DEVICES = (DeviceId(bytes([1]) * 16), DeviceId(bytes([2]) * 16))
VILLAGES = ("522633100201", "522633100202")
MOST = 24

Request = list[bytes]


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """An empty database of a server."""
    made = Database(f"sqlite:///{tmp_path_factory.mktemp('ledger') / 'server.db'}")
    yield made
    made.close()


def op(device: DeviceId, counter: int) -> Op:
    """An operation of a laptop that changes between villages."""
    village = VILLAGES[counter // 3 % 2]
    record_id = RecordId(bytes([counter]) * 16)
    return Op(device, counter, hlc_of(NOW_MS) + counter, village, "tree", record_id, OpKind.ADD, {"tag": "1"})


@st.composite
def frames(draw: st.DrawFn) -> bytes:
    """Some operations of one laptop in one village, as any cut of whatever was waiting then could give."""
    device = draw(st.sampled_from(DEVICES))
    first = draw(st.integers(1, MOST))
    last = draw(st.integers(first, MOST))
    village = draw(st.sampled_from(VILLAGES))
    cut = [one for one in (op(device, counter) for counter in range(first, last + 1)) if one.village_code == village]
    return wire.encode(cut or [op(device, first)])


def receive(connection: sa.Connection, request: Request) -> ledger.Outcome:
    """What the server does with the undamaged frames of a request."""
    return ledger.accept(connection, [(wire.decode(one), one) for one in request], NOW_MS)


def log(connection: sa.Connection) -> Counter[tuple[bytes, int]]:
    """How often each operation lies in the log."""
    bodies = connection.execute(sa.select(FRAME.c.body)).scalars()
    return Counter((one.device, one.counter) for body in bodies for one in wire.decode(body).ops())


def cut_anew(outcome: ledger.Outcome, device: DeviceId, size: int) -> list[Request]:
    """What a laptop sends after an answer: everything above the acknowledged counter that is not held."""
    runs = outcome.runs.get(device, [])
    waiting = [op(device, counter) for counter in range(contiguous(runs) + 1, MOST + 1)]
    left = _lacking(waiting, beyond(runs)) if waiting else []
    requests = []
    for start in range(0, len(left), size):
        some = left[start : start + size]
        villages = [[one for one in some if one.village_code == village] for village in VILLAGES]
        requests.append([wire.encode(members) for members in villages if members])
    return requests


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    requests=st.lists(st.lists(frames(), min_size=1, max_size=4), max_size=6),
    again=st.lists(st.integers(0, 5), max_size=4),
    size=st.integers(1, MOST),
)
def test_every_operation_lies_in_the_log_once(database: Database, requests, again, size) -> None:
    with database.engine.connect() as connection:
        for table in (FRAME, RECEIVED, VILLAGE_LOG):
            connection.execute(sa.delete(table))
        for request in [*requests, *(requests[place] for place in again if place < len(requests))]:
            outcome = receive(connection, request)
            found = log(connection)
            assert all(times == 1 for times in found.values())
            for device, runs in outcome.runs.items():
                assert runs == join(runs)
                counters = {counter for first, last in runs for counter in range(first, last + 1)}
                assert counters == {counter for one, counter in found if one == device}
            assert not outcome.forked
            for place, _ in outcome.refused:
                assert overlap(
                    outcome.runs[wire.decode(request[place]).header.device],
                    runs_of(wire.decode(request[place]).counters()),
                )
        for device in DEVICES:  # whatever happened, one answer is enough to bring the rest without any overlap
            known = receive(connection, [wire.encode([op(device, 1)])])
            for request in cut_anew(known, device, size):
                assert receive(connection, request).refused == []
        assert log(connection) == {(device, counter): 1 for device in DEVICES for counter in range(1, MOST + 1)}
        connection.rollback()


def test_a_frame_across_a_hole_is_refused_and_its_neighbours_land(database: Database) -> None:
    one = DEVICES[0]
    same = [
        Op(one, n, hlc_of(NOW_MS) + n, VILLAGES[0], "tree", RecordId(bytes([n]) * 16), OpKind.ADD, {})
        for n in range(1, 10)
    ]
    with database.engine.connect() as connection:
        first = receive(connection, [wire.encode(same[3:6])])
        assert (contiguous(first.runs[one]), beyond(first.runs[one])) == (0, [(4, 6)])
        second = receive(connection, [wire.encode(same[0:2]), wire.encode(same[2:5]), wire.encode(same[6:9])])
        assert second.refused == [(1, "frame_overlaps")]
        assert (contiguous(second.runs[one]), beyond(second.runs[one])) == (2, [(4, 9)])
        third = receive(connection, [wire.encode(same[2:3])])
        assert third.runs[one] == [(1, 9)]
        connection.rollback()


def other(device: DeviceId, counter: int) -> Op:
    """What a copy of the laptop's disk did under the same counter."""
    return replace(op(device, counter), fields={"tag": "2"})


def test_other_work_under_the_same_counters_is_no_repetition(database: Database) -> None:
    one, two = DEVICES
    ours = [op(one, counter) for counter in (1, 2, 6, 7)]
    with database.engine.connect() as connection:
        receive(connection, [wire.encode(ours)])
        same = receive(connection, [wire.encode(ours[:1]), wire.encode(ours[1:])])
        assert [header.n_ops for header in same.held] == [1, 3]
        assert (same.accepted, same.refused, same.forked) == ([], [], {})
        copy = [ours[0], *(other(one, counter) for counter in (2, 6, 7, 8))]
        fork = receive(connection, [wire.encode(copy[2:]), wire.encode(copy[:2]), wire.encode([op(two, 1)])])
        assert fork.forked == {one: 2}
        assert fork.refused == [(0, "frame_forked"), (1, "frame_forked")]
        assert fork.runs == {two: [(1, 1)]}
        assert [header.device for header in fork.held] == [two]
        assert sum(times for (device, _), times in log(connection).items() if device == one) == 4
        connection.rollback()


def test_two_stories_in_one_request_are_not_both_held(database: Database) -> None:
    one = DEVICES[0]
    with database.engine.connect() as connection:
        outcome = receive(connection, [wire.encode([op(one, 1)]), wire.encode([other(one, 1)])])
        assert outcome.refused == [(1, "frame_overlaps")]
        assert len(outcome.held) == 1
        again = receive(connection, [wire.encode([other(one, 1)])])
        assert again.forked == {one: 1}
        connection.rollback()


def test_a_clock_that_was_set_right_makes_no_other_operation_and_is_told_again(database: Database) -> None:
    one = DEVICES[0]
    ahead = [replace(op(one, counter), hlc=hlc_of(NOW_MS + 10**9) + counter) for counter in (1, 2, 6)]
    with database.engine.connect() as connection:
        first = receive(connection, [wire.encode(ahead)])
        (stored,) = first.accepted
        told = [(one, 1, 6, stored.restamp.base)]
        assert receive(connection, [wire.encode(ahead)]).restamps == told
        believed = [replace(one_, hlc=stored.restamp.base + one_.counter - 1) for one_ in ahead]
        again = receive(connection, [wire.encode(believed)])
        assert (again.forked, again.restamps) == ({}, told)
        connection.rollback()
