"""Makes the same inputs give the same bytes on every machine, whatever its mathematical library.

`pow` differs in its last bit between platforms. Every biomass is therefore snapped to a grid of 2^-32 kg
(0.23 micrograms); where a value lies so near the middle between two grid points that the last bit could
decide, the decision is made in decimal arithmetic (Ziv's strategy). So is every elasticity that moves with
D or H. All later steps are +, -, *, / and square roots, which IEEE 754 fixes to the bit; sums are exact before
their one rounding (`fsum`) or go term by term, because `sum` of Python 3.12 rounds unlike that of 3.11. See
docs/decisions/0011.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import ROUND_HALF_EVEN, Context, Decimal

CONTEXT = Context(prec=40)
GRID_BITS = 32
_BIG = 1.5 * 2.0 ** (52 - GRID_BITS)  # adding and taking it away rounds to the grid
_HALF = 2.0 ** -(GRID_BITS + 1)
_SCALE = Decimal(2**GRID_BITS)

ROUNDING = 2.0**-52  # one unit in the last place
TOLERANCE = 8 * ROUNDING  # for models that are no plain sums of powers


def snap(value: float, exact: Callable[[], Decimal], tolerance: float = TOLERANCE) -> float:
    """`value` on the grid; `exact` gives the true value where the grid point is in doubt."""
    near = (value + _BIG) - _BIG
    if _HALF - abs(value - near) > abs(value) * tolerance:
        return near
    return _decided(exact())


def snap_column(values: list[float], exact: Callable[[int], Decimal], tolerance: float = TOLERANCE) -> list[float]:
    """`snap` of every value; `exact` takes the place in the column."""
    near = [(value + _BIG) - _BIG for value in values]
    if not values:
        return near
    # what the largest value could be wrong by leaves few places to look at closely
    sure = _HALF - max(max(values), -min(values)) * tolerance
    for place, (value, point) in enumerate(zip(values, near, strict=True)):
        if not -sure < value - point < sure and _HALF - abs(value - point) <= abs(value) * tolerance:
            near[place] = _decided(exact(place))
    return near


def squared(value: float) -> float:
    """A product, not a power: the same last bit on every machine."""
    return value * value


def decimal(number: float | Decimal) -> Decimal:
    """A number of a measurement or table as the decimal it exactly is."""
    return number if isinstance(number, Decimal) else Decimal(number)


def _decided(true: Decimal) -> float:
    steps = CONTEXT.multiply(true, _SCALE).to_integral_value(ROUND_HALF_EVEN)
    return float(int(steps)) / 2.0**GRID_BITS
