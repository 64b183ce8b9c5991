"""The card in words and as a page."""

from __future__ import annotations

import re

import pytest

from fieldapp import i18n
from fieldapp.carbon.card import card_of
from fieldapp.carbon.card_html import page, typeset
from fieldapp.carbon.card_parts import Card
from fieldapp.carbon.card_text import card_lines
from fieldapp.carbon.estimate import RegistryEstimator
from fieldapp.carbon.explain import explain
from fieldapp.carbon.registry import Registry
from fieldapp.carbon.words import place_text
from fieldapp.domain.sinks import SinkInput


@pytest.mark.parametrize(
    ("formula", "set_as"),
    [
        ("0.0837·D^2.3100", "0.0837·D<sup>2.31</sup>"),
        ("100·D^-0.11744", "100·D<sup>−0.11744</sup>"),
        ("0.3·ρ·D^(2.333333333)", "0.3·ρ·D<sup>2.333333333</sup>"),
        ("1·D^(1.9 + -0.004·(D + 1·H))·H^(0.6)", "1·D<sup>1.9 − 0.004·(D + 1·H)</sup>·H<sup>0.6</sup>"),
        ("C_a + C_b", "C<sub>a</sub> + C<sub>b</sub>"),
        ("10.50 × 20 - 3.00", "10.5 × 20 − 3"),
        ("a < b", "a &lt; b"),
        ("CO2 × (1 − U)", "CO<sub>2</sub> × (1 − U)"),
        ("√((0.2 / 1.645)^2)", "√((0.2 / 1.645)<sup>2</sup>)"),
    ],
)
def test_formulas_are_set_nicely(formula: str, set_as: str) -> None:
    assert typeset(formula) == set_as


def test_every_place_of_the_registry_is_known_in_chinese(estimator: RegistryEstimator) -> None:
    assert place_text("Hunan, China") == "湖南"
    assert place_text("Atlantis") == "Atlantis"
    untold = {e.place for e in estimator.registry.equations.values() if place_text(e.place).isascii()}
    assert untold == set()
    i18n.set_language("en")
    assert place_text("Hunan, China") == "Hunan, China"


def texts_of(card: Card) -> list[str]:
    rows = [row for section in (*card.before, *card.after) for row in section.rows]
    return [row.label for row in rows] + [row.text for row in rows if not row.formula]


@pytest.mark.parametrize("language", i18n.LANGUAGES)
@pytest.mark.parametrize(
    "tree", [SinkInput("杉木", 7.197, 8.826), SinkInput("柳杉", 6.0), SinkInput("杜仲", 9.0, 7.0, 0.6)]
)
def test_page_and_lines_hold_the_same(estimator: RegistryEstimator, tree: SinkInput, language: str) -> None:
    i18n.set_language(language)
    card = card_of(explain(estimator, tree, {"tag": "A<1>", "measured_by": "张&三", "planting_year": 2014}))
    lines = "\n".join(card_lines(card))
    shown = page(card).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").replace("&#x27;", "'")
    shown = shown.replace("CO<sub>2</sub>", "CO2").replace("R<sup>2</sup>", "R2")
    shown = re.sub("([sU])<sub>(D|H|R|ρ|b)</sub>", r"\1_\2", shown)
    for text in texts_of(card):
        assert text in lines
        assert text in shown
    assert "<1>" not in page(card)


def test_a_year_that_nobody_can_model_is_said(estimator: RegistryEstimator) -> None:
    found = explain(estimator, SinkInput("杉木", 7.0), {"planting_year": 2014})
    assert any(i18n.t("finding.carbon_day_missing") in line for line in card_lines(card_of(found)))


def test_where_the_modelled_year_comes_from(estimator: RegistryEstimator) -> None:
    asked: dict[str, str | int] = {"planting_year": 2014, "measured_on": "2026-03-01"}
    lines = "\n".join(card_lines(card_of(explain(estimator, SinkInput("杉木", 7.0), asked))))
    assert "没有查到公开发表的生长曲线" in lines
    assert "树龄 12 年" in lines
    i18n.set_language("en")
    assert "not measured" in "\n".join(card_lines(card_of(explain(estimator, SinkInput("杉木", 7.0), asked))))
    assert explain(estimator, SinkInput("杉木", 7.0)).modelled is None


def test_a_pack_without_a_curve_says_so(shipped: Registry) -> None:
    header = shipped.contents["curves.csv"].split(b"\n")[0] + b"\n"
    bare = RegistryEstimator(Registry(dict(shipped.contents) | {"curves.csv": header}))
    found = explain(bare, SinkInput("杉木", 7.0), {"planting_year": 2014, "measured_on": "2026-03-01"})
    assert found.modelled is not None
    assert found.modelled["yearly_kg"] is None
    assert any(i18n.t("finding.carbon_no_curve") in line for line in card_lines(card_of(found)))


def test_names_of_errors_are_lowered_in_labels_and_ids_are_not(trusting: RegistryEstimator) -> None:
    tree = SinkInput("马尾松", 20.0, 15.0, None, "pinus_massoniana-volume-guizhou")
    shown = page(card_of(explain(trusting, tree)))
    for name in ("s<sub>WD</sub>", "s<sub>BEF</sub>", "s<sub>R</sub>", "U<sub>b</sub>（"):
        assert name in shown
    assert "pinus_massoniana-volume-guizhou" in shown
