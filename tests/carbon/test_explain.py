"""A second implementation that follows the card arrives at the same digits."""

from __future__ import annotations

import hashlib
import json

import pytest

from fieldapp import i18n
from fieldapp.carbon.card import card_of
from fieldapp.carbon.card_text import card_lines
from fieldapp.carbon.estimate import RegistryEstimator
from fieldapp.carbon.explain import checksum, explain
from fieldapp.domain.sinks import SinkInput

KEYS = (
    "inputs",
    "equation",
    "steps",
    "agb_kg",
    "bgb_kg",
    "carbon_kg",
    "co2e_kg",
    "co2e_low_kg",
    "co2e_high_kg",
    "flags",
    "reason",
    "method_version",
    "checksum",
)


def test_the_keys_of_the_interface(estimator: RegistryEstimator) -> None:
    card = explain(estimator, SinkInput("杉木", 7.197, 8.826)).as_dict("because")
    assert set(KEYS) <= set(card)
    assert all({"name", "formula", "calculation", "value", "unit"} <= set(step) for step in card["steps"])
    assert card["reason"] == "because"
    assert json.loads(json.dumps(card)) == card


def test_a_pocket_calculator_follows_the_steps(estimator: RegistryEstimator) -> None:
    card = explain(estimator, SinkInput("杉木", 7.197, 8.826)).as_dict()
    steps = {step["name"]: step["value"] for step in card["steps"]}
    d, h = 7.197, 8.826
    assert steps["agb"] == pytest.approx(0.065388 * d**2.01735 * h**0.49425, abs=1e-9)
    assert steps["bgb"] == pytest.approx(0.016385 * d**2.52941 * h**-0.11744, abs=1e-9)
    assert steps["carbon"] == pytest.approx(steps["agb"] * 0.5003 + steps["bgb"] * 0.4880, abs=1e-9)
    assert steps["co2e"] == pytest.approx(steps["carbon"] * 44 / 12, abs=1e-9)
    assert steps["co2e_low"] == pytest.approx(steps["co2e"] * (1 - steps["half_width"]), abs=1e-8)
    assert card["co2e_kg"] == steps["co2e"]


@pytest.mark.parametrize(
    ("d", "coefficient", "digits"),
    [(4.9, "0.190713", 0.190713 * 4.9**1.35226), (5.0, "0.065388", 0.065388 * 5**2.01735)],
)
def test_the_branch_of_small_trees(estimator: RegistryEstimator, d: float, coefficient: str, digits: float) -> None:
    card = explain(estimator, SinkInput("杉木", d, 4.0)).as_dict()
    assert card["steps"][0]["formula"].startswith(coefficient)
    assert card["agb_kg"] == pytest.approx(digits * 4.0**0.49425)


def test_the_checksum_is_of_the_canonical_json(estimator: RegistryEstimator) -> None:
    card = explain(estimator, SinkInput("马尾松", 10.0), {"measured_by": "张三", "measured_on": "2026-03-01"}).as_dict(
        "why"
    )
    plain = {key: value for key, value in card.items() if key not in ("checksum", "reason")}
    text = json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert card["checksum"] == hashlib.sha256(text.encode()).hexdigest() == checksum(card)
    assert card["inputs"]["measured_by"] == "张三"


def test_any_change_changes_the_checksum(estimator: RegistryEstimator) -> None:
    cards = [
        explain(estimator, SinkInput("马尾松", d), {"measured_on": day}).as_dict()["checksum"]
        for d, day in ((10.0, "2026-03-01"), (10.1, "2026-03-01"), (10.0, "2026-03-02"))
    ]
    assert len(set(cards)) == 3


def test_the_language_does_not_change_the_checksum(estimator: RegistryEstimator) -> None:
    found = explain(estimator, SinkInput("马尾松", 10.0))
    assert found.as_dict("中文")["checksum"] == found.as_dict("English")["checksum"]


def test_the_volume_route_shows_every_factor(trusting: RegistryEstimator) -> None:
    tree = SinkInput("马尾松", 20.0, 15.0, None, "pinus_massoniana-volume-guizhou")
    steps = {step["name"]: step for step in explain(trusting, tree).as_dict()["steps"]}
    assert steps["volume"]["value"] == pytest.approx(0.24046, abs=5e-6)
    assert steps["volume"]["unit"] == "m3"
    volume = steps["volume"]["value"]
    assert steps["agb"]["value"] == pytest.approx(volume * 0.380 * 1.472 * 1000, abs=1e-6)
    assert steps["bgb"]["value"] == pytest.approx(steps["agb"]["value"] * 0.187, abs=1e-6)
    assert steps["co2e"]["value"] == pytest.approx(volume * 380 * 1.472 * 1.187 * 0.460 * 44 / 12, abs=1e-6)


EVERY_ERROR = {"dbh_sd_cm", "z_90"}


@pytest.mark.parametrize(
    ("tree", "names"),
    [
        (SinkInput("马尾松", 10.0), {"residual_sd", "bias_half_width_large"}),
        (
            SinkInput("马尾松", 30.0, None, None, "pinus_massoniana-20caf8"),
            {"residual_sd", "bias_half_width_large", "bias_extrapolated"},
        ),
        (SinkInput("亮叶桦", 6.0), {"residual_sd", "bias_half_width", "root_ratio_sd"}),
        (
            SinkInput("柏木", 7.0),
            {"residual_sd_general", "bias_half_width_small", "root_ratio_sd", "density", "density_sd"},
        ),
        (
            SinkInput("柏木", 7.0, None, 0.5),
            {"residual_sd_general", "bias_half_width_small", "root_ratio_sd", "density_sd_default"},
        ),
        (
            SinkInput("马尾松", 20.0, 15.0, None, "pinus_massoniana-volume-guizhou"),
            {
                *("residual_sd", "bias_half_width_small", "root_ratio_sd", "height_sd_m"),
                *("volume_density_sd", "expansion_factor_sd", "wood_density", "biomass_expansion_factor"),
            },
        ),
    ],
    ids=["species", "extrapolated", "ratio", "density", "own density", "volume"],
)
@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_every_number_of_the_range_has_its_source(
    trusting: RegistryEstimator, tree: SinkInput, names: set[str], language: str
) -> None:
    i18n.set_language(language)
    found = explain(trusting, tree)
    factors = {factor["quantity"]: factor for factor in found.factors}
    masses = {"carbon_fraction", "carbon_fraction_above", "carbon_fraction_below", "co2_per_carbon", "root_shoot_ratio"}
    assert factors.keys() - masses == EVERY_ERROR | names
    for factor in factors.values():
        reference = factor["reference"]
        assert reference["locator"] if factor["status"] == "decision" else reference["title"], factor
    text = "\n".join(card_lines(card_of(found)))
    assert not any(f"\n  {name}" in text for name in factors), "a name of the registry's, in no language"


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_the_card_in_words(estimator: RegistryEstimator, language: str) -> None:
    i18n.set_language(language)
    text = "\n".join(card_lines(card_of(explain(estimator, SinkInput("柳杉", 6.0)))))
    assert "0.392·D^1.9171" in text
    assert "10.1594/PANGAEA.895244" in text
    assert estimator.method_version in text
    assert i18n.t("carbon.flag.extrapolated") in text


def test_a_refusal_has_a_card_too(estimator: RegistryEstimator) -> None:
    found = explain(estimator, SinkInput("毛竹", 9.0))
    assert found.as_dict()["error"] == "carbon_bamboo"
    assert found.steps == ()
    assert explain(estimator, SinkInput("杉木", float("nan"))).as_dict()["inputs"]["dbh_cm"] is None
    assert i18n.t("finding.carbon_bamboo") in card_lines(card_of(found))
