"""What goes into a request: the pace that follows the connection, and laptops that hop between villages."""

from __future__ import annotations

from fieldapp.storage import oplog
from fieldapp.sync import wire
from fieldapp.sync.push import _batches
from fieldapp.sync.session import Pace, Session
from tests.sync.converged import assert_converged
from tests.sync.village import enrolled, record_household, sync


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
