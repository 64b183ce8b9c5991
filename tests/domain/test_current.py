"""A later fact supersedes an earlier one quantity by quantity."""

from __future__ import annotations

from itertools import permutations

from fieldapp.domain.current import MeasurementFact, counts, current_measurement, disputed, short, tips
from fieldapp.domain.ids import RecordId

A, B, C = (RecordId(bytes([n]) * 16) for n in (1, 2, 3))


def test_each_quantity_comes_from_its_latest_fact() -> None:
    facts = [MeasurementFact(2, B, 6.4, None, "2026-05-02"), MeasurementFact(1, A, 6.1, 5.5, "2026-05-01")]
    measured = current_measurement(facts)
    assert (measured.dbh_cm, measured.dbh_id) == (6.4, B)
    assert (measured.height_m, measured.height_id) == (5.5, A)
    assert measured.measured_on == "2026-05-02"


def test_a_quantity_that_was_taken_back_is_empty() -> None:
    measured = current_measurement(
        [MeasurementFact(1, A, 6.1, 5.5), MeasurementFact(2, C, None, None, cleared="height_m")]
    )
    assert measured.height_m is None
    assert measured.dbh_cm == 6.1


def fact(
    hlc: int,
    dbh_cm: float | None,
    seen: str | None,
    day: str = "2026-05-01",
    cleared: str | None = None,
    stems: str | None = None,
) -> MeasurementFact:
    """A measurement whose id is its stamp."""
    return MeasurementFact(hlc, RecordId(bytes([hlc]) * 16), dbh_cm, None, day, "x", cleared, stems, seen)


def names(*stamps: int) -> str:
    """What a fact says that has seen these."""
    return " ".join(short(RecordId(bytes([hlc]) * 16)) for hlc in stamps)


def named(*facts: MeasurementFact) -> str:
    """What a new measurement would name."""
    return tips((one.hlc, one.id, one.seen) for one in facts)


def heads(*facts: MeasurementFact) -> list[float | str | None]:
    """The values of the diameter that stand against each other."""
    return [one.value("dbh_cm") for one in disputed(facts).get("dbh_cm", ())]


def test_two_who_did_not_know_of_each_other_disagree_whatever_arrives_first() -> None:
    facts = (fact(1, 7.2, ""), fact(2, 7.4, names(1)), fact(3, 7.9, names(1)))
    for order in permutations(facts):
        assert heads(*order) == [7.4, 7.9]
        assert current_measurement(order).dbh_cm == 7.9


def test_what_was_known_is_superseded_also_through_others_and_by_a_decision() -> None:
    chain = (fact(1, 7.2, ""), fact(2, 7.4, names(1)), fact(3, None, names(2), cleared="height_m"))
    assert heads(*chain, fact(4, 7.9, names(3))) == []
    apart = (fact(1, 7.2, ""), fact(2, 7.4, names(1)), fact(3, 7.9, names(1)))
    assert named(*apart) == names(2, 3)
    assert heads(*apart, fact(4, 7.4, named(*apart))) == []


def test_whole_ids_are_understood_too() -> None:
    first = fact(1, 7.2, "")
    assert heads(first, fact(2, 7.9, first.id.hex())) == []


def test_the_same_value_a_later_year_and_what_an_earlier_program_wrote_are_no_dispute() -> None:
    assert heads(fact(1, 7.2, ""), fact(2, 7.2, "")) == []
    assert heads(fact(1, 7.2, ""), fact(2, 7.9, "", "2027-05-01")) == []
    assert heads(fact(1, 7.2, None), fact(2, 7.9, None)) == []
    assert named(fact(1, 7.2, None), fact(2, 7.9, None)) == names(2)
    assert named() == ""


def test_taking_back_against_setting_right_is_a_dispute_and_a_girth_is_one_as_it_was_measured() -> None:
    assert heads(fact(1, 7.2, ""), fact(2, None, names(1), cleared="dbh_cm"), fact(3, 7.9, names(1))) == [None, 7.9]
    assert heads(fact(1, 6.5, "", stems="C20.4"), fact(2, 6.4, "")) == ["C20.4", 6.4]


def test_only_living_trees_that_are_not_in_the_bin_count() -> None:
    assert counts(None, "alive", None)
    assert counts(0, None, 0)
    assert not counts(1, "alive", 0)
    assert not counts(0, "dead", 0)
    assert not counts(0, "alive", 1)
