"""Missing heights of a parcel: a height-diameter curve fitted to its measured heights when there are enough.

Näslund's form, H = 1.3 + D^2 / (a + b D)^2, which is a straight line in D / sqrt(H - 1.3); fitted by least
squares. With too few heights, or a curve that does not rise, the trees keep their D-only route.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import fsum, sqrt

from fieldapp.carbon.exact import squared
from fieldapp.carbon.limits import BREAST_HEIGHT_M, refused_dbh, refused_height
from fieldapp.domain.sinks import SinkInput

MIN_HEIGHTS = 8
MIN_SPREAD_CM = 1.0  # heights of equally thick trees say nothing about how height follows diameter
_DIGITS = 8  # of the fitted numbers: what a card prints is what is computed with
SLACK_CM = 1.0  # how far beyond the measured diameters the curve is used


@dataclass(frozen=True, slots=True)
class HeightCurve:
    """A fitted curve, with how many heights it rests on, their diameters and its residual error."""

    species: str
    a: float
    b: float
    n: int
    d_min_cm: float
    d_max_cm: float
    rmse_m: float
    fitted_on: str = ""  # a day, where the curve is kept

    def height(self, d_cm: float) -> float:
        """Height in m of a tree of this diameter."""
        root = self.a + self.b * d_cm  # a product, not a power: the same last bit on every machine
        return BREAST_HEIGHT_M + d_cm * d_cm / (root * root)

    def covers(self, d_cm: float) -> bool:
        """Whether the curve may be used for this diameter."""
        return self.d_min_cm - SLACK_CM <= d_cm <= self.d_max_cm + SLACK_CM


@dataclass(frozen=True, slots=True)
class Filled:
    """A tree whose height came from a curve, or was left as it was (`from_curve` False)."""

    tree: SinkInput
    from_curve: bool


def measured(trees: Sequence[SinkInput]) -> list[tuple[float, float]]:
    """Diameter and height of the trees that have both, as they can be computed with; the thinnest first."""
    return sorted(
        (tree.dbh_cm, tree.height_m)
        for tree in trees
        if tree.dbh_cm is not None
        and tree.height_m is not None
        and not refused_dbh(tree.dbh_cm)
        and not refused_height(tree.height_m)
    )


def fit(trees: Sequence[SinkInput]) -> HeightCurve | None:
    """The curve of one species' measured trees, or None when they are too few or too alike."""
    points = measured(trees)
    if len(points) < MIN_HEIGHTS or points[-1][0] - points[0][0] < MIN_SPREAD_CM:
        return None
    xs = [d for d, _h in points]
    ys = [d / sqrt(h - BREAST_HEIGHT_M) for d, h in points]
    n = len(points)
    mean_x, mean_y = fsum(xs) / n, fsum(ys) / n
    b = fsum([(x - mean_x) * (y - mean_y) for x, y in zip(xs, ys, strict=True)]) / fsum(
        [squared(x - mean_x) for x in xs]
    )
    a, b = _printed(mean_y - b * mean_x), _printed(b)
    if a <= 0 or b < 0:  # heights that fall with diameter, or a curve with a pole
        return None
    curve = HeightCurve(trees[0].species, a, b, n, xs[0], xs[-1], 0.0)
    residuals = fsum([squared(h - curve.height(d)) for d, h in points])
    return replace(curve, rmse_m=_printed(sqrt(residuals / (n - 2))))


def _printed(value: float) -> float:
    return float(f"{value:.{_DIGITS}g}")


def fill(trees: Sequence[SinkInput]) -> tuple[list[Filled], dict[str, HeightCurve]]:
    """A parcel's trees with heights from its own curves, one a species, and those curves."""
    curves = {}
    for species in sorted({tree.species for tree in trees}):
        curve = fit([tree for tree in trees if tree.species == species])
        if curve is not None:
            curves[species] = curve
    return [_filled(tree, curves.get(tree.species)) for tree in trees], curves


def _filled(tree: SinkInput, curve: HeightCurve | None) -> Filled:
    if tree.height_m is not None or tree.dbh_cm is None or curve is None or not curve.covers(tree.dbh_cm):
        return Filled(tree, from_curve=False)
    return Filled(replace(tree, height_m=curve.height(tree.dbh_cm)), from_curve=True)
