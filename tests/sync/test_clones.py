"""Two laptops that number as one: cloned disks, one set back, a stranger. Nothing is lost nor called safe wrongly."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from fieldapp.domain.ids import DeviceId, RecordId, new_id
from fieldapp.domain.ops import Op, OpKind, hlc_of
from fieldapp.domain.records import Household, Tree
from fieldapp.errors import PauseError
from fieldapp.server.running import RunningServer
from fieldapp.server.schema import RECORDS
from fieldapp.storage import counting, oplog, reads, receipts, undo
from fieldapp.storage.store import Store
from fieldapp.sync import engine, wire
from tests.sync.conftest import MakeStore
from tests.sync.converged import assert_converged
from tests.sync.village import CODE, enrolled, record_household, sync

Clone = Callable[[Store, str], tuple[Store, Store]]


@pytest.fixture
def clone(make_store: MakeStore, tmp_path: Path) -> Clone:
    """Both laptops of a disk that was copied whole: nothing in either folder tells which is the original."""

    def make(store: Store, name: str) -> tuple[Store, Store]:
        folder = store.folder
        store.write("DELETE FROM local WHERE key = 'lies_at'")
        store.close()
        shutil.copytree(folder, tmp_path / name)
        one, two = make_store(folder.name), make_store(name)
        assert one.device == two.device
        return one, two

    return make


def opened_anew(store: Store, make_store: MakeStore) -> Store:
    """The program closed and opened again."""
    store.close()
    return make_store(store.folder.name)


def named(store: Store, name: str) -> RecordId:
    """A household of this head."""
    household, trees = record_household(store, trees=2)
    with store.unit() as unit:
        unit.edit(household, head_name=name)
        unit.commit()
    with store.unit() as unit:
        unit.edit(store.get(Tree, trees[0].id), remarks=name)
        unit.commit()
    return household.id


def heads(server: RunningServer) -> set[str]:
    """The heads of all households on the server."""
    query = sa.select(RECORDS["household"].c.head_name)
    return set(server.server.station.database.read(lambda c: c.execute(query).scalars().all()))


def waiting(store: Store) -> tuple[int, bool]:
    """What the status says: operations without a receipt, and whether the household list shows a mark."""
    now = counting.status(store)
    return now.ops_total - now.ops_confirmed, any(one.waiting for one in reads.households(store, CODE))


def goes_on_as_another(store: Store, server: RunningServer, make_store: MakeStore) -> Store:
    """The sync refuses, the program is opened again, a new code is taken."""
    before = counting.status(store).ops_total
    with pytest.raises(PauseError, match="laptop_copied"):
        sync(store)
    former, store = store.device, opened_anew(store, make_store)
    assert store.device != former
    assert counting.status(store).ops_total == before
    with pytest.raises(PauseError, match="enrolled_as_former"):
        sync(store)
    return enrolled(store, server)


@pytest.mark.parametrize(("first", "second"), [(1, 1), (1, 3), (3, 1)])
def test_two_clones_that_both_record_lose_nothing(
    server, make_store: MakeStore, clone: Clone, first: int, second: int
) -> None:
    one = enrolled(make_store("one"), server)
    named(one, "before")
    sync(one)
    named(one, "not sent yet")  # both clones send it
    one, two = clone(one, "two")
    made = {f"one {number}" for number in range(first)} | {f"two {number}" for number in range(second)}
    for number in range(first):
        named(one, f"one {number}")
    for number in range(second):
        named(two, f"two {number}")
    assert sync(one).converged
    lost = waiting(two)[0]
    two = goes_on_as_another(two, server, make_store)
    assert waiting(two)[1]
    assert waiting(two)[0] <= lost
    assert sync(two).converged
    assert sync(one).converged
    assert heads(server) == {"before", "not sent yet", *made}
    assert_converged(server, one, two)
    assert waiting(one) == waiting(two) == (0, False)
    assert counting.status(two).quarantined == 0


def test_the_status_calls_nothing_safe_that_the_server_has_under_another_hand(
    server, make_store: MakeStore, clone: Clone
) -> None:
    one, two = clone(enrolled(make_store("one"), server), "two")
    named(one, "one")
    named(two, "two")
    sync(one)
    before = counting.status(two)
    for _ in range(2):
        with pytest.raises(PauseError, match="laptop_copied"):
            sync(two)
    assert (counting.status(two).ops_confirmed, before.ops_confirmed) == (0, 0)
    assert waiting(two) == (before.ops_total, True)
    assert sync(one).converged


def test_a_clone_that_did_nothing_yet_takes_a_number_of_its_own_before_it_does(
    server, make_store: MakeStore, clone: Clone
) -> None:
    one = enrolled(make_store("one"), server)
    named(one, "before")
    sync(one)
    one, two = clone(one, "two")
    named(one, "one")
    sync(one)
    two = goes_on_as_another(two, server, make_store)
    named(two, "two")
    assert sync(two).converged
    assert sync(one).converged
    assert heads(server) == {"before", "one", "two"}
    assert_converged(server, one, two)


def test_what_was_recorded_between_the_refusal_and_the_next_start_moves_too(
    server, make_store: MakeStore, clone: Clone
) -> None:
    one, two = clone(enrolled(make_store("one"), server), "two")
    named(one, "one")
    sync(one)
    household = named(two, "two")
    with pytest.raises(PauseError, match="laptop_copied"):
        sync(two)
    with two.unit() as unit:
        unit.edit(two.get(Household, household), remarks="after the refusal")
        unit.commit()
    two = enrolled(opened_anew(two, make_store), server)
    assert undo.next_undo(two) == ()
    with two.unit() as unit:
        unit.edit(two.get(Household, household), phone="13800000000")
        unit.commit()
    assert sync(two).converged
    assert sync(one).converged
    assert_converged(server, one, two)
    assert one.get(Household, household).remarks == "after the refusal"


def test_a_stranger_who_writes_under_our_number_takes_nothing_from_us(server, make_store: MakeStore) -> None:
    one, stranger = enrolled(make_store("one"), server), enrolled(make_store("stranger"), server)
    named(one, "one")
    forged = [forged_op(one.device, op.counter) for op in oplog.pending(one)]
    with_token_of_stranger = engine.connect(stranger)
    with_token_of_stranger.sync({"practice": True, "frames": [wire.encode(forged)]})
    with_token_of_stranger.close()
    one = goes_on_as_another(one, server, make_store)
    assert sync(one).converged
    assert heads(server) == {"one", "forged"}
    assert waiting(one) == (0, False)
    assert sync(one).converged


def forged_op(device: DeviceId, counter: int) -> Op:
    """A household under somebody else's number, in another village."""
    fields = {"head_name": "forged", "device_tag": "AAAA", "number": counter, "state": "draft"}
    stamp = hlc_of(1_700_000_000_000) + counter
    return Op(device, counter, stamp, "522633100299", "household", new_id(), OpKind.ADD, fields)


def test_a_clone_in_the_middle_of_a_long_day_finds_the_place(server, make_store: MakeStore, clone: Clone) -> None:
    one = enrolled(make_store("one"), server)
    record_household(one, trees=40)
    one, two = clone(one, "two")
    record_household(one, trees=30)
    record_household(two, trees=60)
    assert sync(one).converged
    two = goes_on_as_another(two, server, make_store)
    assert next(own.last for own in oplog.own_devices(two)) == 83
    assert sync(two).converged
    assert sync(one).converged
    assert_converged(server, one, two)


def test_what_an_earlier_version_confirmed_wrongly_is_found_where_the_sides_differ(
    server, make_store: MakeStore, clone: Clone
) -> None:
    one, two = clone(enrolled(make_store("one"), server), "two")
    named(one, "one")
    named(two, "two")
    sync(one)
    last = counting.status(two).ops_total
    receipts.keep(two, "", b"signed", ranges=[(two.device, 1, last)])
    oplog.acknowledge(two, last)
    two = goes_on_as_another(two, server, make_store)
    assert sync(two).converged
    assert sync(one).converged
    assert heads(server) == {"one", "two"}
    assert_converged(server, one, two)


def test_a_laptop_of_the_version_before_hears_no_confirmation_either(
    server, make_store: MakeStore, clone: Clone
) -> None:
    one, two = clone(enrolled(make_store("one"), server), "two")
    named(one, "one")
    named(two, "two")
    sync(one)
    transport = engine.connect(two)
    ops = oplog.pending(two)
    request = {"practice": True, "frames": [wire.encode(ops[:4]), wire.encode(ops[4:])], "devices": [two.device]}
    answer = transport.sync(request)
    transport.close()
    assert answer.refused == ((0, "frame_forked"), (1, "frame_forked"))
    assert answer.forked == {two.device: 1 + (ops[0].record == "village")}
    assert (answer.acknowledged, answer.held, answer.receipts) == ({}, {}, ())
