"""A sum says of how many of its trees the diameter or height cannot well be right: as many as the window marks."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from fieldapp.domain import programme
from fieldapp.storage.doubtful import doubtful, doubtful_of_village
from fieldapp.storage.store import Store
from fieldapp.ui.desk import read_desk

RULES = programme.load()
# DBH in cm of each visit, height in m, and whether it is odd
TREES = (
    ((6.4,), None, False),
    ((20.4,), None, True),  # a girth
    ((62.0,), None, True),  # the point was left out
    ((6.4,), 65.0, True),  # decimetres
    ((6.4,), 0.6, True),
    ((6.9, 6.1), None, True),  # shrunk
    ((6.3, 6.1), None, False),  # as precise as a tape is
    ((6.1, 20.4), 0.6, True),  # odd in more than one way is one tree
    ((70.0, 62.0), None, True),
    ((9.4,), None, False),  # out of the programme's range is no doubt
    ((0.0,), None, False),  # red, and not of these
)


def record(store: Store, field: Any) -> Any:
    stand = field.plant(store, 0)
    with store.unit() as unit:
        for number, (visits, height_m, _odd) in enumerate(TREES):
            tree = field.plant_tree(unit, stand.parcel, f"T{number:04d}", None)
            for year, dbh_cm in enumerate(visits):
                fact = field.measured(tree, dbh_cm, height_m)
                unit.add(replace(fact, measured_on=f"{2024 + year}-05-01"))
        unit.commit()
    return stand


def test_as_many_as_the_window_marks(store: Store, field: Any) -> None:
    stand, expected = record(store, field), sum(odd for *_, odd in TREES)
    desk = read_desk(store, stand.household.id, RULES, lambda *_: None)
    assert desk is not None
    assert desk.doubtful() == desk.doubtful(stand.parcel.id) == expected
    assert doubtful(store, RULES, stand.household.id) == expected
    assert doubtful(store, RULES, stand.household.id, stand.parcel.id) == expected
    other = record(store, field)
    assert doubtful_of_village(store, RULES, field.village) == 2 * expected
    assert doubtful_of_village(store, RULES, "522632106203") == 0
    with store.unit() as unit:
        unit.edit(other.parcel, removed=True)
        unit.commit()
    assert doubtful_of_village(store, RULES, field.village) == expected
    assert doubtful(store, RULES, other.household.id) == 0
