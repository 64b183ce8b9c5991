"""The card of trees together: what each equation gives, both kinds of error, quota and flat value apart."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Context, Decimal

import pytest

from fieldapp import i18n
from fieldapp.carbon.card_text import card_lines
from fieldapp.carbon.estimate import RegistryEstimator
from fieldapp.carbon.sum_card import Sum, SumPart, as_dict, card_of_sum
from fieldapp.domain import programme as programmes
from fieldapp.domain.totals import Kind, Part, Total, add_up
from tests.carbon.calculator import work_out

RULES = programmes.load(dt.date(2026, 3, 1))


def a_sum() -> Sum:
    total = Total(
        trees=277,
        co2e_kg=10473.5,
        random_half_squared=150.0**2,
        shared_half_kg={
            "equation cunninghamia_lanceolata-342cd3": 630.9,
            "density cryptomeria": 421.5,
            "root_shoot_ratio": 55.25,
        },
    )
    parts = (
        SumPart("cunninghamia_lanceolata-342cd3", "m-1", "transcribed", 160, 4205.8),
        SumPart("cryptomeria_japonica_sinensis-ac6bb3", "m-1", "transcribed", 91, 5617.8),
        SumPart("cunninghamia_lanceolata-lyt2264-agb", "m-1", "transcribed", 26, 649.9),
    )
    return Sum(300, total, parts, 1.2)


def test_a_pocket_calculator_repeats_the_sum_and_its_range() -> None:
    asked = a_sum()
    card = card_of_sum(asked, RULES, "t")
    for step in card.steps:
        assert Context(prec=8).plus(work_out(step.calculation)) == Decimal(step.value), step
    ends = {step.symbol: float(step.value) for step in card.steps}
    assert ends["CO2"] == pytest.approx(asked.total.co2e_kg)
    assert ends["CO2_low"] == pytest.approx(asked.total.low_kg, rel=1e-7)
    assert ends["CO2_high"] == pytest.approx(asked.total.high_kg, rel=1e-7)
    assert ends["B"] > ends["A"]


def test_every_shared_error_and_the_random_part_are_worked_out_from_the_kilograms(estimator: RegistryEstimator) -> None:
    fir, cedar = "cunninghamia_lanceolata", "cryptomeria_japonica_sinensis"
    kinds = (Kind(fir, f"{fir}-342cd3", ()), Kind(fir, f"{fir}-342cd3", ("extrapolated",)), Kind(cedar, "ac6bb3", ()))
    total = add_up([Part(kind, 9, 400.7, 18000.3, 3300.1) for kind in kinds], estimator)
    parts = tuple(SumPart(one, "m", "transcribed", *what) for one, what in total.by_equation.items())
    steps = [step for step in card_of_sum(Sum(27, total, parts, None), RULES, "t").steps if step.symbol[0] in "AB"]
    written = {step.symbol: step.calculation for step in steps}
    assert written["B_b"] == "0.15 × 400.7 + 0.212132034355964 × 400.7"
    assert written["A"].startswith("√(9900.3 - ")
    for step in steps:
        assert Context(prec=8).plus(work_out(step.calculation)) == Decimal(step.value), step


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_the_two_numbers_and_the_quota_stand_apart(language: str) -> None:
    i18n.set_language(language)
    card = card_of_sum(a_sum(), RULES, "t")
    text = "\n".join(card_lines(card))
    assert "270" in text  # 1.2 mu of 225
    assert "3,000 kg" in text
    assert "900" in text
    assert RULES.version in text
    assert RULES.valid_from.isoformat() in text
    assert RULES.settings["trees_per_mu"].source(language) in text
    assert i18n.t("carbon.sum.apart_words") in text
    assert "carbon.sum" not in text
    assert card.headline.count("10,473.5") == 1


@pytest.mark.parametrize(
    ("language", "words"), [("zh_CN", "平台 300 株，测算 277 株"), ("en", "platform 300, computed 277")]
)
def test_unlike_counts_are_told_beside_the_flat_value(language: str, words: str) -> None:
    i18n.set_language(language)
    assert words in "\n".join(card_lines(card_of_sum(a_sum(), RULES, "t")))
    alike = replace(a_sum(), counted=277)
    assert i18n.t("carbon.sum.counts") not in "\n".join(card_lines(card_of_sum(alike, RULES, "t")))


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_doubtful_trees_are_counted_on_the_card(language: str) -> None:
    i18n.set_language(language)
    line = i18n.labelled(i18n.t("carbon.sum.doubtful"), "12")
    assert line not in "\n".join(card_lines(card_of_sum(a_sum(), RULES, "t")))
    assert line in "\n".join(card_lines(card_of_sum(replace(a_sum(), doubtful=12), RULES, "t")))
    assert as_dict(replace(a_sum(), doubtful=12), RULES)["trees_doubtful"] == 12


def test_the_figure_that_was_asked_for_stands_first() -> None:
    card = card_of_sum(a_sum(), RULES, "t", "300 trees", "quota")
    assert card.headline == "300 trees"
    assert card.before[0].title == i18n.t("carbon.sum.section.quota")
    titles = [section.title for section in (*card.before, *card.after)]
    assert len(titles) == len(set(titles))


def test_a_parcel_has_no_quota_and_an_empty_one_no_steps() -> None:
    card = card_of_sum(Sum(0, Total(), (), None, has_quota=False), RULES, "t")
    assert card.steps == ()
    assert card.headline == i18n.t("carbon.sum.nothing")
    assert i18n.t("carbon.sum.section.quota") not in "\n".join(card_lines(card))


def test_the_checksum_is_of_the_numbers_not_of_the_words() -> None:
    chinese = card_of_sum(a_sum(), RULES, "t").checksum
    i18n.set_language("en")
    assert card_of_sum(a_sum(), RULES, "other").checksum == chinese
    assert card_of_sum(replace(a_sum(), area_mu=1.3), RULES, "t").checksum != chinese
    assert as_dict(a_sum(), RULES)["trees_with_result"] == 277


@pytest.mark.parametrize(("language", "words"), [("zh_CN", "其中 91 株外推"), ("en", "extrapolated for 91 of them")])
def test_extrapolated_trees_of_a_sum_are_marked(language: str, words: str) -> None:
    asked = a_sum()
    parts = tuple(replace(part, extrapolated=91 if part.trees == 91 else 0) for part in asked.parts)
    marked = replace(asked, parts=parts)
    i18n.set_language(language)
    text = "\n".join(card_lines(card_of_sum(marked, RULES, "t")))
    assert text.count(words) == 1
    assert as_dict(marked, RULES)["parts"] != as_dict(asked, RULES)["parts"]


@pytest.mark.parametrize(("language", "words"), [("zh_CN", "91 株树高由"), ("en", "curve for 91")])
def test_heights_from_a_curve_are_counted_in_a_sum(language: str, words: str) -> None:
    asked = a_sum()
    parts = tuple(replace(part, from_curve=91 if part.trees == 91 else 0) for part in asked.parts)
    i18n.set_language(language)
    text = "\n".join(card_lines(card_of_sum(replace(asked, parts=parts), RULES, "t")))
    assert text.count(words) == 1
    assert as_dict(replace(asked, parts=parts), RULES)["parts"] != as_dict(asked, RULES)["parts"]
