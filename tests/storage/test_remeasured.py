"""The diameter of the visit before: of another day, and of the visit that counts now."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from fieldapp.storage.remeasured import earlier_dbh, earlier_visit
from fieldapp.storage.store import Store


def test_the_visit_before_is_known_and_a_correction_is_none(store: Store, field: Any) -> None:
    stand = field.plant(store, 0)
    with store.unit() as unit:
        trees = [field.plant_tree(unit, stand.parcel, f"T{number}", None) for number in range(4)]
        facts = (
            (0, "2025-05-01", 6.0),
            (0, "2026-05-01", 6.4),
            (0, "2027-05-02", 6.1),
            (1, "2026-05-01", 16.0),
            (1, "2026-05-01", 6.0),  # corrected at once
            (2, "2026-05-01", 6.0),
        )
        for number, day, dbh_cm in facts:
            unit.add(replace(field.measured(trees[number], dbh_cm), measured_on=day))
        unit.add(replace(field.measured(trees[2], height_m=5.0), measured_on="2027-05-02"))
        unit.commit()
    assert earlier_dbh(store, stand.household.id) == {trees[0].id: 6.4}


def test_a_visit_is_what_stood_at_the_end_of_its_day(store: Store, field: Any) -> None:
    stand = field.plant(store, 0)
    with store.unit() as unit:
        tree = field.plant_tree(unit, stand.parcel, "T1", None)
        unit.add(replace(field.measured(tree, 5.0, 4.0), measured_on="2025-05-01", stems="3+4"))
        unit.add(replace(field.measured(tree, 60.0), measured_on="2026-05-01"))
        unit.add(replace(field.measured(tree, 6.0, 4.5), measured_on="2026-05-01"))
        unit.add(replace(field.measured(tree, None), cleared="height_m", measured_on="2026-05-01"))
        unit.add(replace(field.measured(tree, 9.0), measured_on="2027-01-01"))
        unit.add(replace(field.measured(tree, None), cleared="dbh_cm", measured_on="2027-01-01"))
        unit.add(replace(field.measured(tree, 7.0), measured_on="2027-05-01"))
        unit.commit()
    assert earlier_visit(store, tree.id, "2027-05-01") == ("2026-05-01", 6.0, None, None)
    assert earlier_visit(store, tree.id, "2026-05-01") == ("2025-05-01", 5.0, 4.0, "3+4")
    assert earlier_visit(store, tree.id, "2025-05-01") is None
    assert earlier_visit(store, tree.id, None) is None
