"""A parcel's height-diameter curve as its field `height_curve` keeps it, and what it says of a tree without a height.

The numbers that were fitted once are kept, never the fit: laptop and server compute the same height from the same text.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from math import isfinite
from typing import Any

from fieldapp.carbon.height_curve import HeightCurve, fit
from fieldapp.domain.sinks import SinkInput

FORMAT = 1
MODEL = "naslund"
FROM_CURVE = "height_curve"
OUTSIDE = "height_curve_extrapolated"
UNREADABLE = "height_curve_unreadable"
REACH = 1.5  # thinner or thicker than measured by more than this factor: a tree keeps its route without a height


@dataclass(frozen=True, slots=True)
class Inferred:
    """How a height that nobody measured came about: the marks of its result, and its error, None without a height."""

    flags: tuple[str, ...]
    sd_m: float | None


def as_text(curve: HeightCurve) -> str:
    """The text that the field keeps; the same curve gives the same text."""
    values = {
        "version": FORMAT,
        "model": MODEL,
        "species": curve.species,
        "a": curve.a,
        "b": curve.b,
        "n": curve.n,
        "d_min_cm": curve.d_min_cm,
        "d_max_cm": curve.d_max_cm,
        "sd_m": curve.rmse_m,
        "fitted_on": curve.fitted_on,
    }
    return json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


@lru_cache(maxsize=1024)
def read_curve(text: str) -> HeightCurve | None:
    """The curve of a field; None for a text that is none, or of a newer program."""
    try:
        values = json.loads(text)
        if (values["version"], values["model"]) != (FORMAT, MODEL):
            return None
        names = ("a", "b", "d_min_cm", "d_max_cm", "sd_m")
        a, b, d_min_cm, d_max_cm, sd_m = (float(values[name]) for name in names)
        species, n, fitted_on = str(values["species"]), int(values["n"]), str(values["fitted_on"])
    except (ValueError, TypeError, KeyError, OverflowError, RecursionError):
        return None
    numbers = (a, b, d_min_cm, d_max_cm, sd_m)
    if not all(map(isfinite, numbers)) or a <= 0 or b < 0 or sd_m < 0 or not 0 < d_min_cm <= d_max_cm:
        return None
    return HeightCurve(species, a, b, n, d_min_cm, d_max_cm, sd_m, fitted_on)


def inferred(curve: HeightCurve, d_cm: float) -> tuple[float, Inferred] | None:
    """Height in m by the curve with its marks; None where the curve does not reach."""
    if not curve.d_min_cm / REACH <= d_cm <= curve.d_max_cm * REACH:
        return None
    inside = curve.d_min_cm <= d_cm <= curve.d_max_cm
    flags = (FROM_CURVE,) if inside else (FROM_CURVE, OUTSIDE)
    return curve.height(d_cm), Inferred(flags, curve.rmse_m)


def propose(trees: Sequence[SinkInput], known_as: Callable[[str], str], day: str) -> HeightCurve | None:
    """The curve that a parcel's standing trees allow: of the species that lacks most heights; None with too few.

    `known_as` gives a species' id for any of its names, "" for one that nobody knows.
    """
    named = [replace(tree, species=known_as(tree.species)) for tree in trees]
    lacking = Counter(tree.species for tree in named if tree.height_m is None and tree.dbh_cm is not None)
    fitted = [fit([tree for tree in named if tree.species == one]) for one in sorted({t.species for t in named} - {""})]
    curves = [curve for curve in fitted if curve is not None]
    best = max(curves, key=lambda curve: (lacking[curve.species], curve.n), default=None)
    return None if best is None else replace(best, fitted_on=day)


def most_heights(trees: Sequence[SinkInput], known_as: Callable[[str], str]) -> int:
    """How many measured heights the parcel has of the species of which it has most."""
    counts: Counter[str] = Counter(
        known_as(tree.species) for tree in trees if tree.height_m is not None and tree.dbh_cm is not None
    )
    counts.pop("", None)
    return max(counts.values(), default=0)


def as_dict(curve: HeightCurve) -> dict[str, Any]:
    """The curve as a card's JSON has it."""
    return {
        "model": MODEL,
        "formula": "H = 1.3 + D^2 / (a + b D)^2",
        "species": curve.species,
        "a": curve.a,
        "b": curve.b,
        "n": curve.n,
        "d_range_cm": [curve.d_min_cm, curve.d_max_cm],
        "sd_m": curve.rmse_m,
        "fitted_on": curve.fitted_on,
    }
