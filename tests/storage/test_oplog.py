"""What sync relies on: every operation once, in any order, each village whole, nothing lost in silence."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from fieldapp.domain.ids import DeviceId, RecordId, new_id
from fieldapp.domain.ops import Op, OpKind
from fieldapp.domain.records import Household, Tree
from fieldapp.storage import counting, oplog, reads, receipts, stale_sums
from fieldapp.storage.store import Store

Make = Callable[[str], Store]


def everything(store: Store) -> list[Op]:
    return oplog.pending(store, limit=10_000, after=0)


def carry(source: Store, target: Store, village: str) -> oplog.Applied:
    return oplog.apply(target, everything(source), village_code=village)


def assert_converged(village: str, *stores: Store) -> None:
    """Both sides hold the same records, and derived the same from them."""
    derived = "SELECT * FROM tree_current ORDER BY tree_id"
    counters = (
        "SELECT household_id, parcels, area_mu, trees, counted, measured, tree_photos, other_photos, co2e_mg "
        "FROM household_current ORDER BY household_id"
    )
    terms = "SELECT id, words FROM household UNION ALL SELECT id, words FROM parcel ORDER BY 1"
    first, *others = stores
    for store in stores:
        with store.transaction():
            stale_sums.settle(store.connection)
    for other in others:
        assert oplog.village_digest(first, village) == oplog.village_digest(other, village)
        for sql in (derived, counters, terms):
            assert first.rows(sql) == other.rows(sql)
        assert reads.conflicts(first) == reads.conflicts(other)


def test_another_laptop_ends_with_the_same(make_store: Make, field: Any) -> None:
    first, second = make_store("甲"), make_store("乙")
    stand = field.plant(first, 20)
    applied = carry(first, second, field.village)
    assert (applied.taken, applied.known, applied.quarantined) == (42, 0, 0)
    assert ("tree", stand.trees[0].id) in applied.ids
    again = carry(first, second, field.village)
    assert (again.taken, again.known) == (0, 42)
    assert_converged(field.village, first, second)
    assert second.get(Household, stand.household.id) == stand.household


def test_a_record_whose_edit_arrives_before_it_is_whole_in_the_end(make_store: Make, field: Any) -> None:
    first, second = make_store("甲"), make_store("乙")
    tree = field.plant(first, 1).trees[0]
    with first.unit() as unit:
        unit.edit(tree, tag="A-1")
        unit.commit()
    for op in reversed(everything(first)):
        oplog.apply(second, [op], village_code=field.village)
    assert_converged(field.village, first, second)
    assert second.get(Tree, tree.id).tag == "A-1"  # type: ignore[union-attr]


ACTIONS = st.lists(
    st.tuples(
        st.integers(0, 1),
        st.sampled_from(["name", "remarks", "tag", "dbh", "remove", "restore", "species", "pull", "decide"]),
        st.integers(0, 2),
    ),
    max_size=14,
)


BIN_AGAINST_EDIT_THEN_EDIT = [(0, "remarks", 0), (1, "remove", 0), (1, "pull", 0), (1, "remarks", 0)]


@example(actions=BIN_AGAINST_EDIT_THEN_EDIT, order=random.Random(0))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(actions=ACTIONS, order=st.randoms(use_true_random=False))
def test_laptops_converge_whatever_they_do(
    make_store: Make, field: Any, actions: list[tuple[int, str, int]], order: Any
) -> None:
    name = new_id().hex()
    laptops = [make_store(f"{name}-{n}") for n in range(2)]
    witness = make_store(f"{name}-w")
    stand = field.plant(laptops[0])
    carry(laptops[0], laptops[1], field.village)
    for who, what, number in actions:
        if what == "pull":
            carry(laptops[1 - who], laptops[who], field.village)
        else:
            act(laptops[who], field, stand, what, number)
    carry(laptops[0], laptops[1], field.village)
    carry(laptops[1], laptops[0], field.village)
    mixed = everything(laptops[0]) + everything(laptops[1])
    order.shuffle(mixed)
    for start in range(0, len(mixed), 3):
        oplog.apply(witness, mixed[start : start + 3], village_code=field.village)
    assert_converged(field.village, *laptops, witness)
    for store in (*laptops, witness):
        store.close()


def act(store: Store, field: Any, stand: Any, what: str, number: int) -> None:
    tree = store.get(Tree, stand.trees[number].id)
    assert tree is not None
    with store.unit() as unit:
        if what == "name":
            unit.edit(store.get(Household, stand.household.id), head_name=f"{store.tag}{number}")  # type: ignore[type-var]
        elif what == "species":
            unit.edit(store.get(type(stand.parcel), stand.parcel.id), species=f"{store.tag}")  # type: ignore[type-var]
        elif what == "dbh":
            unit.add(field.measured(tree, dbh_cm=5.0 + store.device[-1] / 100))  # no two laptops say the same
        elif what == "decide":
            for conflict in reads.conflicts(store)[:1]:
                unit.decide(conflict.record_id, conflict.field, conflict.choices[-1].value)
        elif what in ("remove", "restore"):
            unit.edit(tree, removed=int(what == "remove"))
        else:
            unit.edit(tree, **{what: f"{store.tag}{number}"})
        unit.commit()


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"record": "spaceship"}, "unknown_record"),
        ({"village_code": "110000000000"}, "other_village"),
        ({"record_id": RecordId(b"short")}, "bad_name"),
        ({"fields": {"head_name": 7}}, "bad_value"),
        ({"counter": 0}, "bad_name"),
        ({"record": "measurement", "kind": OpKind.EDIT}, "fact_edited"),
    ],
)
def test_one_poisonous_operation_is_set_aside_and_the_others_land(
    make_store: Make, field: Any, change: dict[str, Any], reason: str
) -> None:
    first, second = make_store("甲"), make_store("乙")
    field.plant(first, 5)
    ops = everything(first)
    ops[0] = replace(ops[0], **change)
    applied = oplog.apply(second, ops, village_code=field.village, cursor=9)
    assert (applied.taken, applied.quarantined) == (len(ops) - 1, 1)
    assert [row.reason for row in reads.quarantine(second)] == [reason]
    assert counting.status(second).quarantined == 1
    assert oplog.cursor(second, field.village) == 9


def test_a_second_claim_to_a_fact_is_set_aside(make_store: Make, field: Any) -> None:
    first, second = make_store("甲"), make_store("乙")
    field.plant(first, 1)
    carry(first, second, field.village)
    fact = everything(first)[-1]
    forged = replace(fact, device=DeviceId(b"x" * 16), fields={**fact.fields, "dbh_cm": 99.0})
    assert oplog.apply(second, [forged], village_code=field.village).quarantined == 1
    assert_converged(field.village, first, second)


def test_fields_of_a_newer_program_are_kept_and_count_in_the_digest(make_store: Make, field: Any) -> None:
    first, second = make_store("甲"), make_store("乙")
    household = field.plant(first, 0).household
    ops = everything(first)
    ops[0] = replace(ops[0], fields={**ops[0].fields, "wallet": "w"}, schema=9)
    for store in (first, second):
        oplog.apply(store, ops, village_code=field.village)
    shown = second.get(Household, household.id)
    assert shown is not None
    with second.unit() as unit:
        unit.edit(shown, remarks="x")
        unit.commit()
    third = make_store("丙")
    oplog.apply(third, ops + oplog.pending(second), village_code=field.village)
    assert oplog.village_digest(second, field.village) == oplog.village_digest(third, field.village)
    assert oplog.village_digest(second, field.village) != oplog.village_digest(first, field.village)


def test_waiting_sent_acknowledged_and_confirmed_are_four_things(store: Store, field: Any) -> None:
    field.plant(store, 4)
    last = oplog.own_devices(store)[0].last

    def counts() -> tuple[int, int, int]:
        now = counting.status(store)
        return now.ops_waiting, now.ops_sent, now.ops_confirmed

    assert counts() == (last, 0, 0)
    oplog.mark_sent(store, 4)
    assert counts() == (last - 4, 4, 0)
    assert len(oplog.pending(store)) == last
    oplog.acknowledge(store, 4)
    assert [op.counter for op in oplog.pending(store)] == list(range(5, last + 1))
    assert reads.households(store, field.village)[0].waiting
    receipts.keep(store, field.village, b"signed", ranges=[(store.device, 1, 3)])
    assert counts() == (last - 4, 1, 3)
    receipts.keep(store, field.village, b"signed", ranges=[(store.device, 3, last)])
    oplog.acknowledge(store, last)
    assert counts() == (0, 0, last)
    assert receipts.covered(store, store.device) == [(1, last)]
    assert receipts.bodies(store, field.village) == [b"signed", b"signed"]
    assert reads.households(store, field.village)[0].confirmed
    oplog.send_again(store, 2)
    assert oplog.pending(store)[0].counter == 3
    assert reads.households(store, field.village)[0].waiting


def test_a_restamp_changes_the_order_but_no_record(make_store: Make, field: Any) -> None:
    first, second = make_store("甲"), make_store("乙")
    household = field.plant(first, 1).household
    carry(first, second, field.village)
    first.clock = lambda: 4_000_000_000_000
    for store, group in ((first, "一"), (second, "二")):
        shown = store.get(Household, household.id)
        assert shown is not None
        with store.unit() as unit:
            unit.edit(shown, group_name=group)
            unit.commit()
    far = oplog.pending(first, after=4)[-1]
    now = oplog.pending(second)[-1].hlc
    assert oplog.restamp(first, first.device, far.counter, far.counter, now - 1) == 1
    carry(first, second, field.village)
    carry(second, first, field.village)
    assert_converged(field.village, first, second)
    assert first.get(Household, household.id).group_name == "二"  # type: ignore[union-attr]


def test_values_that_are_equal_but_not_the_same_bytes_are_made_the_same(make_store: Make, field: Any) -> None:
    first, exact, odd = make_store("甲"), make_store("乙"), make_store("丙")
    field.plant(first, 2)
    with first.unit() as unit:
        unit.edit(unit.add(Household(id=new_id(), village_code=field.village, number=1)), removed=0)
        unit.commit()
    ops = everything(first)
    assert oplog.apply(exact, ops, village_code=field.village).quarantined == 0
    for place, op in enumerate(ops):  # as a client in another language may write them
        changed: dict[str, Any] = {"dbh_cm": 6, "area_mu": 1.5, "number": True, "removed": False, "height_m": -0.0}
        fields = {name: changed[name] if changed.get(name) == value else value for name, value in op.fields.items()}
        ops[place] = replace(op, fields=fields)
    assert any(type(op.fields.get("dbh_cm")) is int for op in ops)
    assert oplog.apply(odd, ops, village_code=field.village).quarantined == 0
    assert_converged(field.village, exact, odd)
