"""All equations of a tree side by side."""

from __future__ import annotations

import pytest

from fieldapp import i18n
from fieldapp.carbon.compare import compare, curve, curve_through
from fieldapp.carbon.estimate import RegistryEstimator
from fieldapp.carbon.picture import picture_of
from fieldapp.carbon.words import comparison_dict, comparison_lines
from fieldapp.domain.sinks import SinkInput


def test_the_chosen_one_stands_first(estimator: RegistryEstimator) -> None:
    tree = SinkInput("杉木", 12.0, 10.0)
    found = compare(estimator, tree)
    assert found.lines[0].chosen
    assert found.lines[0].sink == estimator.estimate(SinkInput("杉木", 12.0, 10.0, None, found.lines[0].equation.id))
    assert sum(line.chosen for line in found.lines) == 1
    assert len(found.lines) > 10
    assert found.spread is not None
    low, high = found.spread
    assert high > 2 * low


def test_a_height_opens_more_equations_and_memory_stays_closed(
    estimator: RegistryEstimator, trusting: RegistryEstimator
) -> None:
    bare, tall = SinkInput("马尾松", 10.0), SinkInput("马尾松", 10.0, 8.0)
    assert len(compare(estimator, bare).lines) < len(compare(estimator, tall).lines)
    volume = "pinus_massoniana-volume-guizhou"
    assert volume not in {line.equation.id for line in compare(estimator, tall).lines}
    assert volume in {line.equation.id for line in compare(trusting, tall).lines}


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_in_words_and_as_data(estimator: RegistryEstimator, language: str) -> None:
    i18n.set_language(language)
    found = compare(estimator, SinkInput("马尾松", 10.0))
    assert any("pinus_massoniana-20caf8" in line for line in comparison_lines(found))
    data = comparison_dict(found)
    assert data["spread"]["ratio"] == pytest.approx(data["spread"]["high_kg"] / data["spread"]["low_kg"])
    refused = comparison_dict(compare(estimator, SinkInput("毛竹", 10.0)))
    assert refused["equations"] == []
    assert refused["error"]


def test_a_curve_for_the_picture(estimator: RegistryEstimator) -> None:
    equation = estimator.registry.equations["pinus_massoniana-20caf8"]
    line = curve(equation)
    assert line.range_cm == (4.5, 16.0)
    assert list(line.agb_kg) == sorted(line.agb_kg)
    assert len(line.d_cm) == len(line.agb_kg)


@pytest.mark.parametrize(
    "tree", [SinkInput("杉木", 6.6, 5.0), SinkInput("马尾松", 12.3), SinkInput("杜仲", 31.0, 14.0)]
)
def test_every_curve_goes_through_the_tree(estimator: RegistryEstimator, tree: SinkInput) -> None:
    assert tree.dbh_cm is not None
    for line in compare(estimator, tree).lines:
        found = curve_through(estimator, line, tree, tree.dbh_cm)
        assert found is not None
        assert found.agb_kg[-1] == pytest.approx(line.sink.agb_kg, rel=1e-9)


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_the_picture_has_the_lines_of_the_table(estimator: RegistryEstimator, language: str) -> None:
    i18n.set_language(language)
    tree = SinkInput("杉木", 6.6, 5.0)
    picture, found = picture_of(estimator, tree), compare(estimator, tree)
    assert [line.equation_id for line in picture.lines] == [line.equation.id for line in found.lines]
    assert [line.number for line in picture.lines] == list(range(1, len(found.lines) + 1))
    assert picture.lines[0].chosen
    assert picture.up_to_cm == 15
    assert picture_of(estimator, SinkInput("毛竹", 9.0)).error == i18n.t("finding.carbon_bamboo")
