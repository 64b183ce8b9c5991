"""The platform's value and ours stand apart; the quota is a meter."""

from __future__ import annotations

import datetime as dt

import pytest

from fieldapp.carbon.bulk import ColumnEstimator, Inputs
from fieldapp.carbon.estimate import RegistryEstimator
from fieldapp.carbon.two_numbers import quota_meter, two_numbers
from fieldapp.carbon.uncertainty import totals
from fieldapp.domain import programme


@pytest.fixture
def rules() -> programme.Programme:
    """The rules of the pilot."""
    return programme.load(dt.date(2019, 1, 1))


def test_both_numbers_of_a_household(estimator: RegistryEstimator, rules: programme.Programme) -> None:
    estimates = ColumnEstimator(estimator).estimate(Inputs(["柳杉"] * 450, [6.5] * 450, [None] * 450))
    total = totals(estimates, ["h"] * 450)["h"]
    both = two_numbers(rules, total, estimator.method_version)
    assert both.platform.co2e_kg == 4500
    assert both.platform.yuan == 1350
    assert both.platform.programme_version == rules.version
    assert both.platform.sources
    assert both.computed.stock_kg == pytest.approx(total.co2e_kg)
    assert both.computed.low_kg < both.computed.stock_kg < both.computed.high_kg
    assert both.computed.method_version == estimator.method_version


@pytest.mark.parametrize(
    ("area", "recorded", "allowed", "left"),
    [(2.0, 450, 450, 0), (1.6, 312, 360, 48), (5.0, 460, 450, -10), (None, 0, 450, 450)],
)
def test_quota(rules: programme.Programme, area: float | None, recorded: int, allowed: int, left: int) -> None:
    meter = quota_meter(rules, area, recorded)
    assert (meter.allowed, meter.left) == (allowed, left)
    assert meter.exceeded is (left < 0)
    assert meter.rule_sources
    assert meter.rule_version == rules.version
