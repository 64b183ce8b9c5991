"""Two laptops and a real server: everything arrives once, whatever the connection does in between."""

from __future__ import annotations

import contextlib
import dataclasses

import pytest
import sqlalchemy as sa

from fieldapp.domain.records import Household, Tree
from fieldapp.errors import ItemError, PauseError
from fieldapp.server import running
from fieldapp.server.schema import VILLAGE_LOG
from fieldapp.storage import counting, oplog
from fieldapp.storage.enrolment import enrolment
from fieldapp.sync import engine, wire
from fieldapp.sync.report import Progress
from fieldapp.sync.transport import Transport
from tests.sync.conftest import MakeStore
from tests.sync.converged import assert_converged, server_conflicts, server_rows
from tests.sync.faults import Fault, FaultyLink
from tests.sync.village import CODE, enrolled, no_pause, record_household, record_photo, sync


def through(store, link):
    """A connection of this laptop over a faulty link."""
    return Transport(link.url, enrolment(store).token, timeout_s=5)


def test_a_day_of_one_laptop_reaches_the_other(server, make_store: MakeStore) -> None:
    one, two = enrolled(make_store("one"), server), enrolled(make_store("two"), server)
    record_household(one, trees=20)
    sent = sync(one)
    assert sent.converged
    assert sent.ops_sent == sent.ops_confirmed == counting.status(one).ops_confirmed > 40
    got = sync(two)
    assert got.converged
    assert got.ops_received == sent.ops_sent
    assert_converged(server, one, two)
    again = sync(one)
    assert (again.ops_sent, again.ops_received, again.healed) == (0, 0, [])


def test_both_work_and_both_end_alike(server, make_store: MakeStore) -> None:
    one, two = enrolled(make_store("one"), server), enrolled(make_store("two"), server)
    _, trees = record_household(one)
    record_household(two, trees=2, village="522633100202")
    for store in (one, two, one):
        sync(store)
    with two.unit() as unit:
        unit.edit(two.get(Tree, trees[0].id), remarks="by two")
        unit.commit()
    with one.unit() as unit:
        unit.edit(one.get(Tree, trees[0].id), species="马尾松")
        unit.commit()
    for store in (two, one, two):
        sync(store)
    assert_converged(server, one, two)
    assert one.get(Tree, trees[0].id).remarks == "by two"
    assert two.get(Tree, trees[0].id).species == "马尾松"


def test_a_conflict_shows_on_both_and_the_decision_too(server, make_store: MakeStore) -> None:
    one, two = enrolled(make_store("one"), server), enrolled(make_store("two"), server)
    household, _ = record_household(one)
    for store in (one, two):
        sync(store)
    for store, name in ((one, "吴大明"), (two, "吴晓明")):
        with store.unit() as unit:
            unit.edit(store.get(Household, household.id), head_name=name)
            unit.commit()
    for store in (one, two, one):
        sync(store)
    assert_converged(server, one, two)
    assert server_conflicts(server) == {(household.id, "head_name")}
    with one.unit() as unit:
        unit.decide(household.id, "head_name", "吴晓明")
        unit.commit()
    for store in (one, two):
        sync(store)
    assert_converged(server, one, two)
    assert not server_conflicts(server)
    assert two.get(Household, household.id).head_name == "吴晓明"


@pytest.mark.parametrize("cut", [0, 40, 300, 900, 2_000])
def test_a_cut_anywhere_loses_and_doubles_nothing(server, make_store: MakeStore, cut: int) -> None:
    one = enrolled(make_store("one"), server)
    _, trees = record_household(one, trees=10)
    record_photo(one, trees[0], b"\xff\xd8\xffthumbnail", bytes(range(256)) * 40)
    script = [Fault(cut_up=cut), Fault(cut_down=cut), Fault(cut_up=cut * 3), Fault(cut_down=cut * 2)]
    with FaultyLink(server.url, script) as link:
        report = sync(one, through(one, link))
    assert report.converged
    assert_converged(server, one)


@pytest.mark.parametrize("place", [150, 400, 700, 1_100])
def test_a_flipped_bit_is_never_taken_for_data(server, make_store: MakeStore, place: int) -> None:
    one = enrolled(make_store("one"), server)
    record_household(one, trees=30)
    for fault in (Fault(flip_up=place), Fault(flip_down=place)):
        # told or not, the next sync goes on
        with FaultyLink(server.url, [fault, fault]) as link, contextlib.suppress(PauseError, ItemError):
            sync(one, through(one, link))
    assert sync(one).converged
    assert_converged(server, one)


def test_stopped_at_every_step_and_begun_again(server, make_store: MakeStore) -> None:
    one, two = enrolled(make_store("one"), server), enrolled(make_store("two"), server)
    _, trees = record_household(two, trees=5)
    record_photo(two, trees[0], b"\xff\xd8\xffthumb", b"\xff\xd8\xffworking")
    sync(two)
    record_household(one, trees=5, village="522633100202")
    steps: list[str] = []
    whole = engine.connect(one)
    engine.sync(one, whole, lambda p: steps.append(p.step), pause=no_pause)
    whole.close()
    for wanted in dict.fromkeys(steps):
        three = enrolled(make_store(f"stopped-{wanted}"), server)
        record_household(three, trees=2, village="522633100203")
        now: list[str] = []

        def remember(progress: Progress, now: list[str] = now) -> None:
            now.append(progress.step)

        transport = engine.connect(three)
        report = engine.sync(three, transport, remember, lambda now=now, w=wanted: now[-1:] == [w], pause=no_pause)
        transport.close()
        assert report.cancelled
        assert sync(three).converged
    sync(one)
    sync(two)
    assert_converged(server, two)


def test_answers_that_are_lost_change_nothing(server, make_store: MakeStore) -> None:
    one = enrolled(make_store("one"), server)
    record_household(one, trees=4)
    ops = oplog.pending(one, limit=1000)
    transport = engine.connect(one)
    frames = [wire.encode(ops[:5]), wire.encode(ops[5:])]
    request = {"practice": True, "frames": frames, "settle": True, "cursors": {CODE: 0}, "own": [CODE]}
    first = transport.sync(request)
    first_village = dataclasses.replace(first.villages[CODE], sinks_ready=False)
    before = server_rows(server)
    for _ in range(4):
        again = transport.sync(request)
        assert again.receipts == first.receipts
        assert again.acknowledged == first.acknowledged
        assert dataclasses.replace(again.villages[CODE], sinks_ready=False) == first_village
    recut = [wire.encode(ops[:2]), wire.encode(ops[2:9]), wire.encode(ops[9:])]
    after = transport.sync({**request, "frames": recut}).villages[CODE]
    assert dataclasses.replace(after, sinks_ready=False) == first_village
    transport.close()
    assert server_rows(server) == before
    assert sync(one).converged
    assert_converged(server, one)


def test_frames_out_of_order_are_acknowledged_only_without_a_gap(server, make_store: MakeStore) -> None:
    one = enrolled(make_store("one"), server)
    record_household(one, trees=4)
    ops = oplog.pending(one, limit=1000)
    transport = engine.connect(one)
    late = transport.sync({"practice": True, "frames": [wire.encode(ops[6:])], "settle": True})
    assert late.acknowledged[one.device] == 0
    early = transport.sync({"practice": True, "frames": [wire.encode(ops[:6])], "settle": True})
    assert early.acknowledged[one.device] == len(ops)
    transport.close()
    assert sync(one).converged
    assert_converged(server, one)


def test_a_clock_three_years_ahead_is_set_right_and_the_laptop_told(tmp_path, make_store, estimator) -> None:
    past = 1_600_000_000_000
    with running.start(tmp_path / "past", estimator=estimator, practice=True, now_ms=lambda: past) as old:
        one, two = enrolled(make_store("one"), old), enrolled(make_store("two"), old)
        household, _ = record_household(one)
        report = sync(one)
        assert report.restamped == report.ops_sent > 0
        sync(two)
        with two.unit() as unit:
            unit.edit(two.get(Household, household.id), remarks="later")
            unit.commit()
        sync(two)
        sync(one)
        assert one.get(Household, household.id).remarks == "later"
        assert_converged(old, one, two)


def test_a_village_that_differs_is_healed(server, make_store: MakeStore) -> None:
    one, two = enrolled(make_store("one"), server), enrolled(make_store("two"), server)
    record_household(one, trees=5)
    sync(one)
    sync(two)
    oplog.set_cursor(two, CODE, 0)
    victim = two.rows("SELECT id FROM tree LIMIT 1")[0][0]
    two.write("DELETE FROM op WHERE record_id = ?", (victim,))
    two.write("DELETE FROM tree WHERE id = ?", (victim,))
    oplog.set_cursor(two, CODE, 10_000)  # as if everything had been fetched
    report = sync(two)
    assert report.converged
    assert_converged(server, one, two)


def test_a_village_that_no_exchange_heals_stays_told_until_it_is_the_same(server, make_store: MakeStore) -> None:
    one = enrolled(make_store("one"), server)
    record_household(one)
    sync(one)
    database = server.server.station.database
    for shift, told in ((1, (CODE,)), (-1, ())):
        database.write(lambda c, by=shift: c.execute(sa.update(VILLAGE_LOG).values(digest=VILLAGE_LOG.c.digest + by)))
        assert tuple(sync(one).differing) == told
        assert counting.status(one).differing == told, "what is confirmed there is not called whole"


def test_a_server_that_was_set_back_gets_everything_again(tmp_path, make_store, estimator) -> None:
    one = make_store("one")
    record_household(one)
    with running.start(tmp_path / "first", estimator=estimator, practice=True) as first:
        enrolled(one, first)
        assert sync(one).converged
    with running.start(tmp_path / "second", estimator=estimator, practice=True) as second:
        enrolled(one, second)
        record_household(one, trees=1)
        sync(one)
        assert sync(one).converged
        assert_converged(second, one)


def test_a_laptop_without_enrolment_is_told(make_store: MakeStore) -> None:
    with pytest.raises(PauseError, match="not_enrolled"):
        engine.connect(make_store("one"))
