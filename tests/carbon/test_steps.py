"""A reader with a pocket calculator repeats every step from the printed digits alone."""

from __future__ import annotations

import json
from decimal import Context, Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fieldapp.carbon.calculation import digits, top_level_terms
from fieldapp.carbon.entries import Equation
from fieldapp.carbon.estimate import RegistryEstimator
from fieldapp.carbon.explain import Explanation, explain
from fieldapp.carbon.registry import Registry
from fieldapp.domain.sinks import SinkInput
from tests.carbon.calculator import work_out

SIZES = ((0.6, 1.4), (4.9, 4.1), (8.25, 6.5), (26.4, 17.0), (140.0, 44.0))
EIGHT = Context(prec=8)


def repeated(found: Explanation) -> int:
    """Works the card's JSON out again, knowing nothing else; the number of steps."""
    card = json.loads(json.dumps(found.as_dict()))
    assert card["rounding"]["printed_significant_digits"] == EIGHT.prec
    for step in card["steps"]:
        again = work_out(step["calculation"])
        if step["grid"]:
            unit = work_out(step["grid"])
            again = (again / unit).to_integral_value() * unit
        assert EIGHT.plus(again) == Decimal(step["printed"]), (found.sink.equation_id, step)
    last = {step["name"]: step["printed"] for step in card["steps"]}
    for name, field in (("agb", "agb_kg"), ("co2e", "co2e_kg"), ("co2e_high", "co2e_high_kg")):
        if last:
            assert float(last[name]) == pytest.approx(card[field], rel=6e-8, abs=1e-10)
    return len(card["steps"])


def a_species(estimator: RegistryEstimator, equation: Equation) -> str:
    """A species that the equation may be used for."""
    fitting = (s for s in estimator.registry.species_list if equation.taxon in (s.id, *s.groups, "any"))
    return next(fitting).id


def test_every_equation_of_the_registry_can_be_repeated(trusting: RegistryEstimator) -> None:
    steps = 0
    for equation in trusting.registry.equations.values():
        species = a_species(trusting, equation)
        for d_cm, h_m in SIZES:
            steps += repeated(explain(trusting, SinkInput(species, d_cm, h_m, None, equation.id)))
    assert steps > 5_000


def test_a_negative_part_is_squared_as_every_calculator_squares(shipped: Registry) -> None:
    contents = dict(shipped.contents)
    contents["equations.csv"] = contents["equations.csv"].replace(b"a=0.0881;b=2.4651", b"a=50;b=-1.5")
    falling = RegistryEstimator(Registry(contents))
    found = explain(falling, SinkInput("马尾松", 5.0, None, None, "pinus_massoniana-20caf8"))
    assert repeated(found)
    assert any("(-0." in step.calculation and "^2" in step.calculation for step in found.steps)


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(["杉木", "马尾松", "柳杉", "枫香", "木荷", "麻栎", "杜仲"]),
    st.decimals(1, 60, places=1).map(float),
    st.none() | st.decimals("1.4", 40, places=1).map(float),
    st.none() | st.decimals("0.2", "0.9", places=3).map(float),
)
def test_any_tree_can_be_repeated(
    estimator: RegistryEstimator, species: str, d_cm: float, h_m: float | None, density: float | None
) -> None:
    found = explain(estimator, SinkInput(species, d_cm, h_m, density))
    assert repeated(found) or found.sink.error


def test_the_last_steps_are_the_result(estimator: RegistryEstimator) -> None:
    found = explain(estimator, SinkInput("杉木", 7.197, 8.826))
    steps = {step.name: step for step in found.steps}
    assert steps["co2e"].value == found.sink.co2e_kg
    assert steps["co2e_low"].value == found.sink.co2e_low_kg
    assert steps["co2e_high"].value == found.sink.co2e_high_kg
    assert steps["agb"].calculation == "0.065388 × 7.197^2.01735 × 8.826^0.49425"
    assert steps["half_width"].formula == "z × √(u_D² + u_H² + u_s² + u_b²)"


def test_a_step_takes_up_what_an_earlier_one_printed(estimator: RegistryEstimator) -> None:
    steps = {step.name: step for step in explain(estimator, SinkInput("柳杉", 6.0)).steps}
    assert steps["bgb"].calculation == f"{steps['agb'].taken} × 0.25"
    assert steps["co2e"].calculation == f"{steps['carbon'].taken} × 44/12"


def test_digits_are_never_powers_of_ten() -> None:
    assert digits(1.5e-7) == "0.00000015"
    assert digits(123456789012.0) == "123456790000"
    assert digits(12.5) == "12.5"


def test_a_sum_is_cut_between_its_summands_only() -> None:
    assert top_level_terms("exp(-1 + 2·ln D) + exp(-3 + 4·ln D)") == ["exp(-1 + 2·ln D)", "exp(-3 + 4·ln D)"]
    assert top_level_terms("-46.974 + 9.4131·D") == ["-46.974", "9.4131·D"]
