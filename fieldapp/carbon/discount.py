"""The AR-TOOL14 discount for reports, half-widths of sample means, and Student's t without a statistics library."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, lgamma, log, sqrt

# AR-TOOL14 Appendix 2: half-width up to (share of the mean) -> part of the half-width that is deducted
_DEDUCTIONS = ((0.10, 0.0), (0.15, 0.25), (0.20, 0.50), (0.30, 0.75))


@dataclass(frozen=True, slots=True)
class Discounted:
    """A reported value after the AR-TOOL14 discount; stores keep the undiscounted one."""

    value: float
    half_width_share: float
    deducted_share: float


def discounted(mean: float, half_width: float) -> Discounted:
    """The value to report: the larger its uncertainty, the more of the half-width is taken off (AR-TOOL14).

    Of a stock not more than all of it: beyond 100 % nothing is left to report.
    """
    share = abs(half_width / mean) if mean else 0.0
    # 9 of 60 are exactly 15 %: binary rounding must not push a value over its step
    part = next((part for limit, part in _DEDUCTIONS if share <= limit + 1e-12), 1.0)
    deducted = part * share if mean < 0 else min(1.0, part * share)
    return Discounted(mean - deducted * abs(mean), share, deducted)


def sample_half_width(sd: float, n: int, t: float | None = None) -> float:
    """Half-width at 90 % of a sample mean; `t` is looked up when it is not given. ValueError for fewer than two."""
    if n < 2:
        raise ValueError(n)  # one value says nothing about its spread
    return (student_t_90(n - 1) if t is None else t) * sd / sqrt(n)


def difference_share(c1: float, u1: float, c2: float, u2: float) -> float:
    """Relative uncertainty of C2 - C1 when the two are independent: sqrt((u1 C1)^2 + (u2 C2)^2) / |C2 - C1|."""
    return sqrt((u1 * c1) ** 2 + (u2 * c2) ** 2) / abs(c2 - c1)


def student_t_90(degrees: int) -> float:
    """Two-sided 90 % quantile of Student's t, by halving on its distribution function."""
    low, high = 0.0, 100.0
    for _ in range(80):
        middle = (low + high) / 2
        tail = _beta(degrees / (degrees + middle * middle), degrees / 2, 0.5)
        low, high = (middle, high) if tail > 0.10 else (low, middle)
    return (low + high) / 2


def _beta(x: float, a: float, b: float) -> float:
    """Regularised incomplete beta function by its continued fraction (Numerical Recipes 6.4)."""
    if x <= 0.0 or x >= 1.0:
        return 0.0 if x <= 0.0 else 1.0
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log(1.0 - x))
    if x < (a + 1.0) / (a + b + 2.0):
        return front * _fraction(x, a, b) / a
    return 1.0 - front * _fraction(1.0 - x, b, a) / b


def _fraction(x: float, a: float, b: float) -> float:
    c, d = 1.0, 1.0 / (1.0 - (a + b) * x / (a + 1.0))
    value = d
    for m in range(1, 200):
        for step in (
            m * (b - m) * x / ((a + 2 * m - 1.0) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1.0)),
        ):
            d = 1.0 / (1.0 + step * d)
            c = 1.0 + step / c
            value *= c * d
        if abs(c * d - 1.0) < 1e-15:
            break
    return value
