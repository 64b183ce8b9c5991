"""One tree since the visit before: an estimate with a wide range, never a fact."""

from __future__ import annotations

import re

import pytest

from fieldapp import i18n
from fieldapp.carbon.card import card_of
from fieldapp.carbon.card_text import card_lines
from fieldapp.carbon.estimate import RegistryEstimator
from fieldapp.carbon.explain import checksum, explain
from fieldapp.carbon.since import Visit, since_last
from fieldapp.domain.sinks import SinkInput

NOW = SinkInput("马尾松", 5.6, None)
BEFORE: Visit = ("2024-03-01", 4.6, None, None)
SEEN = {"tag": "A1", "measured_on": "2026-09-01"}


def test_a_range_of_seven_tenths_and_more(estimator: RegistryEstimator) -> None:
    found = since_last(estimator, BEFORE, NOW, "2026-09-01")
    assert found is not None
    assert found["years"] == pytest.approx(914 / 365.25, abs=1e-6)
    gain = found["change_co2e_kg"]
    assert found["measurement_half_width_kg"] / gain == pytest.approx(0.71, abs=0.01)
    assert (found["change_high_kg"] - gain) / gain > 0.71
    assert found["change_high_kg"] - gain == pytest.approx(gain - found["change_low_kg"])
    assert found["findings"] == []


@pytest.mark.parametrize(
    ("earlier", "measured_on"), [(None, "2026-09-01"), (BEFORE, "2024-03-01"), (BEFORE, "2024-02-01"), (BEFORE, None)]
)
def test_no_time_between_is_no_change(
    estimator: RegistryEstimator, earlier: Visit | None, measured_on: str | None
) -> None:
    assert since_last(estimator, earlier, NOW, measured_on) is None


def test_shrinkage_is_asked_about(estimator: RegistryEstimator) -> None:
    found = since_last(estimator, ("2024-03-01", 6.4, None, None), NOW, "2026-09-01")
    assert found is not None
    assert found["findings"] == ["dbh_shrunk"]
    assert found["change_co2e_kg"] < 0


def test_what_cannot_be_computed_says_why(estimator: RegistryEstimator) -> None:
    found = since_last(estimator, BEFORE, SinkInput("毛竹", 5.6, None), "2026-09-01")
    assert found is not None
    assert found["error"]
    assert found["change_co2e_kg"] is None


@pytest.mark.parametrize(("language", "word"), [("zh_CN", "预估"), ("en", "Estimate")])
def test_the_card_says_estimate(estimator: RegistryEstimator, language: str, word: str) -> None:
    i18n.set_language(language)
    lines = card_lines(card_of(explain(estimator, NOW, SEEN, BEFORE)))
    line = next(line for line in lines if i18n.t("carbon.card.change") in line)
    assert word in re.split("[:：]", line, maxsplit=1)[1]
    assert any("2024-03-01" in line and "2026-09-01" in line and "2.50" in line for line in lines)


def test_other_cards_keep_their_checksum(estimator: RegistryEstimator) -> None:
    """A card on paper from before is still the card of a tree that was measured once."""
    once, twice = explain(estimator, NOW, SEEN).as_dict(), explain(estimator, NOW, SEEN, BEFORE).as_dict()
    assert "change_since_last" not in once
    assert set(twice) - set(once) == {"change_since_last"}
    assert twice["checksum"] == checksum(twice) != once["checksum"]


def test_a_fork_is_compared_stems_with_stems(estimator: RegistryEstimator) -> None:
    """5+6 -> 6+7 is 21.494907 - 9.484185 kg, and 6 -> 6+7 is 21.494907 (worked in test_since_table)."""
    now = SinkInput("马尾松", 9.22, None, stems="6+7")
    both = since_last(estimator, ("2024-03-01", 7.81, None, "5+6"), now, "2026-09-01")
    grown = since_last(estimator, ("2024-03-01", 6.0, None, None), now, "2026-09-01")
    assert both is not None
    assert grown is not None
    assert both["change_co2e_kg"] == pytest.approx(12.010722, abs=2e-6)
    assert (both["stems_from"], both["stems_to"], both["findings"]) == ("5+6", "6+7", [])
    assert grown["change_co2e_kg"] == pytest.approx(21.494907, abs=2e-6)
    assert (grown["stems_from"], grown["findings"]) == (None, ["stems_changed"])
    lines = card_lines(card_of(explain(estimator, now, SEEN, ("2024-03-01", 6.0, None, None))))
    assert any("6 → 6+7 cm" in line for line in lines)
    assert any(i18n.t("carbon.card.change_stems") in line for line in lines)
