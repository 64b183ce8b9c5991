"""Bad values are refused with a code that names the field; good ones grow with the tree."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fieldapp import i18n
from fieldapp.carbon import registry
from fieldapp.carbon.check import typical_height
from fieldapp.carbon.estimate import RegistryEstimator
from fieldapp.carbon.explain import explain
from fieldapp.carbon.limits import FIELDS
from fieldapp.carbon.registry import Registry
from fieldapp.domain.sinks import SinkInput

REGISTRY = registry.load()
ESTIMATOR = RegistryEstimator(REGISTRY)
TREES = [s.chinese for s in REGISTRY.species_list if s.habit != "bamboo"]


@pytest.mark.parametrize(
    ("tree", "code"),
    [
        (SinkInput("", 7.0), "carbon_species_missing"),
        (SinkInput("  ", 7.0), "carbon_species_missing"),
        (SinkInput("铁树王", 7.0), "carbon_species_unknown"),
        (SinkInput("毛竹", 9.0), "carbon_bamboo"),
        (SinkInput("杉木", None), "carbon_dbh_missing"),
        (SinkInput("杉木", 0.0), "carbon_dbh_not_positive"),
        (SinkInput("杉木", -3.0), "carbon_dbh_not_positive"),
        (SinkInput("杉木", 400.0), "carbon_dbh_too_large"),
        (SinkInput("杉木", math.nan), "carbon_dbh_not_a_number"),
        (SinkInput("杉木", math.inf), "carbon_dbh_not_a_number"),
        (SinkInput("杉木", 7.0, 1.2), "carbon_height_too_low"),
        (SinkInput("杉木", 7.0, 1.3), "carbon_height_too_low"),
        (SinkInput("杉木", 7.0, 300.0), "carbon_height_too_large"),
        (SinkInput("杉木", 7.0, 6.0, 0.0), "carbon_density_out_of_range"),
        (SinkInput("杉木", 7.0, 6.0, None, "no-such"), "carbon_equation_unknown"),
        (SinkInput("杉木", 7.0, None, None, "cunninghamia_lanceolata-lyt2264-agb"), "carbon_equation_needs_height"),
        (SinkInput("漆", 7.0, None, None, "zeng2018-general"), "carbon_equation_needs_density"),
        (SinkInput("杉木", 7.0, 6.0, None, "cunninghamia_lanceolata-stem-ji2016"), "carbon_equation_is_part"),
        (SinkInput("马尾松", 9.0, 7.0, None, "pinus_massoniana-volume-guizhou"), "carbon_equation_memory"),
    ],
)
def test_refused_with_the_field_named(tree: SinkInput, code: str) -> None:
    sink = ESTIMATOR.estimate(tree)
    assert sink.error == code
    assert sink.agb_kg is None
    assert sink.co2e_high_kg is None
    assert sink.method_version == REGISTRY.version
    assert FIELDS[code]


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_every_refusal_has_words(language: str) -> None:
    i18n.set_language(language)
    for code in FIELDS:
        assert i18n.t(f"finding.{code}")


def test_numbers_from_memory_need_the_switch() -> None:
    tree = SinkInput("马尾松", 10.0, 8.0, None, "pinus_massoniana-volume-guizhou")
    sink = RegistryEstimator(REGISTRY, allow_memory=True).estimate(tree)
    assert sink.error == ""
    assert sink.status == "memory"
    assert "memory" in sink.flags


def test_without_the_switch_no_result_rests_on_memory() -> None:
    for name in TREES:
        for height in (None, 6.0):
            sink = ESTIMATOR.estimate(SinkInput(name, 7.0, height))
            assert sink.status != "memory"
            assert "memory" not in sink.flags


def test_every_tree_species_gets_a_result_at_the_programmes_sizes() -> None:
    for name in TREES:
        for d in (5.0, 6.5, 8.0):
            sink = ESTIMATOR.estimate(SinkInput(name, d))
            assert sink.error == "", (name, d)
            assert sink.agb_kg is not None
            assert 0.05 * d * d < sink.agb_kg < 1.2 * d * d, (name, d)


@given(st.sampled_from(sorted(REGISTRY.equations)), st.floats(0, 1), st.floats(0, 1), st.floats(0.7, 1.4))
@settings(max_examples=300, deadline=None)
def test_monotone_in_d_within_range(equation_id: str, first: float, second: float, slender: float) -> None:
    equation = REGISTRY.equations[equation_id]
    low, high = equation.d_min_cm or 3.0, equation.d_max_cm or 40.0
    a, b = sorted((low + (high - low) * first, low + (high - low) * second))
    if b - a < 1e-6:
        return
    h = slender * typical_height(b)  # the two-way volumes fall with D for trees as squat as no tree is
    x, y = equation.model.column([a, b], [h, h], [0.5, 0.5])
    assert x < y


@given(
    st.sampled_from([e.id for e in REGISTRY.equations.values() if e.needs_height and e.output != "bgb"]),
    st.floats(5, 50),
    st.floats(4, 40),
    st.floats(0.01, 8),
)
@settings(deadline=None)
def test_monotone_in_h(equation_id: str, d: float, h: float, more: float) -> None:
    x, y = REGISTRY.equations[equation_id].model.column([d, d], [h, h + more], [0.5, 0.5])
    assert x < y


@given(st.sampled_from(TREES), st.floats(3, 60), st.one_of(st.none(), st.floats(2, 30)))
@settings(deadline=None)
def test_parts_add_up_and_the_range_holds_the_value(name: str, d: float, h: float | None) -> None:
    sink = ESTIMATOR.estimate(SinkInput(name, d, h))
    assert sink.error == ""
    assert sink.co2e_kg == sink.carbon_kg * (44 / 12)
    assert sink.co2e_low_kg <= sink.co2e_kg <= sink.co2e_high_kg
    assert sink.carbon_kg < sink.agb_kg + sink.bgb_kg


def test_organs_add_up_to_the_whole() -> None:
    d, h = [3.0, 7.3, 20.0], [3.1, 6.4, 14.0]
    for total in REGISTRY.equations.values():
        parts = [
            e
            for e in REGISTRY.equations.values()
            if e.output in ("stem", "branch", "foliage") and (e.taxon, e.reference) == (total.taxon, total.reference)
        ]
        if total.output != "agb" or len(parts) != 3:
            continue
        whole = total.model.column(d, h, [])
        columns = [part.model.column(d, h, []) for part in parts]
        for place, value in enumerate(whole):
            assert sum(column[place] for column in columns) == pytest.approx(value, abs=1e-8), total.id


def test_an_equation_of_another_species_has_a_wider_bias(estimator: RegistryEstimator) -> None:
    """Its own 15 % and 80 % for the other species, in quadrature, in the tree's range and in what trees share."""
    pine = "pinus_massoniana-20caf8"
    own, other = (SinkInput(name, 10.0, None, None, pine) for name in ("马尾松", "柳杉"))
    halves = []
    for tree in (own, other):
        sink = estimator.estimate(tree)
        assert sink.co2e_kg is not None
        assert sink.co2e_high_kg is not None
        halves.append(sink.co2e_high_kg / sink.co2e_kg - 1.0)
        shared = estimator.shared_half_widths(tree.species, pine, sink.flags) or {}
        assert shared[f"equation {pine}"] == pytest.approx(0.15 if tree is own else (0.15**2 + 0.80**2) ** 0.5)
    assert halves[1] > 0.8 > halves[0]
    steps = {step.name: step for step in explain(estimator, other).steps}
    assert "0.8 /" in steps["error_bias"].calculation


def test_a_methodology_without_that_number_keeps_its_ranges(shipped: Registry) -> None:
    lines = shipped.contents["factors.csv"].splitlines(keepends=True)
    older = b"".join(line for line in lines if b"bias_other_species" not in line)
    estimator = RegistryEstimator(Registry(shipped.contents | {"factors.csv": older}))
    shared = estimator.shared_half_widths("柳杉", "pinus_massoniana-20caf8", ()) or {}
    assert shared["equation pinus_massoniana-20caf8"] == pytest.approx(0.15)
