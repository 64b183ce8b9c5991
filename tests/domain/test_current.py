"""A later fact supersedes an earlier one quantity by quantity."""

from __future__ import annotations

from fieldapp.domain.current import MeasurementFact, counts, current_measurement
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


def test_only_living_trees_that_are_not_in_the_bin_count() -> None:
    assert counts(None, "alive", None)
    assert counts(0, None, 0)
    assert not counts(1, "alive", 0)
    assert not counts(0, "dead", 0)
    assert not counts(0, "alive", 1)
