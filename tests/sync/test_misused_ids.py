"""Ids that a foreign program uses twice: set aside on the laptop, told, and no reason to differ for ever."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from fieldapp.domain.ids import DeviceId, RecordId, new_id
from fieldapp.domain.ops import Op, OpKind, OpRef, Value, hlc_of
from fieldapp.storage import counting, reads
from fieldapp.storage.store import Store
from fieldapp.sync import engine, wire
from tests.sync.conftest import MakeStore
from tests.sync.village import enrolled, record_household, sync

HERE, THERE = "522633100201", "522633100202"
FOREIGN = DeviceId(bytes(range(16)))


class Program:
    """Another program that speaks the protocol."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._counter = 0

    def op(
        self, village: str, record: str, record_id: RecordId, kind: OpKind = OpKind.ADD, seen: int = 0, **fields: Value
    ) -> Op:
        """Its next operation."""
        self._counter += 1
        saw = {name: (OpRef(FOREIGN, seen),) for name in fields} if seen else {}
        stamp = (FOREIGN, self._counter, hlc_of(1_760_000_000_000) + self._counter)
        return Op(*stamp, village, record, record_id, kind, fields, saw, "", 1)

    def send(self, ops: Sequence[Op]) -> None:
        """One frame for each village."""
        villages = dict.fromkeys(op.village_code for op in ops)
        frames = [wire.encode([op for op in ops if op.village_code == village]) for village in villages]
        transport = engine.connect(self._store)
        assert transport.sync({"practice": True, "frames": frames, "settle": True}).refused == ()
        transport.close()


def two_types(foreign: Program) -> list[Op]:
    """A household and a tree with one id, and edits of both."""
    twice, other = new_id(), new_id()
    household = foreign.op(HERE, "household", twice, head_name="甲", state="draft")
    tree = foreign.op(HERE, "tree", twice, tag="T1", state="alive")
    return [
        household,
        tree,
        foreign.op(HERE, "tree", twice, OpKind.EDIT, tree.counter, tag="T2"),
        foreign.op(HERE, "household", twice, OpKind.EDIT, household.counter, head_name="乙"),
        foreign.op(HERE, "household", other, head_name="丙", state="draft"),
    ]


def two_villages(foreign: Program) -> list[Op]:
    """A household with one id in two villages, with edits, and one beside it."""
    twice, other = new_id(), new_id()
    here = foreign.op(HERE, "household", twice, head_name="甲", state="draft")
    there = foreign.op(THERE, "household", twice, head_name="乙", state="draft")
    return [
        here,
        there,
        foreign.op(HERE, "household", twice, OpKind.EDIT, here.counter, remarks="x"),
        foreign.op(THERE, "household", twice, OpKind.EDIT, there.counter, remarks="y"),
        foreign.op(THERE, "household", other, head_name="丙", state="draft"),
    ]


def facts_in_two_villages(foreign: Program) -> list[Op]:
    """A measurement with one id in two villages, one of them with a value that nobody can keep."""
    twice = new_id()
    return [
        foreign.op(HERE, "measurement", twice, tree_id=new_id(), dbh_cm=6.0),
        foreign.op(THERE, "measurement", twice, tree_id=new_id(), dbh_cm=7.0),
        foreign.op(THERE, "measurement", twice, tree_id=new_id(), dbh_cm="thick"),
        foreign.op(THERE, "household", new_id(), head_name="丙", state="draft"),
    ]


def orphans_of_two_types(foreign: Program) -> list[Op]:
    """An edit before the household that it is about, and a tree with that id in between."""
    twice = new_id()
    return [
        foreign.op(HERE, "household", twice, OpKind.EDIT, head_name="乙"),
        foreign.op(HERE, "tree", twice, tag="T1", state="alive"),
        foreign.op(HERE, "household", twice, head_name="甲", state="draft"),
        foreign.op(HERE, "household", new_id(), head_name="丙", state="draft"),
    ]


@pytest.mark.parametrize("apart", [False, True])
@pytest.mark.parametrize("made", [two_types, two_villages, facts_in_two_villages, orphans_of_two_types])
def test_the_sides_agree_and_the_rest_goes_on(server, make_store: MakeStore, made, apart: bool) -> None:
    one, two = enrolled(make_store("one"), server), enrolled(make_store("two"), server)
    record_household(one)
    foreign = Program(two)
    ops = made(foreign)
    sync(one)
    for some in [[op] for op in ops] if apart else [ops]:
        foreign.send(some)
    for store in (one, two, one):
        report = sync(store)
        assert report.differing == []
        assert report.healed == []
        assert report.converged
    for store in (one, two):
        aside = reads.quarantine(store)
        assert "id_taken" in {row.reason for row in aside}
        assert counting.status(store).quarantined == len(aside)
        assert "丙" in {row[0] for row in store.rows("SELECT head_name FROM household")}
    assert sync(one).ops_quarantined == 0


def test_the_report_counts_what_was_set_aside_as_the_status_does(server, make_store: MakeStore) -> None:
    one, two = enrolled(make_store("one"), server), enrolled(make_store("two"), server)
    Program(two).send(two_villages(Program(two)))
    assert sync(one).ops_quarantined == counting.status(one).quarantined == 2
