"""What was changed afterwards: girths measured again, bin, returned work, and what two people disagree on."""

from __future__ import annotations

import pytest

from fieldapp.domain.records import Event, Measurement, Tree
from fieldapp.practice.corrections import Correction, contested, plan_corrections
from fieldapp.practice.village import PracticeVillage, plan_village


@pytest.fixture(scope="module")
def plan() -> PracticeVillage:
    return plan_village(2018, 8_000)


@pytest.fixture(scope="module")
def corrections(plan: PracticeVillage) -> list[Correction]:
    return plan_corrections(plan)


def test_they_follow_the_clock_and_the_survey(plan: PracticeVillage, corrections: list[Correction]) -> None:
    times = [correction.at_ms for correction in corrections]
    assert times == sorted(times)
    assert times[0] > max(tree.at_ms for household in plan.households for tree in household.trees)


def test_a_mended_girth_is_a_new_fact_with_its_reason(corrections: list[Correction]) -> None:
    mended = [correction.facts for correction in corrections if len(correction.facts) == 2]
    assert len(mended) > 5
    for measured, event in mended:
        assert isinstance(measured, Measurement)
        assert isinstance(event, Event)
        assert 3 < (measured.dbh_cm or 0) < 13
        assert event.subject_id == measured.tree_id


def test_both_laptops_measure_one_tree_again_without_knowing_of_each_other(corrections: list[Correction]) -> None:
    first, second = (c.facts[0] for c in corrections if len(c.facts) == 1)
    assert isinstance(first, Measurement)
    assert isinstance(second, Measurement)
    assert (first.tree_id, first.seen) == (second.tree_id, second.seen)
    assert first.seen
    assert first.dbh_cm != second.dbh_cm


def test_some_trees_go_to_the_bin_and_some_replace_others(corrections: list[Correction]) -> None:
    trees = [correction.changes for correction in corrections if correction.record is Tree]
    assert sum("removed" in changes for changes in trees) == 20
    assert sum("replaces_id" in changes for changes in trees) > 3


def test_both_laptops_change_the_contested_records_differently(
    plan: PracticeVillage, corrections: list[Correction]
) -> None:
    for _, record_id in contested(plan):
        both = [c for c in corrections if c.record_id == record_id and not {"removed", "remarks"} & set(c.changes)]
        assert {c.laptop for c in both} == {1, 2}
        assert both[0].changes != both[1].changes
        assert both[0].changes.keys() == both[1].changes.keys()
