"""Numbers worked out by hand beside the code: where a boundary lies, which part counts, what is added to what."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from math import log, pi, sqrt
from typing import cast

import pytest

from fieldapp.carbon.bias import biases
from fieldapp.carbon.check import check
from fieldapp.carbon.choice import PLACES
from fieldapp.carbon.entries import Equation, Species
from fieldapp.carbon.estimate import RegistryEstimator, columns_of_one
from fieldapp.carbon.growth import Remeasured, stock_change
from fieldapp.carbon.height_curve import HeightCurve
from fieldapp.carbon.limits import refused_girth
from fieldapp.carbon.registry import Registry
from fieldapp.carbon.routes import Route, lay
from fieldapp.carbon.two_numbers import two_numbers
from fieldapp.carbon.uncertainty import simulate
from fieldapp.domain import programme
from fieldapp.domain.sinks import SinkInput
from fieldapp.domain.totals import Total

Z = 1.645
MASSON, FIR = "pinus_massoniana-20caf8", "cunninghamia_lanceolata-lyt2264-agb"
# LY/T 2264 at D 7 cm, H 6 m, branch of D >= 5
ABOVE = 0.065388 * 7**2.01735 * 6**0.49425 * 0.5003
BELOW = 0.016385 * 7**2.52941 * 6**-0.11744 * 0.4880
SLOPE_D = (ABOVE * 2.01735 + BELOW * 2.52941) / (ABOVE + BELOW)
SLOPE_H = (ABOVE * 0.49425 - BELOW * 0.11744) / (ABOVE + BELOW)


def _species(registry: Registry, name: str) -> Species:
    return cast(Species, registry.species(name))


def _halves(registry: Registry, species: Species, equation: Equation, *, inside: bool) -> tuple[float, ...]:
    return tuple(float(half.value) for half in biases(registry, species, equation, inside=inside))


def _fir(estimator: RegistryEstimator) -> tuple[Route, SinkInput]:
    tree = SinkInput("杉木", 7.0, 6.0)
    route = estimator.plan(tree).route
    assert route is not None
    assert route.equation.id == FIR
    return route, tree


@pytest.mark.parametrize(
    ("n", "half"), [(None, 0.25), (1, 0.25), (9, 0.25), (10, 0.20), (29, 0.20), (30, 0.15), (31, 0.15)]
)
def test_the_bias_steps_at_10_and_at_30_sample_trees(shipped: Registry, n: int | None, half: float) -> None:
    equation = replace(shipped.equations[MASSON], n=n)
    pine = _species(shipped, "马尾松")
    assert _halves(shipped, pine, equation, inside=True) == (half,)
    assert _halves(shipped, pine, equation, inside=False) == (half, 0.15)
    group = replace(equation, level="group", n=4004)
    assert _halves(shipped, pine, group, inside=True) == (0.25,)


def test_a_density_counts_by_its_relative_sd(shipped: Registry) -> None:
    chave = shipped.equations["chave2014-eq4"]
    pine = _species(shipped, "马尾松")
    assert lay(shipped, pine, chave, density=None, inside=True).errors.density_sd == pytest.approx(0.053 / 0.485)
    assert lay(shipped, pine, chave, density=0.4, inside=True).errors.density_sd == 0.10
    plain = lay(shipped, pine, shipped.equations[MASSON], density=None, inside=True)
    assert plain.errors.density_sd == 0.0


def test_measuring_a_height_adds_its_own_error(estimator: RegistryEstimator) -> None:
    route, tree = _fir(estimator)
    values = columns_of_one(route, tree)
    assert values.co2e[0] == pytest.approx((ABOVE + BELOW) * 44 / 12)
    relative = sqrt((SLOPE_D * 0.3 / 7) ** 2 + (SLOPE_H * 0.5 / 6) ** 2)
    assert sqrt(route.measurement_variance(7.0, 6.0, values)) == pytest.approx(values.co2e[0] * relative)


def test_the_range_of_one_tree(estimator: RegistryEstimator) -> None:
    route, tree = _fir(estimator)
    values = columns_of_one(route, tree)
    (bias,) = _halves(estimator.registry, route.species, route.equation, inside=True)
    variance = (SLOPE_D * 0.3 / 7) ** 2 + (SLOPE_H * 0.5 / 6) ** 2 + 0.20**2 + (bias / Z) ** 2
    assert values.high[0] / values.co2e[0] - 1 == pytest.approx(Z * sqrt(variance))
    assert 1 - values.low[0] / values.co2e[0] == pytest.approx(Z * sqrt(variance))


def test_a_volume_errs_by_its_density_and_its_expansion_factor_too(shipped: Registry) -> None:
    tree = SinkInput("马尾松", 20.0, 15.0, None, "pinus_massoniana-volume-guizhou")
    sink = RegistryEstimator(shipped, allow_memory=True).estimate(tree)
    d, h = 20.0, 15.0
    by_d = 1.93896 - 0.0042676 * (d + h) + d * (-0.0042676 * log(d) + 0.0059256 * log(h))
    by_h = 0.70998 + 0.0059256 * (d + h) + h * (-0.0042676 * log(d) + 0.0059256 * log(h))
    roots = 0.187 / 1.187 * 0.30
    measured = (by_d * 0.3 / d) ** 2 + (by_h * 0.5 / h) ** 2
    variance = measured + roots**2 + 0.14**2 + 0.17**2 + 0.20**2 + (0.25 / Z) ** 2
    assert sink.co2e_kg is not None
    assert sink.co2e_high_kg == pytest.approx(sink.co2e_kg * (1 + Z * sqrt(variance)))


def test_the_monte_carlo_draws_heights_too(estimator: RegistryEstimator) -> None:
    route, _tree = _fir(estimator)
    none = {"dbh_sd_cm": 0.0, "residual_sd": 0.0, "bias_sd": 0.0, "density_sd": 0.0, "root_ratio_sd": 0.0}
    only_height = replace(route, errors=replace(route.errors, **none))
    mean, half = simulate([[(only_height, 7.0, 6.0)]], 4000, 7, Z)
    assert mean == pytest.approx((ABOVE + BELOW) * 44 / 12, rel=0.01)
    assert half / mean == pytest.approx(Z * SLOPE_H * 0.5 / 6, rel=0.05)


@pytest.mark.parametrize(("d", "branch"), [(4.99, 0), (5.0, 1), (5.01, 1)])
def test_the_branch_of_5_cm_is_the_upper_one(shipped: Registry, d: float, branch: int) -> None:
    a, b = ((0.190713, 1.35226), (0.065388, 2.01735))[branch]
    model = shipped.equations[FIR].model
    for column in ([d], [d, 20.0], [2.0, d]):  # alone, beside a thick tree, beside a thin one
        place = column.index(d)
        heights = [6.0] * len(column)
        assert model.column(column, heights, [])[place] == pytest.approx(a * d**b * 6**0.49425, abs=1e-9)
        by_d, by_h, by_rho = model.slopes(column, heights, [], model.column(column, heights, []))
        assert (by_d if isinstance(by_d, float) else by_d[place]) == pytest.approx(b)
        assert (by_h if isinstance(by_h, float) else by_h[place]) == pytest.approx(0.49425)
        assert (by_rho if isinstance(by_rho, float) else by_rho[place]) == 0.0


def test_the_largest_girth_is_that_of_the_largest_diameter() -> None:
    assert refused_girth(300.0 * pi) == ""
    assert refused_girth(942.4) == ""  # a girth may be more than 300: that is a diameter
    assert refused_girth(942.5) == "carbon_girth_too_large"


def test_the_larger_bias_of_the_two_ends_scales_the_gain(estimator: RegistryEstimator) -> None:
    """From 3 cm, outside 4.5-16 cm, to 7 cm inside: sqrt(0.15^2 + 0.15^2) of the gain at 90 %, and roots apart."""
    small, large = SinkInput("马尾松", 3.0), SinkInput("马尾松", 7.0)
    asked = [replace(tree, equation_id=MASSON) for tree in (small, large)]
    change = stock_change(estimator, [Remeasured(*asked)] * 2, 3.0)
    back = stock_change(estimator, [Remeasured(*reversed(asked))] * 2, 3.0)
    assert change.correlated_half_width_kg == pytest.approx(sqrt(2) * 0.15 * change.change_kg)
    assert back.correlated_half_width_kg == pytest.approx(change.correlated_half_width_kg)


@pytest.mark.parametrize(("d", "covered"), [(3.99, False), (4.0, True), (9.0, True), (9.01, False)])
def test_a_height_curve_reaches_1_cm_beyond_its_diameters(d: float, covered: bool) -> None:
    assert HeightCurve("杉木", 1.3, 0.21, 8, 5.0, 8.0, 0.3).covers(d) is covered


def test_places_are_nearest_first() -> None:
    assert PLACES[0] == "guizhou"
    assert PLACES[-1] == "elsewhere"


def test_the_platforms_value_counts_trees_that_nothing_was_computed_for() -> None:
    rules = programme.load(dt.date(2019, 1, 1))
    both = two_numbers(rules, Total(trees=7, co2e_kg=100.0, refused=3), "v")
    assert both.platform.co2e_kg == 100.0
    assert both.platform.yuan == 30.0
    assert (both.computed.trees, both.computed.refused, both.computed.stock_kg) == (7, 3, 100.0)


@pytest.mark.parametrize(
    ("old", "new", "codes"),
    [
        # 0.0881 D^2.4651 at 10 cm is 25.71 kg; a thousandth more is outside the worked value's tolerance
        ("a=0.0881;b=2.4651", "a=0.08812;b=2.4651", {"worked"}),
        # 1.2 D^2 and 0.05 D^2 are the band's own edges: just inside, just outside, at every D of 5-16 cm
        ("a=0.0881;b=2.4651", "a=1.1999;b=2", {"worked"}),
        ("a=0.0881;b=2.4651", "a=1.2001;b=2", {"band"}),
        ("a=0.0881;b=2.4651", "a=0.0501;b=2", {"worked"}),
        ("a=0.0881;b=2.4651", "a=0.0499;b=2", {"band"}),
        # flat is not growing
        ("a=0.0881;b=2.4651", "a=10;b=0", {"band", "not_monotone"}),
    ],
)
def test_where_the_checks_bounds_lie(shipped: Registry, old: str, new: str, codes: set[str]) -> None:
    text = shipped.contents["equations.csv"].decode()
    assert old in text
    damaged = Registry(shipped.contents | {"equations.csv": text.replace(old, new).encode()})
    assert {one.code for one in check(damaged)} == codes


@pytest.mark.parametrize(
    ("value", "codes"),
    [("0.3999", {"factor"}), ("0.41", {"worked"}), ("0.59", {"worked"}), ("0.6001", {"factor"})],
)
def test_where_a_carbon_fraction_may_lie(shipped: Registry, value: str, codes: set[str]) -> None:
    text = shipped.contents["factors.csv"].decode()
    old = "default,any,carbon_fraction_above,0.47,"
    assert old in text
    changed = text.replace(old, f"default,any,carbon_fraction_above,{value},").encode()
    assert {one.code for one in check(Registry(shipped.contents | {"factors.csv": changed}))} == codes
