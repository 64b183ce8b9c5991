"""Provisional sinks of laptop and server held against each other, and whose claim is told to whom."""

from __future__ import annotations

import pytest

from fieldapp.sync import engine
from fieldapp.sync.report import ComparedSinks
from tests.sync.conftest import MakeStore
from tests.sync.village import CODE, enrolled, record_household, sync


def test_sinks_are_computed_again_and_compared(server, make_store: MakeStore) -> None:
    one = enrolled(make_store("one"), server)
    record_household(one, trees=10)
    report = sync(one)
    assert report.sinks_compared
    assert report.sinks == ComparedSinks(villages=1, households=1)
    assert report.differences == []


def test_a_claim_is_told_to_whom_it_belongs_and_by_name(server, make_store: MakeStore) -> None:
    one, two = enrolled(make_store("one"), server), enrolled(make_store("two"), server)
    household, _ = record_household(one, trees=2)
    record_household(two, trees=1, village="522633100202")
    one.write("UPDATE household_current SET co2e_mg = co2e_mg + 9000000")
    (found,) = sync(one).differences
    assert (found.household, found.household_id) == (f"{one.tag}-H0001", household.id)
    assert found.co2e_kg - found.server_co2e_kg == pytest.approx(9)
    assert sync(one).as_dict()["sinks"] == {"villages": 1, "households": 1, "pending": []}
    transport = engine.connect(two)  # it only looks on: what others claimed is theirs
    assert not transport.sync({"practice": True, "settle": True, "everything": True}).villages[CODE].differences
    transport.close()
    assert sync(two).differences == []
