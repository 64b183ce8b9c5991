"""A parcel's kept curve gives heights to trees without one, the same bytes alone and in columns, and says so."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fieldapp.carbon import registry
from fieldapp.carbon.bulk import ColumnEstimator, Inputs
from fieldapp.carbon.card import card_of
from fieldapp.carbon.compare import compare
from fieldapp.carbon.estimate import RegistryEstimator, columns_of_one
from fieldapp.carbon.explain import explain
from fieldapp.carbon.growth import Remeasured, stock_change
from fieldapp.carbon.height_curve import MIN_HEIGHTS, HeightCurve
from fieldapp.carbon.kept_curve import REACH, as_text, most_heights, propose, read_curve
from fieldapp.carbon.picture import picture_of
from fieldapp.carbon.words import comparison_dict, comparison_lines
from fieldapp.domain.sinks import SinkInput
from fieldapp.i18n import t
from tests.carbon.calculator import work_out

ESTIMATOR = RegistryEstimator(registry.load())
FIR = HeightCurve("cunninghamia_lanceolata", 1.3, 0.21, 12, 5.0, 9.0, 0.7, "2026-11-23")
TEXT = as_text(FIR)
LYT = "cunninghamia_lanceolata-lyt2264-agb"


def known_as(name: str) -> str:
    """A species' id, "" for one that nobody knows."""
    found = ESTIMATOR.registry.species(name)
    return found.id if found is not None else ""


def test_the_text_is_read_as_it_was_written() -> None:
    assert read_curve(TEXT) == FIR
    assert as_text(read_curve(TEXT) or FIR) == TEXT
    assert json.loads(TEXT)["version"] == 1


BROKEN: list[dict[str, object]] = [
    *({"version": 2}, {"model": "x"}, {"a": 0}, {"b": -1}, {"a": "x"}, {"sd_m": None}, {"d_min_cm": 10}),
    *({"n": "many"}, {"a": float("nan")}, {"b": float("inf")}),
]


@pytest.mark.parametrize("change", BROKEN)
def test_a_text_that_is_no_curve_gives_no_height_and_says_so(change: dict[str, object]) -> None:
    bad = json.dumps({**json.loads(TEXT), **change})
    assert read_curve(bad) is None
    bare, sink = (
        ESTIMATOR.estimate(SinkInput("杉木", 6.5)),
        ESTIMATOR.estimate(SinkInput("杉木", 6.5, height_curve=bad)),
    )
    assert sink.flags == ("height_curve_unreadable", *bare.flags)
    assert replace(sink, flags=bare.flags) == bare


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    read_curve(text)
    read_curve(f'{{"version":1,"model":"naslund","a":{text}}}')


@pytest.mark.parametrize("name", ["杉木", "Cunninghamia lanceolata"])
def test_a_tree_without_height_gets_the_height_of_the_curve(name: str) -> None:
    sink = ESTIMATOR.estimate(SinkInput(name, 6.5, height_curve=TEXT))
    measured = ESTIMATOR.estimate(SinkInput(name, 6.5, FIR.height(6.5)))
    assert (sink.equation_id, sink.co2e_kg) == (LYT, measured.co2e_kg)
    assert sink.flags == ("height_curve", *measured.flags)
    assert ESTIMATOR.estimate(SinkInput(name, 6.5)).equation_id != LYT


def test_a_measured_height_another_species_and_a_far_diameter_are_left_alone() -> None:
    for tree in (
        SinkInput("杉木", 6.5, 5.5),
        SinkInput("马尾松", 6.5),
        SinkInput("杉木", 9.0 * REACH + 0.1),
        SinkInput("杉木", 5.0 / REACH - 0.1),
        SinkInput("杉木", None),
        SinkInput("杉木", -1.0),
        SinkInput("没有这种树", 6.5),
    ):
        assert ESTIMATOR.estimate(replace(tree, height_curve=TEXT)) == ESTIMATOR.estimate(tree)


@pytest.mark.parametrize(("d_cm", "outside"), [(4.9, True), (5.0, False), (9.0, False), (9.1, True)])
def test_beyond_the_measured_diameters_the_height_is_marked(d_cm: float, outside: bool) -> None:
    flags = ESTIMATOR.estimate(SinkInput("杉木", d_cm, height_curve=TEXT)).flags
    assert "height_curve" in flags
    assert ("height_curve_extrapolated" in flags) is outside


def test_an_equation_without_height_is_not_said_to_use_one() -> None:
    bare = SinkInput("杉木", 6.5, equation_id=ESTIMATOR.estimate(SinkInput("杉木", 6.5)).equation_id)
    assert ESTIMATOR.estimate(replace(bare, height_curve=TEXT)) == ESTIMATOR.estimate(bare)


def test_an_equation_that_needs_a_height_gets_it() -> None:
    asked = SinkInput("杉木", 6.5, equation_id=LYT)
    assert ESTIMATOR.estimate(asked).error == "carbon_equation_needs_height"
    assert ESTIMATOR.estimate(replace(asked, height_curve=TEXT)).co2e_kg


def test_the_range_takes_the_residual_error_of_the_curve() -> None:
    def half(sd_m: float) -> float:
        sink = ESTIMATOR.estimate(SinkInput("杉木", 6.5, height_curve=as_text(replace(FIR, rmse_m=sd_m))))
        return (sink.co2e_high_kg or 0.0) - (sink.co2e_kg or 0.0)

    measured = ESTIMATOR.estimate(SinkInput("杉木", 6.5, FIR.height(6.5)))
    as_measured = (measured.co2e_high_kg or 0.0) - (measured.co2e_kg or 0.0)
    assert as_measured < half(0.7) < half(1.5)
    assert half(0.2) == half(0.5) == as_measured, (
        "no curve knows a height better than 0.5 m, what a measured one errs by"
    )


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["杉木", "马尾松", "毛竹", ""]),
            st.none() | st.floats(-1, 20),
            st.none() | st.floats(1, 20),
            st.sampled_from([None, LYT, "nothing"]),
            st.sampled_from([None, TEXT, "no curve", as_text(replace(FIR, species="pinus_massoniana", b=0.0))]),
        ),
        max_size=20,
    )
)
def test_columns_equal_single_trees(rows: list[tuple[str, float | None, float | None, str | None, str | None]]) -> None:
    trees = [SinkInput(species, d, h, None, asked, curve) for species, d, h, asked, curve in rows]
    columns = Inputs(
        [tree.species for tree in trees],
        [tree.dbh_cm for tree in trees],
        [tree.height_m for tree in trees],
        equation=[tree.equation_id for tree in trees],
        height_curve=[tree.height_curve for tree in trees],
    )
    found = ColumnEstimator(ESTIMATOR).estimate(columns)
    assert [found.sink(place) for place in range(len(trees))] == [ESTIMATOR.estimate(tree) for tree in trees]


def stand(heights: int, bare: int, species: str = "杉木") -> list[SinkInput]:
    """Trees with and without a height."""
    tall = [SinkInput(species, 5.0 + n / 2, FIR.height(5.0 + n / 2)) for n in range(heights)]
    return [*tall, *(SinkInput(species, 6.0 + n / 10) for n in range(bare))]


def test_a_curve_is_proposed_only_with_enough_heights() -> None:
    assert propose(stand(MIN_HEIGHTS - 1, 5), known_as, "2026-11-23") is None
    curve = propose(stand(MIN_HEIGHTS, 5), known_as, "2026-11-23")
    assert curve is not None
    assert (curve.species, curve.n, curve.d_min_cm, curve.d_max_cm) == ("cunninghamia_lanceolata", 8, 5.0, 8.5)
    assert curve.fitted_on == "2026-11-23"
    assert most_heights(stand(5, 3), known_as) == 5
    assert propose([], known_as, "") is None
    assert most_heights([], known_as) == 0


def test_the_species_that_lacks_most_heights_is_proposed_and_the_order_does_not_matter() -> None:
    mixed = [*stand(12, 1), *stand(9, 4, "马尾松"), *stand(10, 0, "没有这种树")]
    curve = propose(mixed, known_as, "")
    assert curve is not None
    assert curve.species == "pinus_massoniana"
    assert propose(mixed[::-1], known_as, "") == curve


def test_a_stock_change_takes_missing_heights_from_the_curve() -> None:
    first, second = SinkInput("杉木", 6.0, height_curve=TEXT), SinkInput("杉木", 7.0, height_curve=TEXT)
    change = stock_change(ESTIMATOR, [Remeasured(first, second)], 1.0)
    kg = [ESTIMATOR.estimate(tree).co2e_kg or 0.0 for tree in (first, second)]
    assert change.change_kg == pytest.approx(kg[1] - kg[0])


def test_walking_a_tree_gives_the_columns_of_its_route() -> None:
    tree = SinkInput("杉木", 6.5, height_curve=TEXT)
    plan, values = ESTIMATOR.walk(tree)
    assert plan.route is not None
    assert values == columns_of_one(plan.route, ESTIMATOR.with_height(tree)[0])


@pytest.mark.parametrize("d_cm", [4.0, 6.5, 8.1, 12.3])
def test_the_card_says_where_the_height_comes_from_and_every_step_can_be_repeated(d_cm: float) -> None:
    found = explain(ESTIMATOR, SinkInput("杉木", d_cm, height_curve=TEXT))
    for step in found.steps:
        assert float(work_out(step.calculation)) == pytest.approx(step.value, rel=2e-10), step
    assert (found.steps[0].name, found.steps[0].unit) == ("height", "m")
    assert found.steps[0].value == FIR.height(d_cm)
    card = found.as_dict()
    assert card["inputs"]["height_m"] is None, "nobody measured it"
    kept = card["height_curve"]
    assert (kept["n"], kept["sd_m"], kept["d_range_cm"]) == (12, 0.7, [5.0, 9.0])
    assert kept["height_error_m"] == 0.7
    assert not [factor for factor in card["factors"] if factor["quantity"] == "height_sd_m"]
    assert kept["extrapolated"] is not (5.0 <= d_cm <= 9.0)
    bare = ESTIMATOR.estimate(SinkInput("杉木", d_cm))
    assert (kept["without_curve"]["equation"], kept["without_curve"]["co2e_kg"]) == (
        bare.equation_id,
        round(bare.co2e_kg or 0.0, 10),
    )
    (section,) = [s for s in card_of(found).before if s.title == t("carbon.card.section.height_curve")]
    words = " ".join(row.text for row in section.rows)
    assert "n = 12" in words
    assert "0.70 m" in words
    assert bare.equation_id in words


def test_a_card_without_a_curve_is_what_it_was() -> None:
    for tree in (SinkInput("杉木", 6.5), SinkInput("杉木", 6.5, 5.5)):
        plain, beside = (explain(ESTIMATOR, one).as_dict() for one in (tree, replace(tree, height_curve="no curve")))
        assert "height_curve" not in plain
        assert "height_curve" not in beside
    same = explain(ESTIMATOR, SinkInput("杉木", 6.5, 5.5, None, None, TEXT)).as_dict()
    assert same == explain(ESTIMATOR, SinkInput("杉木", 6.5, 5.5)).as_dict()


def test_the_value_without_the_curve_stands_beside_it_in_the_comparison() -> None:
    tree = SinkInput("杉木", 6.5, height_curve=TEXT)
    found = compare(ESTIMATOR, tree)
    assert [line.chosen for line in found.lines[:2]] == [True, False]
    assert [line.without_curve for line in found.lines[:3]] == [False, True, False]
    assert found.lines[1].sink == ESTIMATOR.estimate(replace(tree, height_curve=None, equation_id=None))
    assert found.lines[0].sink == ESTIMATOR.estimate(tree)
    lines = "\n".join(comparison_lines(found))
    assert t("carbon.compare.without_curve") in lines
    assert t("carbon.compare.height_from_curve", h=f"{FIR.height(6.5):.1f}") in lines
    marked = [line for line in comparison_dict(found)["equations"] if line.get("without_height_curve")]
    assert [line["equation_id"] for line in marked] == [found.lines[1].equation.id]
    picture = picture_of(ESTIMATOR, tree)
    assert len(picture.lines) == len(found.lines), "those that need a height are drawn with that of the curve"
    assert t("carbon.compare.without_curve") in picture.lines[1].marks


def test_a_curve_that_fits_too_well_errs_as_a_measured_height_and_the_card_names_that_error() -> None:
    found = explain(ESTIMATOR, SinkInput("杉木", 6.5, height_curve=as_text(replace(FIR, rmse_m=0.1)))).as_dict()
    assert (found["height_curve"]["sd_m"], found["height_curve"]["height_error_m"]) == (0.1, 0.5)
    (error,) = [step for step in found["steps"] if step["name"] == "error_height"]
    assert "× 0.5 /" in error["calculation"]
    assert [factor["value"] for factor in found["factors"] if factor["quantity"] == "height_sd_m"] == ["0.5"]
