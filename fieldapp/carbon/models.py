"""What an equation is once its coefficients are known: something that values columns of trees.

Most published forms are sums of powers of D, H and wood density; two are not and have a class of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import exp, log
from typing import Protocol

from fieldapp.carbon.exact import CONTEXT, ROUNDING, TOLERANCE, decimal, snap_column

Coefficients = Mapping[str, Decimal]
Column = Sequence[float]
Slope = float | list[float]  # one number when it is the same for every tree of the column
Slopes = tuple[Slope, Slope, Slope]


class Model(Protocol):
    """What a form becomes once its coefficients are known; D in cm, H in m, wood density in g/cm3."""

    def column(self, d: Column, h: Column, rho: Column) -> list[float]:
        """Values in published units, snapped to the grid; unused columns may be empty."""
        ...

    def slopes(self, d: Column, h: Column, rho: Column, values: Column) -> Slopes:
        """Elasticities: relative change of the value for a relative change of D, H and density.

        `values` are those of `column`; what is not the same for every tree is snapped to the grid as they are.
        """
        ...


@dataclass(frozen=True, slots=True)
class Term:
    """factor x D^d x H^h x rho^r."""

    factor: Decimal
    d: Decimal = Decimal(0)
    h: Decimal = Decimal(0)
    rho: Decimal = Decimal(0)

    def exact(self, d: Decimal, h: Decimal, rho: Decimal) -> Decimal:
        """The term in decimal arithmetic, with factor and powers as the floats they are used as."""
        value = Decimal(float(self.factor))
        for base, power in ((d, self.d), (h, self.h), (rho, self.rho)):
            if power:
                value = CONTEXT.multiply(value, CONTEXT.power(base, Decimal(float(power))))
        return value


class PowerSum:
    """A sum of terms, times a factor that turns published units into kg or m3."""

    def __init__(self, terms: Sequence[Term]) -> None:
        self.terms = tuple(terms)
        self._floats = [(float(t.factor), float(t.d), float(t.h), float(t.rho)) for t in terms]
        self._tolerance = _tolerance(self._floats)

    def column(self, d: Column, h: Column, rho: Column) -> list[float]:
        """Values of many trees."""
        total = _term_column(self._floats[0], d, h, rho)
        for term in self._floats[1:]:
            total = [x + y for x, y in zip(total, _term_column(term, d, h, rho), strict=True)]
        return snap_column(total, lambda place: self.exact(*_at(place, d, h, rho)), self._tolerance)

    def exact(self, d: Decimal, h: Decimal, rho: Decimal) -> Decimal:
        """The value in decimal arithmetic."""
        total = Decimal(0)
        for term in self.terms:
            total = CONTEXT.add(total, term.exact(d, h, rho))
        return total

    def slopes(self, d: Column, h: Column, rho: Column, values: Column) -> Slopes:
        """Elasticities: the terms' powers, weighted by the terms."""
        if len(self._floats) == 1:
            return self._floats[0][1:]
        columns = [_term_column(term, d, h, rho) for term in self._floats]
        by_d, by_h, by_rho = (
            self._weighted(columns, values, which, lambda place: _at(place, d, h, rho)) for which in (1, 2, 3)
        )
        return by_d, by_h, by_rho

    def _weighted(
        self, columns: list[list[float]], values: Column, which: int, at: Callable[[int], tuple[Decimal, ...]]
    ) -> Slope:
        powers = [term[which] for term in self._floats]
        if len(set(powers)) == 1:
            return powers[0]
        # term after term, not with sum(): from Python 3.12 on that rounds differently
        weighted = [0.0] * len(values)
        for power, column in zip(powers, columns, strict=True):
            if power:
                weighted = [w + power * x for w, x in zip(weighted, column, strict=True)]
        raw = [w / v if v else 0.0 for w, v in zip(weighted, values, strict=True)]
        return snap_column(raw, lambda place: self._exact_slope(powers, at(place), values[place]), self._tolerance * 4)

    def _exact_slope(self, powers: Sequence[float], at: tuple[Decimal, ...], value: float) -> Decimal:
        total = Decimal(0)
        for power, term in zip(powers, self.terms, strict=True):
            total = CONTEXT.add(total, CONTEXT.multiply(Decimal(power), term.exact(*at)))
        return CONTEXT.divide(total, Decimal(value)) if value else Decimal(0)


class TwoBranches:
    """One sum of powers for small trees, another from `split` cm on."""

    def __init__(self, split: Decimal, below: PowerSum, above: PowerSum) -> None:
        self.split = float(split)
        self.below = below
        self.above = above

    def branch(self, d: float) -> PowerSum:
        """The branch that a tree of this diameter belongs to."""
        return self.below if d < self.split else self.above

    def column(self, d: Column, h: Column, rho: Column) -> list[float]:
        """Values of many trees, of either branch."""
        if not d or min(d) >= self.split:
            return self.above.column(d, h, rho)
        if max(d) < self.split:
            return self.below.column(d, h, rho)
        return [
            self.branch(one).column([one], [h[place]], [rho[place]] if rho else [])[0] for place, one in enumerate(d)
        ]

    def slopes(self, d: Column, h: Column, rho: Column, values: Column) -> Slopes:
        """Elasticities of the trees' branches."""
        if not d or min(d) >= self.split:
            return self.above.slopes(d, h, rho, values)
        if max(d) < self.split:
            return self.below.slopes(d, h, rho, values)
        rows = [self.branch(one).slopes([one], [h[place]], [], [values[place]]) for place, one in enumerate(d)]
        by_d, by_h, by_rho = ([_first(slope) for slope in column] for column in zip(*rows, strict=True))
        return by_d, by_h, by_rho


class TwoWayVolume:
    """V = a D^(b + c s_k) H^(d + e s_1), s_k = D + k (H + ...): the Guizhou two-way volume formulas.

    s_1 = D + H; the exponent of D uses D + H (k = 1) or D + 2H (k = 2, hardwoods).
    """

    def __init__(self, coefficients: Coefficients) -> None:
        self._exact = tuple(coefficients[name] for name in "abcdek")
        self._floats = tuple(float(c) for c in self._exact)

    def column(self, d: Column, h: Column, rho: Column) -> list[float]:
        """Volumes in m3."""
        a, b, c, e, f, k = self._floats
        raw = [
            a * one ** (b + c * (one + k * tall)) * tall ** (e + f * (one + tall))
            for one, tall in zip(d, h, strict=True)
        ]
        return snap_column(raw, lambda place: self.exact(*_at(place, d, h, ())), TOLERANCE * 4)

    def exact(self, d: Decimal, h: Decimal, _rho: Decimal) -> Decimal:
        """The volume in decimal arithmetic."""
        a, b, c, e, f, k = self._exact
        d_power = CONTEXT.power(d, CONTEXT.add(b, CONTEXT.multiply(c, d + k * h)))
        h_power = CONTEXT.power(h, CONTEXT.add(e, CONTEXT.multiply(f, d + h)))
        return CONTEXT.multiply(a, CONTEXT.multiply(d_power, h_power))

    def slopes(self, d: Column, h: Column, rho: Column, values: Column) -> Slopes:
        """Elasticities: the exponents themselves move with D and H."""
        _a, b, c, e, f, k = self._floats
        by_d, by_h = [], []
        for one, tall in zip(d, h, strict=True):
            log_d, log_h = log(one), log(tall)
            by_d.append(b + c * (one + k * tall) + one * (c * log_d + f * log_h))
            by_h.append(e + f * (one + tall) + tall * (k * c * log_d + f * log_h))
        return self._snapped(by_d, 0, d, h), self._snapped(by_h, 1, d, h), 0.0

    def _snapped(self, raw: list[float], which: int, d: Column, h: Column) -> list[float]:
        return snap_column(raw, lambda place: self._exact_slopes(*_at(place, d, h, ()))[which], TOLERANCE * 8)

    def _exact_slopes(self, d: Decimal, h: Decimal, _rho: Decimal) -> tuple[Decimal, Decimal]:
        _a, b, c, e, f, k = self._exact
        log_d, log_h = CONTEXT.ln(d), CONTEXT.ln(h)
        return b + c * (d + k * h) + d * (c * log_d + f * log_h), e + f * (d + h) + h * (k * c * log_d + f * log_h)


class DiameterExponential:
    """a D exp(b D)."""

    def __init__(self, coefficients: Coefficients) -> None:
        self._a, self._b = coefficients["a"], coefficients["b"]

    def column(self, d: Column, h: Column, rho: Column) -> list[float]:
        """Values of many trees."""
        a, b = float(self._a), float(self._b)
        raw = [a * one * exp(b * one) for one in d]
        return snap_column(raw, lambda place: self.exact(*_at(place, d, (), ())), TOLERANCE * 4)

    def exact(self, d: Decimal, _h: Decimal, _rho: Decimal) -> Decimal:
        """The value in decimal arithmetic."""
        power = CONTEXT.exp(CONTEXT.multiply(self._b, d))
        return CONTEXT.multiply(CONTEXT.multiply(self._a, d), power)

    def slopes(self, d: Column, h: Column, rho: Column, values: Column) -> Slopes:
        """Elasticities: the exponential steepens with D."""
        b = float(self._b)
        raw = [1.0 + b * one for one in d]
        return snap_column(raw, lambda place: 1 + CONTEXT.multiply(self._b, decimal(d[place])), TOLERANCE), 0.0, 0.0


def _tolerance(terms: list[tuple[float, float, float, float]]) -> float:
    """What a sum may be wrong by, relative: one unit in the last place a power, half a unit another operation."""
    if any(factor < 0 for factor, *_powers in terms):
        return TOLERANCE * 64  # differences lose digits
    powers = max(sum(bool(power) for power in term[1:]) for term in terms)
    return (1.5 * powers + 0.5 * len(terms)) * ROUNDING


def _first(slope: Slope) -> float:
    return slope if isinstance(slope, float) else slope[0]


def _term_column(term: tuple[float, float, float, float], d: Column, h: Column, rho: Column) -> list[float]:
    factor, power_d, power_h, power_rho = term
    if not power_h and not power_rho:
        return [factor * one**power_d for one in d] if power_d else [factor] * len(d)
    if not power_rho:
        return [factor * one**power_d * tall**power_h for one, tall in zip(d, h, strict=True)]
    if not power_h:
        if power_rho == 1.0:
            return [factor * dense * one**power_d for one, dense in zip(d, rho, strict=True)]
        return [factor * dense**power_rho * one**power_d for one, dense in zip(d, rho, strict=True)]
    rows = zip(d, h, rho, strict=True)
    return [factor * one**power_d * tall**power_h * dense**power_rho for one, tall, dense in rows]


def _at(place: int, d: Column, h: Column, rho: Column) -> tuple[Decimal, Decimal, Decimal]:
    one = Decimal(1)
    return (
        decimal(d[place]),
        decimal(h[place]) if h else one,
        decimal(rho[place]) if rho else one,
    )
