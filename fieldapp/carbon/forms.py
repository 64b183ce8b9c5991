"""The forms that a registry may name: functions from coefficients to a model, never evaluated text.

Adding a form means adding a function here, its name to `FORMS` and its text to `_WRITTEN`.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from math import sqrt

from fieldapp.carbon.exact import CONTEXT
from fieldapp.carbon.models import (
    Coefficients,
    DiameterExponential,
    Model,
    PowerSum,
    Term,
    TwoBranches,
    TwoWayVolume,
)


def _numbered(c: Coefficients) -> list[tuple[Decimal, Decimal]]:
    """The pairs a1, b1, a2, b2 ... of a published sum."""
    return [(c[f"a{place}"], c[f"b{place}"]) for place in range(1, len(c) // 2 + 1)]


def power(c: Coefficients) -> Model:
    """a D^b."""
    return PowerSum([Term(c["a"], c["b"])])


def power_sum(c: Coefficients) -> Model:
    """a1 D^b1 + a2 D^b2 + ..."""
    return PowerSum([Term(a, b) for a, b in _numbered(c)])


def ln_power(c: Coefficients) -> Model:
    """exp(a + b ln D)."""
    return PowerSum([Term(CONTEXT.exp(c["a"]), c["b"])])


def ln_power_sum(c: Coefficients) -> Model:
    """exp(a1 + b1 ln D) + exp(a2 + b2 ln D) + ..."""
    return PowerSum([Term(CONTEXT.exp(a), b) for a, b in _numbered(c)])


def log10_power(c: Coefficients) -> Model:
    """10^(a + b log10 D)."""
    return PowerSum([Term(CONTEXT.power(Decimal(10), c["a"]), c["b"])])


def linear(c: Coefficients) -> Model:
    """a + b D."""
    return PowerSum([Term(c["a"]), Term(c["b"], Decimal(1))])


def quadratic(c: Coefficients) -> Model:
    """a + b D + c D^2."""
    return PowerSum([Term(c["a"]), Term(c["b"], Decimal(1)), Term(c["c"], Decimal(2))])


def power_dh(c: Coefficients) -> Model:
    """a D^b H^c."""
    return PowerSum([Term(c["a"], c["b"], c["c"])])


def power_dh_branches(c: Coefficients) -> Model:
    """a1 D^b1 H^c1 below `split` cm, a2 D^b2 H^c2 from there on."""
    below = PowerSum([Term(c["a1"], c["b1"], c["c1"])])
    return TwoBranches(c["split"], below, PowerSum([Term(c["a2"], c["b2"], c["c2"])]))


def d2h_power(c: Coefficients) -> Model:
    """a (D^2 H)^b."""
    return PowerSum([_d2h(c["a"], c["b"])])


def d2h_power_sum(c: Coefficients) -> Model:
    """a1 (D^2 H)^b1 + a2 (D^2 H)^b2 + ..., one term an organ."""
    return PowerSum([_d2h(a, b) for a, b in _numbered(c)])


def density_power(c: Coefficients) -> Model:
    """a rho D^b."""
    return PowerSum([Term(c["a"], c["b"], rho=Decimal(1))])


def density_d2h_power(c: Coefficients) -> Model:
    """a (rho D^2 H)^b."""
    return PowerSum([Term(c["a"], CONTEXT.multiply(Decimal(2), c["b"]), c["b"], c["b"])])


def volume_two_way(c: Coefficients) -> Model:
    """Two-way volume in m3 whose exponents move with D and H."""
    return TwoWayVolume(c)


def d_exp(c: Coefficients) -> Model:
    """a D exp(b D)."""
    return DiameterExponential(c)


def _d2h(a: Decimal, b: Decimal) -> Term:
    return Term(a, CONTEXT.multiply(Decimal(2), b), b)


FORMS: dict[str, Callable[[Coefficients], Model]] = {
    form.__name__: form
    for form in (
        power,
        power_sum,
        ln_power,
        ln_power_sum,
        log10_power,
        linear,
        quadratic,
        power_dh,
        power_dh_branches,
        d2h_power,
        d2h_power_sum,
        density_power,
        density_d2h_power,
        volume_two_way,
        d_exp,
    )
}

_D, _DH = ("D",), ("D", "H")
_INPUTS = {
    "power_dh": _DH,
    "power_dh_branches": _DH,
    "d2h_power": _DH,
    "d2h_power_sum": _DH,
    "density_power": ("D", "rho"),
    "density_d2h_power": ("D", "H", "rho"),
    "volume_two_way": _DH,
}
_NAMES = {
    "quadratic": "a b c",
    "power_dh": "a b c",
    "power_dh_branches": "a1 b1 c1 a2 b2 c2 split",
    "volume_two_way": "a b c d e k",
}


def fault(form: str, coefficients: Coefficients, inputs: tuple[str, ...]) -> str:
    """The column by which an equation cannot be used: form, coefficients or inputs; empty when it can be."""
    if form not in FORMS:
        return "form"
    if form in _SUMS:
        needed = {f"{letter}{place}" for letter in "ab" for place in range(1, len(coefficients) // 2 + 1)}
    else:
        needed = set(_NAMES.get(form, "a b").split())
    if not coefficients or coefficients.keys() != needed:
        return "coefficients"
    return "" if sorted(inputs) == sorted(_INPUTS.get(form, _D)) else "inputs"


_SUMS = {"power_sum": "{a}·D^{b}", "ln_power_sum": "exp({a} + {b}·ln D)", "d2h_power_sum": "{a}·(D²·H)^{b}"}
_BRANCH = "{a}·D^{b}·H^{c}"
_WRITTEN = {
    "power": "{a}·D^{b}",
    "ln_power": "exp({a} + {b}·ln D)",
    "log10_power": "10^({a} + {b}·log10 D)",
    "linear": "{a} + {b}·D",
    "quadratic": "{a} + {b}·D + {c}·D²",
    "power_dh": _BRANCH,
    "d2h_power": "{a}·(D²·H)^{b}",
    "density_power": "{a}·ρ·D^({b})",
    "density_d2h_power": "{a}·(ρ·D²·H)^{b}",
    "volume_two_way": "{a}·D^({b} + {c}·(D + {k}·H))·H^({d} + {e}·(D + H))",
    "d_exp": "{a}·D·exp({b}·D)",
}


def least_diameter(form: str, coefficients: Coefficients) -> float:
    """Where a straight line or a parabola, followed downwards, reaches zero or its lowest point; others grow from 0."""
    if form not in ("linear", "quadratic"):
        return 0.0
    a, b, c = (float(coefficients.get(name, Decimal(0))) for name in "abc")
    if c <= 0:
        return max(0.0, -a / b) if b > 0 else 0.0
    lowest, inside = -b / (2 * c), b * b - 4 * a * c
    return max(0.0, lowest + sqrt(inside) / (2 * c) if inside > 0 else lowest)


def written(form: str, coefficients: Coefficients, d_cm: float | None = None) -> str:
    """The equation as a person writes it, coefficients filled in; of two branches the one that `d_cm` takes."""
    numbers = {name: short(value) for name, value in coefficients.items()}
    if form in _SUMS:
        pairs = [(numbers[f"a{i}"], numbers[f"b{i}"]) for i in range(1, len(numbers) // 2 + 1)]
        return " + ".join(_SUMS[form].format(a=a, b=b) for a, b in pairs)
    if form != "power_dh_branches":
        return _WRITTEN[form].format(**numbers)
    halves = [_BRANCH.format(**{name: numbers[f"{name}{half}"] for name in "abc"}) for half in (1, 2)]
    if d_cm is not None:
        return halves[0] if d_cm < float(coefficients["split"]) else halves[1]
    return f"D < {numbers['split']}: {halves[0]}; D ≥ {numbers['split']}: {halves[1]}"


def short(number: Decimal) -> str:
    """A coefficient as published; a fraction to fifteen digits."""
    text = format(number, "f")
    return text if len(text) <= 14 else f"{number:.15g}"
