"""One save is one durable transaction of rows, operations and everything derived."""

from __future__ import annotations

from collections.abc import Callable
from math import sqrt
from typing import Any

import pytest
import sqlcipher3

from fieldapp.domain.ids import new_id
from fieldapp.domain.merge import merge
from fieldapp.domain.ops import hlc_of
from fieldapp.domain.records import Household, Measurement, Photo, PhotoLink, Position, Tree
from fieldapp.errors import ItemError
from fieldapp.storage import filing, oplog, reads, states, sums
from fieldapp.storage.store import Store

NAUGHTY = [
    "",
    "undefined",
    "'; DROP TABLE household; --",
    "\x00\x01",
    "👩‍👩‍👧",
    "Ω≈ç√",
    "${1+1}",
    "﷽",
    "\u202e杨",
    "%s%n",
]


def op_states(store: Store) -> dict[bytes, Any]:
    """Every record as its operations make it."""
    ids = [row[0] for row in store.rows("SELECT DISTINCT record_id FROM op")]
    return {id: merge(filing.ops_of(store.connection, id, store.devices())) for id in ids}


def assert_rows_are_what_ops_say(store: Store) -> None:
    for id, state in op_states(store).items():
        values = states.read_values(store.connection, state.record, id)
        assert values is not None
        assert {k: v for k, v in values.items() if v is not None} == {
            k: v for k, v in state.values.items() if v is not None
        }


def test_leaving_without_commit_changes_nothing(store: Store, field: Any) -> None:
    with store.unit() as unit:
        unit.add(Household(id=new_id(), village_code=field.village, head_name="杨"))
    assert reads.households(store, field.village) == []
    assert oplog.pending(store) == []
    field.plant(store)
    assert [op.counter for op in oplog.pending(store)] == list(range(1, 9))


def test_an_edit_writes_row_and_operation_that_names_what_was_seen(store: Store, field: Any) -> None:
    tree = field.plant(store).trees[0]
    with store.unit() as unit:
        edited = unit.edit(tree, tag="A-1", remarks="分叉")
        changes = unit.commit()
    assert changes.ids == {("tree", tree.id)}
    assert edited == store.get(Tree, tree.id)
    op = oplog.pending(store)[-1]
    assert op.fields == {"tag": "A-1", "remarks": "分叉"}
    created = next(op for op in oplog.pending(store) if op.record_id == tree.id)
    assert op.seen == {"tag": (created.ref,), "remarks": (created.ref,)}
    assert_rows_are_what_ops_say(store)


def test_typing_what_stands_there_already_is_no_change(store: Store, field: Any) -> None:
    tree = field.plant(store).trees[0]
    before = len(oplog.pending(store))
    with store.unit() as unit:
        assert unit.edit(tree, tag=tree.tag) == tree
        assert unit.commit().ids == frozenset()
    assert len(oplog.pending(store)) == before


def test_two_windows_that_showed_the_same_value_make_a_conflict_and_a_decision_ends_it(
    store: Store, field: Any
) -> None:
    shown = field.plant(store).household
    with store.unit() as unit:
        unit.edit(shown, head_name="甲")
        unit.edit(shown, head_name="乙")
        unit.commit()
    (conflict,) = reads.conflicts(store)
    assert [choice.value for choice in conflict.choices] == ["甲", "乙"]
    assert reads.households(store, field.village)[0].conflicts == 1
    with store.unit() as unit:
        unit.decide(shown.id, "head_name", "甲")
        unit.commit()
    assert reads.conflicts(store) == []
    assert store.get(Household, shown.id).head_name == "甲"  # type: ignore[union-attr]
    with pytest.raises(ItemError, match="conflict_settled"), store.unit() as unit:
        unit.decide(shown.id, "head_name", "乙")
    assert_rows_are_what_ops_say(store)


def test_the_bin_keeps_the_row_and_gives_it_back(store: Store, field: Any) -> None:
    stand = field.plant(store)
    with store.unit() as unit:
        gone = unit.edit(stand.trees[0], removed=1)
        unit.commit()
    assert len(reads.tree_rows(store, stand.household.id)) == 2
    assert sums.tree_totals(store, stand.household.id).n == 2
    with store.unit() as unit:
        unit.edit(gone, removed=0)
        unit.commit()
    assert len(reads.tree_rows(store, stand.household.id)) == 3
    assert reads.conflicts(store) == []


def test_facts_are_fixed_whoever_tries(store: Store, field: Any) -> None:
    tree = field.plant(store).trees[0]
    (fact,) = store.find(Measurement, "WHERE tree_id = ?", (tree.id,))
    with pytest.raises(ItemError, match="fact_is_fixed"), store.unit() as unit:
        unit.edit(fact, dbh_cm=9.0)
    for sql in ("UPDATE measurement SET dbh_cm = 9", "DELETE FROM measurement"):
        with pytest.raises(sqlcipher3.IntegrityError, match="is a fact"):
            store.connection.execute(sql)
    with pytest.raises(sqlcipher3.IntegrityError, match="is a fact"):
        store.connection.execute("INSERT OR REPLACE INTO measurement SELECT * FROM measurement")


@pytest.mark.parametrize("text", NAUGHTY)
def test_every_text_comes_back_as_it_was_typed(store: Store, field: Any, text: str) -> None:
    household = field.plant(store, 0, head_name=text).household
    assert store.get(Household, household.id).head_name == text  # type: ignore[union-attr]
    with store.unit() as unit:
        edited = unit.edit(household, remarks=text, phone=text, group_name=text)
        unit.commit()
    assert edited.remarks == text
    assert_rows_are_what_ops_say(store)


def test_a_value_that_does_not_fit_is_refused_and_the_rest_of_the_unit_can_go_on(store: Store, field: Any) -> None:
    tree = field.plant(store).trees[0]
    with store.unit() as unit:
        with pytest.raises(ItemError, match="value_refused"):
            unit.add(field.measured(tree, dbh_cm=float("nan")))
        unit.edit(tree, tag="B")
        unit.commit()
    assert store.get(Tree, tree.id).tag == "B"  # type: ignore[union-attr]


def test_the_clock_never_goes_back_though_the_wall_does(store: Store, field: Any) -> None:
    tree = field.plant(store).trees[0]
    store.clock = lambda: 0
    with store.unit() as unit:
        unit.edit(tree, tag="B")
        unit.commit()
    stamps = [op.hlc for op in oplog.pending(store)]
    assert stamps == sorted(stamps)
    assert len(set(stamps)) == len(stamps)
    assert stamps[0] > hlc_of(1_600_000_000_000)


def test_numbers_are_given_once_even_when_rolled_back_records_are_gone(store: Store, field: Any) -> None:
    with store.unit() as unit:
        numbers = [unit.next_number(Household, field.village) for _ in range(3)]
        unit.commit()
    with store.unit() as unit:
        numbers.append(unit.next_number(Household, field.village))
        other = unit.next_number(Household, "520000000000")
    assert numbers == [1, 2, 3, 4]
    assert other == 1


def test_sinks_follow_what_they_depend_on(store: Store, field: Any) -> None:
    stand = field.plant(store, 2)
    tree = stand.trees[0]

    def sink() -> Any:
        return reads.tree_row(store, tree.id).sink  # type: ignore[union-attr]

    assert (sink().co2e_kg, sink().equation_id) == (12.0, "plain-杉木")
    with store.unit() as unit:
        unit.add(field.measured(tree, dbh_cm=7.0, height_m=5.0))
        unit.commit()
    assert sink().co2e_kg == 14.0
    with store.unit() as unit:
        parcel = unit.edit(stand.parcel, species="马尾松", equation_id="X")
        unit.commit()
    assert sink().equation_id == "X"
    with store.unit() as unit:
        unit.edit(tree, species="光皮桦", state="dead")
        unit.edit(parcel, equation_id=None)
        unit.commit()
    assert sink().equation_id == "plain-光皮桦"
    assert sums.tree_totals(store, stand.household.id).trees == 1
    row = reads.households(store, field.village)[0]
    assert (row.trees, row.counted, row.co2e_kg) == (2, 1, 12.0)


def test_positions_and_photos_show_at_their_subject(store: Store, field: Any) -> None:
    stand = field.plant(store, 1)
    tree = stand.trees[0]
    sha = store.blobs.put(b"a photo")
    with store.unit() as unit:
        unit.add(
            Position(
                id=new_id(),
                village_code=field.village,
                subject="tree",
                subject_id=tree.id,
                lat=26.5,
                lon=107.9,
                accuracy_m=3.0,
            )
        )
        photo = unit.add(Photo(id=new_id(), village_code=field.village, sha256=sha, thumbnail_sha256=sha))
        link = unit.add(
            PhotoLink(id=new_id(), village_code=field.village, photo_id=photo.id, subject="tree", subject_id=tree.id)
        )
        unit.commit()
    row = reads.tree_row(store, tree.id)
    assert row is not None
    assert (row.photos, row.lat, row.accuracy_m) == (1, 26.5, 3.0)
    assert reads.households(store, field.village)[0].photos == 1
    with store.unit() as unit:
        unit.edit(link, subject="household", subject_id=stand.household.id)
        unit.commit()
    assert reads.tree_row(store, tree.id).photos == 0  # type: ignore[union-attr]
    assert [photo.sha256 for photo in reads.photos(store, stand.household.id)] == [sha]
    assert reads.households(store, field.village)[0].photos == 1


def test_counters_are_the_sums_of_their_trees(make_store: Callable[[str], Store], field: Any) -> None:
    store = make_store("sums")
    stand = field.plant(store, 5)
    other = field.plant(store, 2)
    with store.unit() as unit:
        unit.edit(stand.trees[0], parcel_id=other.parcel.id)
        unit.edit(stand.trees[1], removed=1)
        unit.edit(stand.trees[2], state="felled")
        unit.commit()
    with store.unit() as unit:
        unit.edit(other.parcel, household_id=stand.household.id)
        unit.commit()
    first, second = reads.households(store, field.village)
    assert (first.trees, first.counted, first.parcels, first.area_mu) == (6, 5, 2, 3.0)
    assert (second.trees, second.counted, second.parcels, second.area_mu) == (0, 0, 0, 0.0)
    totals = sums.tree_totals(store, stand.household.id)
    assert (totals.trees, totals.n, totals.co2e_kg) == (5, 5, 60.0)
    assert totals.total.correlated_half_width_kg == pytest.approx(60 * 0.3)
    assert totals.total.random_half_width_kg == pytest.approx(12 * 0.4 * sqrt(5))  # 0.5² = 0.3² + 0.4²
    assert sums.area_totals(store, field.village).total == totals.total
    assert first.co2e_kg == totals.co2e_kg
