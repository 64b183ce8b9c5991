"""The grid hides the last bit of any mathematical library."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fieldapp.carbon import registry
from fieldapp.carbon.estimate import RegistryEstimator
from fieldapp.carbon.exact import CONTEXT, GRID_BITS, snap
from fieldapp.carbon.forms import FORMS
from fieldapp.carbon.models import PowerSum, TwoBranches
from fieldapp.domain.sinks import SinkInput

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


@given(st.sampled_from(sorted(REGISTRY.equations)), st.floats(1, 100), st.floats(2, 40), st.floats(0.2, 1.2))
@settings(max_examples=300, deadline=None)
def test_elasticities_are_those_of_decimal_arithmetic(equation_id: str, d: float, h: float, rho: float) -> None:
    model = REGISTRY.equations[equation_id].model
    if isinstance(model, TwoBranches):
        model = model.branch(d)
    values = model.column([d], [h], [rho])
    for slope in model.slopes([d], [h], [rho], values):
        assert isinstance(slope, float) or (slope[0] * 2.0**GRID_BITS).is_integer(), "on the grid, as the card says"
    if not isinstance(model, PowerSum) or not values[0]:
        return
    terms = [term.exact(Decimal(d), Decimal(h), Decimal(rho)) for term in model.terms]
    for way, slope in zip(("d", "h", "rho"), model.slopes([d], [h], [rho], values), strict=True):
        powers = [Decimal(float(getattr(term, way))) for term in model.terms]
        weighted = [CONTEXT.multiply(power, term) for power, term in zip(powers, terms, strict=True)]
        exact = CONTEXT.divide(sum(weighted, Decimal(0)), Decimal(values[0]))
        if isinstance(slope, list):
            steps = int((exact * 2**GRID_BITS).to_integral_value(ROUND_HALF_EVEN))
            assert slope == [steps / 2.0**GRID_BITS]
        else:
            assert slope == float(powers[0]), "one power for all terms"


RANGES = {
    ("liquidambar_formosana-c0bb58", 8.0, 7.5): ("0x1.b818d8bf025adp+4", "0x1.0e2ba44b7dc72p+6"),
    ("quercus_glauca-ji2016", 6.3, 5.1): ("0x1.484abac9a414ap+3", "0x1.b957ac5a32708p+4"),
    ("evergreen_broadleaf-70a9e8", 17.9, 11.2): ("0x1.0e0933c201b91p+7", "0x1.3d2eec27d1970p+9"),
    ("pinus_massoniana-volume-guizhou", 20.0, 15.0): ("0x1.da95dd2d83e2ep+6", "0x1.a3ec296efd719p+8"),
    ("keteleeria_davidiana-c49b11", 5.55, 4.0): ("0x1.2f28e4f3633aap+3", "0x1.ae71a08a0c629p+4"),
    ("cunninghamia_lanceolata-lyt2264-agb", 7.1, 6.4): ("0x1.53f8981ad2c9ep+3", "0x1.b66c3135d2983p+4"),
}


@pytest.mark.parametrize("asked", RANGES, ids=lambda asked: str(asked[0]))
def test_a_range_is_the_same_to_the_bit_on_every_python(asked: tuple[str, float, float]) -> None:
    """Written down with Python 3.11; the sum() of 3.12 and later would give other bits."""
    equation, d_cm, h_m = asked
    estimator = RegistryEstimator(REGISTRY, allow_memory=True)
    taxon = REGISTRY.equations[equation].taxon
    species = next(s.id for s in REGISTRY.species_list if taxon in (s.id, *s.groups))
    sink = estimator.estimate(SinkInput(species, d_cm, h_m, None, equation))
    assert sink.co2e_low_kg is not None
    assert sink.co2e_high_kg is not None
    assert (sink.co2e_low_kg.hex(), sink.co2e_high_kg.hex()) == RANGES[asked]
