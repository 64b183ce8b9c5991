"""Both numbers of the village stand under its list, each named, the computed one with its range."""

from __future__ import annotations

import pytest

from fieldapp import i18n
from fieldapp.domain import programme
from fieldapp.domain.totals import Total
from fieldapp.storage.views import AreaTotals
from fieldapp.ui import village_sums

RULES = programme.load()
VILLAGE = AreaTotals(2, 900, 4.0, Total(880, 0, 50_000.0, 100.0**2, {"equation a": 7_500.0}), ("m-1",))


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_both_numbers_are_named(language: str) -> None:
    i18n.set_language(language)
    assert "50.00" in village_sums.stock_line(VILLAGE)
    assert "±15 %" in village_sums.stock_line(VILLAGE)
    platform = village_sums.platform_line(VILLAGE, RULES)
    assert "9.00" in platform
    assert "2,700" in platform
    tip = village_sums.tip_of(VILLAGE, None, RULES)
    assert "42.50" in tip
    assert "57.50" in tip
    assert "m-1" in tip
    assert RULES.version in tip


def test_the_county_is_told_where_it_is_more() -> None:
    i18n.set_language("en")
    county = AreaTotals(5, 2000, 10.0, Total(2000, 0, 120_000.0, 0.0, {}), ("m-1",))
    tip = village_sums.tip_of(VILLAGE, county, RULES)
    assert "5 households and 2,000 trees" in tip
    assert "120.00" in tip


def test_nothing_computed_is_said() -> None:
    i18n.set_language("en")
    assert village_sums.stock_line(AreaTotals(1, 3, 1.0, Total(), ())) == i18n.t("ui.village.stock.none")
