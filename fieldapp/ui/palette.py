"""The colours of the window, by what they mean; every text token reaches 7:1 on every ground it stands on.

Measured by tests/ui/test_palette.py. Colour never says a thing alone: a word or a shape stands with it.
"""

from __future__ import annotations

from dataclasses import dataclass

from fieldapp.errors import Severity


@dataclass(frozen=True, slots=True)
class Palette:
    """One theme: grounds, texts and lines, `#rrggbb`; `line_px` and `weight` carry the sunlight theme's thick look."""

    name: str
    window: str
    card: str
    card_hover: str
    soft: str  # ground of what is chosen
    line: str
    track: str  # the empty part of a bar
    text: str
    quiet: str
    good: str
    fill: str  # ground of the one main button, and full bars
    on_fill: str
    amber: str
    amber_fill: str
    amber_soft: str
    red: str
    red_fill: str
    red_soft: str
    land: str  # ground of the map
    off: str  # what cannot be done now: seen, and not mistaken for what can
    line_px: int = 1
    weight: int = 400

    def of(self, severity: Severity) -> str:
        """The text colour that a finding of this severity is written in."""
        return {Severity.RED: self.red, Severity.AMBER: self.amber, Severity.GREY: self.quiet}[severity]


LIGHT = Palette(
    name="light",
    window="#f4f7f5",
    card="#ffffff",
    card_hover="#f0f5f2",
    soft="#e8f2ec",
    line="#dce4df",
    track="#dde4e0",
    text="#16201a",
    quiet="#425049",
    good="#0d5732",
    fill="#1b7346",
    on_fill="#ffffff",
    amber="#744000",
    amber_fill="#b26a00",
    amber_soft="#fdf1e0",
    red="#8f130d",
    red_fill="#b3261e",
    red_soft="#fbe9e7",
    land="#eef2ec",
    off="#96a39b",
)
DARK = Palette(
    name="dark",
    window="#151a17",
    card="#1d2420",
    card_hover="#252d28",
    soft="#20352a",
    line="#36413a",
    track="#39443d",
    text="#e9f0eb",
    quiet="#bccac1",
    good="#86daaa",
    fill="#86daaa",
    on_fill="#0d1a12",
    amber="#f4bd6c",
    amber_fill="#f4bd6c",
    amber_soft="#35290f",
    red="#ffaaa2",
    red_fill="#ff8d83",
    red_soft="#3c1e1b",
    land="#1a211d",
    off="#6f7d75",
)
SUNLIGHT = Palette(
    name="sunlight",
    window="#ffffff",
    card="#ffffff",
    card_hover="#ffffff",
    soft="#ffffff",
    line="#000000",
    track="#ffffff",
    text="#000000",
    quiet="#000000",
    good="#000000",
    fill="#000000",
    on_fill="#ffffff",
    amber="#000000",
    amber_fill="#000000",
    amber_soft="#ffffff",
    red="#000000",
    red_fill="#000000",
    red_soft="#ffffff",
    land="#ffffff",
    off="#888888",
    line_px=2,
    weight=700,  # the bundled font has one weight; from 700 on Qt makes it bolder itself
)
THEMES = {palette.name: palette for palette in (LIGHT, DARK, SUNLIGHT)}
