"""A parcel's height curve is a field: kept as an operation, followed by trees and sums, taken back by undo."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fieldapp.carbon.estimate import RegistryEstimator
from fieldapp.carbon.height_curve import HeightCurve
from fieldapp.carbon.kept_curve import as_text
from fieldapp.carbon.registry import load
from fieldapp.domain.records import Parcel
from fieldapp.domain.sinks import SinkInput
from fieldapp.storage import oplog, profile, reads, sums, undo
from fieldapp.storage.method_change import change
from fieldapp.storage.store import Store
from fieldapp.storage.verifying import verify_store

ESTIMATOR = RegistryEstimator(load())
CURVE = as_text(HeightCurve("cunninghamia_lanceolata", 1.3, 0.21, 12, 5.0, 9.0, 0.7, "2026-11-23"))


@pytest.fixture
def real(tmp_path: Path) -> Iterator[Store]:
    """A profile that computes with the shipped methodology."""
    profile.create(tmp_path / "p", person="Wei", pin=None, practice=True)
    store = profile.open_store(tmp_path / "p", pin=None, estimator=ESTIMATOR)
    yield store
    store.close()


def test_trees_and_sums_follow_the_curve_of_their_parcel(real: Store, field: Any) -> None:
    stand = field.plant(real, 3)
    with real.unit() as unit:
        unit.add(field.measured(stand.trees[0], height_m=5.5))
        unit.commit()

    def kg() -> list[float]:
        return [row.sink.co2e_kg or 0.0 for row in reads.tree_rows(real, stand.household.id)]

    before = kg()
    with real.unit() as unit:
        unit.edit(stand.parcel, height_curve=CURVE)
        unit.commit()
    rows = reads.tree_rows(real, stand.household.id)
    wanted = ESTIMATOR.estimate(SinkInput("杉木", 6.0, None, None, None, CURVE))
    assert rows[0].sink == ESTIMATOR.estimate(SinkInput("杉木", 6.0, 5.5))
    assert [row.sink for row in rows[1:]] == [wanted, wanted]
    assert [row.height_m for row in rows] == [5.5, None, None], "a height from a curve is no measurement"
    assert sums.tree_totals(real, stand.household.id).total.co2e_kg == pytest.approx(sum(kg()))
    (part,) = sums.tree_totals(real, stand.household.id).by_equation
    assert (part.n, part.extrapolated, part.from_curve) == (3, 0, 2)
    assert reads.households(real, field.village)[0].co2e_kg == pytest.approx(sum(kg()), abs=1e-5)
    assert change(real, ESTIMATOR).changed == 0
    assert {"height_curve": CURVE} in [op.fields for op in oplog.pending(real)]
    assert verify_store(real).ok
    undo.undo(real)
    assert kg() == before
    undo.redo(real)
    assert kg() != before


def test_a_save_of_a_diameter_takes_its_height_from_the_curve(real: Store, field: Any) -> None:
    stand = field.plant(real, 2)
    with real.unit() as unit:
        unit.edit(stand.parcel, height_curve=CURVE)
        unit.commit()
    with real.unit() as unit:
        unit.add(field.measured(stand.trees[0], dbh_cm=9.5))
        unit.commit()
    row = reads.tree_row(real, stand.trees[0].id)
    assert row is not None
    assert row.sink == ESTIMATOR.estimate(SinkInput("杉木", 9.5, height_curve=CURVE))
    assert "height_curve_extrapolated" in row.sink.flags
    kept = real.get(Parcel, stand.parcel.id)
    assert kept is not None
    assert kept.height_curve == CURVE
