"""Every text can be read on every ground it stands on."""

from __future__ import annotations

import pytest

from fieldapp.errors import Severity
from fieldapp.ui.palette import SUNLIGHT, THEMES, Palette

TEXTS = ("text", "quiet", "good", "amber", "red")
GROUNDS = ("window", "card", "card_hover", "soft")


def luminance(colour: str) -> float:
    """Relative luminance of `#rrggbb` (WCAG 2)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio, 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("palette", THEMES.values(), ids=THEMES)
def test_texts_reach_seven_to_one(palette: Palette) -> None:
    pairs = [(text, ground) for text in TEXTS for ground in GROUNDS]
    pairs += [("amber", "amber_soft"), ("red", "red_soft")]
    weak = {
        pair: round(contrast(getattr(palette, pair[0]), getattr(palette, pair[1])), 2)
        for pair in pairs
        if contrast(getattr(palette, pair[0]), getattr(palette, pair[1])) < 7
    }
    assert weak == {}
    assert contrast(palette.on_fill, palette.fill) >= 5.5


def test_sunlight_is_black_on_white() -> None:
    assert all(contrast(getattr(SUNLIGHT, text), SUNLIGHT.card) == pytest.approx(21.0) for text in TEXTS)
    assert {SUNLIGHT.of(severity) for severity in Severity} == {"#000000"}
