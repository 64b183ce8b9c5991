"""Sink over time: sums are reported, single trees are modelled."""

from __future__ import annotations

import datetime as dt

import pytest

from fieldapp.carbon.bulk import ColumnEstimator, Inputs
from fieldapp.carbon.estimate import RegistryEstimator
from fieldapp.carbon.growth import Remeasured, stock_change, years_between
from fieldapp.carbon.modelled import as_dict, modelled_yearly
from fieldapp.carbon.uncertainty import totals
from fieldapp.domain.sinks import SinkInput


def _tree(d: float, h: float | None = None, name: str = "马尾松") -> SinkInput:
    return SinkInput(name, d, h)


def test_one_trees_gain_is_no_fact_and_450_trees_are(estimator: RegistryEstimator) -> None:
    """About 71 % for one tree's year, about 3.4 % for 450; the equation's bias stays."""
    pair = Remeasured(_tree(4.6), _tree(5.6))
    one = stock_change(estimator, [pair], 1.0)
    many = stock_change(estimator, [pair] * 450, 1.0)
    assert one.random_half_width_kg / one.change_kg == pytest.approx(0.71, abs=0.01)
    assert one.yearly_kg is None
    assert many.random_half_width_kg / many.change_kg == pytest.approx(0.034, abs=0.001)
    assert many.correlated_half_width_kg / many.change_kg == pytest.approx(0.15, abs=0.001)
    assert many.yearly_kg == pytest.approx(450 * one.change_kg)


def test_years_are_fractional(estimator: RegistryEstimator) -> None:
    years = years_between(dt.date(2024, 3, 1), dt.date(2026, 9, 1))
    assert years == pytest.approx(914 / 365.25)
    change = stock_change(estimator, [Remeasured(_tree(6), _tree(7))] * 10, years)
    assert change.yearly_kg == pytest.approx(change.change_kg / years)


@pytest.mark.parametrize("years", [0.0, -1.0, float("nan")])
def test_no_time_no_change(estimator: RegistryEstimator, years: float) -> None:
    with pytest.raises(ValueError, match=str(years)):
        stock_change(estimator, [], years)


def test_death_and_replanting(estimator: RegistryEstimator) -> None:
    stock = estimator.estimate(_tree(7)).co2e_kg
    young = estimator.estimate(_tree(4.6)).co2e_kg
    assert stock is not None
    assert young is not None
    change = stock_change(estimator, [Remeasured(_tree(7), None), Remeasured(None, _tree(4.6))], 2.0)
    assert (change.lost, change.planted, change.trees) == (1, 1, 0)
    assert change.change_kg == pytest.approx(young - stock)


@pytest.mark.parametrize("lost", [True, False])
def test_a_lost_or_planted_tree_brings_its_scatter_along(estimator: RegistryEstimator, lost: bool) -> None:
    """A hundred trees felled are as uncertain as the hundred were: about twice the error of their diameters."""
    ends = (_tree(7), None) if lost else (None, _tree(7))
    change = stock_change(estimator, [Remeasured(*ends)] * 100, 2.0)
    stock = totals(
        ColumnEstimator(estimator).estimate(Inputs(["马尾松"] * 100, [7.0] * 100, [None] * 100)), ["a"] * 100
    )
    assert abs(change.change_kg) == pytest.approx(stock["a"].co2e_kg)
    assert change.random_half_width_kg == pytest.approx(stock["a"].random_half_width_kg)
    assert change.correlated_half_width_kg == pytest.approx(stock["a"].correlated_half_width_kg)


def test_only_trees_measured_twice_make_a_sum(estimator: RegistryEstimator) -> None:
    survivor, seedling = Remeasured(_tree(6), _tree(7)), Remeasured(None, _tree(0.5))
    assert stock_change(estimator, [survivor, seedling], 1.0).yearly_kg is None
    assert stock_change(estimator, [survivor, survivor, seedling], 1.0).yearly_kg is not None


def test_another_species_at_the_second_date_is_refused(estimator: RegistryEstimator) -> None:
    change = stock_change(estimator, [Remeasured(_tree(6), _tree(7, None, "杉木"))], 1.0)
    assert (change.refused, change.trees, change.change_kg) == (("carbon_species_changed",), 0, 0.0)


def test_a_thinner_tree_is_a_question(estimator: RegistryEstimator) -> None:
    noise = stock_change(estimator, [Remeasured(_tree(7.0), _tree(6.7))] * 2, 1.0)
    assert noise.findings == ()
    shrunk = stock_change(estimator, [Remeasured(_tree(7.0), _tree(6.6))], 1.0)
    assert [finding.code for finding in shrunk.findings] == ["dbh_shrunk"]
    assert shrunk.findings[0].params == {"last": 7.0}


def test_both_ends_walk_one_route(estimator: RegistryEstimator) -> None:
    """At 16 cm the choice changes equation; the change must not."""
    change = stock_change(estimator, [Remeasured(_tree(15.9), _tree(16.1))] * 2, 1.0)
    own = 2 * (estimator.estimate(_tree(16.1)).co2e_kg or 0) - 2 * (
        estimator.estimate(SinkInput("马尾松", 15.9, None, None, "pinus_massoniana-3a2cba")).co2e_kg or 0
    )
    assert change.change_kg == pytest.approx(own)


def test_a_height_at_one_end_only(estimator: RegistryEstimator) -> None:
    change = stock_change(estimator, [Remeasured(_tree(6, None, "杉木"), _tree(7, 6.5, "杉木"))] * 2, 1.0)
    assert change.refused == ()
    assert change.change_kg > 0


def test_a_bad_tree_is_left_out_and_told(estimator: RegistryEstimator) -> None:
    change = stock_change(estimator, [Remeasured(_tree(6), _tree(0)), Remeasured(_tree(6), _tree(7))], 1.0)
    assert change.refused == ("carbon_dbh_not_positive",)
    assert change.trees == 1


def test_the_modelled_yearly_value_is_marked(estimator: RegistryEstimator) -> None:
    for name in ("柳杉", "杉木", "马尾松"):
        found = modelled_yearly(estimator, SinkInput(name, 7.0), 9.0)
        assert found.flags == ("modelled",)
        assert found.curve
        assert found.yearly_kg is not None
        assert 2.8 < found.yearly_kg < 8.3  # published equations for conifers of 5-8 cm


def test_the_height_grew_with_the_diameter(estimator: RegistryEstimator) -> None:
    """Worked by hand from LY/T 2264: 8 cm and 7.3 m at ten years were 7.2 cm and 6.7 m a year before."""

    def co2(d: float, h: float) -> float:
        above = 0.065388 * d**2.01735 * h**0.49425 * 0.5003
        return float((above + 0.016385 * d**2.52941 * h**-0.11744 * 0.4880) * 44 / 12)

    found = modelled_yearly(estimator, SinkInput("杉木", 8.0, 7.3), 10.0)
    assert found.yearly_kg == pytest.approx(co2(8.0, 7.3) - co2(7.2, 6.7), abs=1e-9)


@pytest.mark.parametrize(
    ("age", "code"), [(-1.0, "carbon_age_negative"), (None, "carbon_age_missing"), (0.0, "carbon_age_too_young")]
)
def test_an_age_that_cannot_be(estimator: RegistryEstimator, age: float | None, code: str) -> None:
    found = modelled_yearly(estimator, SinkInput("柳杉", 7.0), age)
    assert found.error == code
    assert found.yearly_kg is None


def test_the_modelled_year_can_be_repeated(estimator: RegistryEstimator) -> None:
    tree = SinkInput("杉木", 6.5, 5.0)
    card = as_dict(estimator, tree, {"planting_year": 2018, "measured_on": "2026-11-22"})
    assert card is not None
    now = estimator.estimate(tree)
    before = SinkInput("杉木", card["dbh_before_cm"], card["height_before_m"], None, now.equation_id)
    assert estimator.estimate(before).co2e_kg == pytest.approx(card["co2e_before_kg"], abs=1e-8)
    assert now.co2e_kg == pytest.approx(card["yearly_kg"] + card["co2e_before_kg"], abs=1e-8)


def test_a_fork_grows_stem_by_stem(estimator: RegistryEstimator) -> None:
    alone = [modelled_yearly(estimator, SinkInput("杉木", d), 8.0).yearly_kg for d in (6.5, 7.2)]
    found = modelled_yearly(estimator, SinkInput("杉木", 9.7, stems="6.5+7.2"), 8.0)
    assert found.yearly_kg == pytest.approx(3.5868443581 + 4.5533766530, abs=1e-9)  # 13.408 - 9.821, 17.019 - 12.466
    assert found.yearly_kg == sum(one or 0.0 for one in alone)
    card = as_dict(
        estimator, SinkInput("杉木", 9.7, stems="6.5+7.2"), {"planting_year": 2018, "measured_on": "2026-05-01"}
    )
    assert card is not None
    assert [stem["dbh_before_cm"] for stem in card["stems"]] == [5.6875, 6.3]
    assert card["co2e_before_kg"] == pytest.approx(sum(stem["co2e_before_kg"] for stem in card["stems"]), abs=1e-9)
    assert modelled_yearly(estimator, SinkInput("杉木", 9.7, stems="6.5+0"), 8.0).error
