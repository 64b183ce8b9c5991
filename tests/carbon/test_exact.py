"""The grid hides the last bit of any mathematical library."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from fieldapp.carbon import registry
from fieldapp.carbon.exact import CONTEXT, GRID_BITS, snap
from fieldapp.carbon.forms import FORMS
from fieldapp.carbon.models import TwoBranches

STEP = 2.0**-GRID_BITS
REGISTRY = registry.load()


@given(st.floats(0.5, 60), st.floats(0.01, 2), st.floats(1.2, 3.2), st.integers(-3, 3))
def test_a_library_that_errs_in_its_last_bits_gives_the_same(d: float, a: float, b: float, bits: int) -> None:
    exact_a, exact_b = Decimal(a), Decimal(b)

    def true() -> Decimal:
        return CONTEXT.multiply(exact_a, CONTEXT.power(Decimal(d), exact_b))

    value = a * d**b
    other = value * (1.0 + bits * 2.0**-52)
    assert snap(value, true) == snap(other, true)


def test_the_middle_between_two_points_is_decided_exactly() -> None:
    middle = 3 * STEP / 2
    just_above = Decimal(middle) + Decimal("1e-30")
    assert snap(middle, lambda: just_above) == 2 * STEP
    assert snap(middle, lambda: Decimal(middle) - Decimal("1e-30")) == STEP


@given(st.floats(1, 60))
def test_values_lie_on_the_grid(d: float) -> None:
    value = FORMS["power"]({"a": Decimal("0.0881"), "b": Decimal("2.4651")}).column([d], [], [])[0]
    assert (value / STEP).is_integer()
    assert abs(value - 0.0881 * d**2.4651) <= STEP


@given(st.sampled_from(sorted(REGISTRY.equations)), st.floats(1, 100), st.floats(2, 40), st.floats(0.2, 1.2))
@settings(max_examples=300, deadline=None)
def test_floats_and_decimals_agree_on_every_equation(equation_id: str, d: float, h: float, rho: float) -> None:
    model = REGISTRY.equations[equation_id].model
    if isinstance(model, TwoBranches):
        model = model.branch(d)
    exact = model.exact(Decimal(d), Decimal(h), Decimal(rho))
    steps = int((exact * 2**GRID_BITS).to_integral_value(ROUND_HALF_EVEN))
    assert model.column([d], [h], [rho]) == [steps / 2.0**GRID_BITS]
