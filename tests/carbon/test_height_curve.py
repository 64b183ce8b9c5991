"""A parcel's own curve fills its missing heights, or nothing does."""

from __future__ import annotations

import pytest

from fieldapp.carbon.estimate import RegistryEstimator
from fieldapp.carbon.height_curve import MIN_HEIGHTS, HeightCurve, fill, fit
from fieldapp.domain.sinks import SinkInput

TRUE = HeightCurve("杉木", 1.3, 0.21, 0, 0, 0, 0.0)
DIAMETERS = [5.0, 5.5, 6.0, 6.4, 7.0, 7.5, 8.0, 8.8]


def _measured(diameters: list[float]) -> list[SinkInput]:
    return [SinkInput("杉木", d, TRUE.height(d)) for d in diameters]


def test_the_curve_is_found_again() -> None:
    curve = fit(_measured(DIAMETERS))
    assert curve is not None
    assert (curve.a, curve.b) == pytest.approx((1.3, 0.21))
    assert curve.rmse_m == pytest.approx(0.0, abs=1e-6)
    assert curve.n == MIN_HEIGHTS


def test_too_few_or_too_alike_give_no_curve() -> None:
    assert fit(_measured(DIAMETERS[:-1])) is None
    assert fit(_measured([6.0 + place / 100 for place in range(20)])) is None
    assert fit([SinkInput("杉木", d, 14 - d) for d in DIAMETERS]) is None


def test_only_missing_heights_near_the_measured_diameters_are_filled(estimator: RegistryEstimator) -> None:
    trees = [*_measured(DIAMETERS), SinkInput("杉木", 6.8), SinkInput("杉木", 30.0), SinkInput("马尾松", 6.8)]
    filled, curves = fill(trees)
    assert list(curves) == ["杉木"]
    assert [one.from_curve for one in filled] == [False] * 8 + [True, False, False]
    assert filled[8].tree.height_m == pytest.approx(TRUE.height(6.8))
    assert estimator.estimate(filled[8].tree).equation_id == "cunninghamia_lanceolata-lyt2264-agb"
    assert estimator.estimate(filled[9].tree).equation_id != "cunninghamia_lanceolata-lyt2264-agb"


def test_a_curve_whose_line_falls_is_refused() -> None:
    # a > 0 and b < 0: the curve would shoot up to a pole beyond the measured diameters
    steep = HeightCurve("杉木", 5.0, -0.3, 0, 0, 0, 0.0)
    assert fit([SinkInput("杉木", d, steep.height(d)) for d in DIAMETERS]) is None


def test_the_residual_error_counts_the_two_fitted_numbers() -> None:
    trees = [SinkInput("杉木", d, TRUE.height(d) + (0.4 if place % 2 else -0.4)) for place, d in enumerate(DIAMETERS)]
    curve = fit(trees)
    assert curve is not None
    squares = sum((tree.height_m - curve.height(tree.dbh_cm)) ** 2 for tree in trees if tree.height_m and tree.dbh_cm)
    assert curve.rmse_m == pytest.approx((squares / 6) ** 0.5)
