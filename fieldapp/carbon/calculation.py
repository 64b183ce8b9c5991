"""Writes formulas with their numbers filled in, so that a reader with a pocket calculator can repeat them.

The language is small: decimal numbers, + - × / ^ ( ), √, exp, ln and log10. A power binds before a product.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal

from fieldapp.carbon.entries import Equation
from fieldapp.carbon.forms import short, written
from fieldapp.carbon.models import DiameterExponential, Model, PowerSum, Term, TwoBranches, TwoWayVolume

SIGNIFICANT_DIGITS = 8
# what a later step takes up has so many more digits that the eight of its own result come out the same
TAKEN_DIGITS = 15
_SYMBOL = re.compile(r"(?<![A-Za-z])(D|H|ρ)(²?)(?![A-Za-z])")

Facts = Mapping[str, float | None]  # D, H and ρ of one tree


def digits(value: float) -> str:
    """A result as the card prints it: never in powers of ten."""
    return format(Decimal(f"{value:.{SIGNIFICANT_DIGITS}g}"), "f")


def taken(value: float) -> str:
    """A result as later steps take it up."""
    return format(Decimal(f"{value:.{TAKEN_DIGITS}g}"), "f")


def bracketed(number: str) -> str:
    """A number that a power can follow: −2² is −4 to every calculator."""
    return f"({number})" if number.startswith("-") else number


def given(value: float) -> str:
    """A measured or published number, as it was written."""
    return format(Decimal(repr(float(value))).normalize(), "f")


def filled(formula: str, facts: Facts) -> str:
    """A formula in D, H and ρ with the numbers of a tree in their places."""

    def number(found: re.Match[str]) -> str:
        value = facts[found[1]]
        text = found[0] if value is None else given(value)
        return f"{text}^2" if found[2] and value is not None else text

    return _SYMBOL.sub(number, formula).replace("·", " × ").replace("+ -", "- ")


def value_text(equation: Equation, facts: Facts) -> str:
    """An equation with a tree's numbers, in its published unit."""
    return filled(written(equation.form, equation.coefficients, facts["D"]), facts)


def slope_text(equation: Equation, facts: Facts, which: str, value: str) -> str:
    """The elasticity of an equation to D, H or ρ as a calculation; "0" when it does not depend on it.

    `value` is the equation's own value as it is taken up, in its published unit.
    """
    model: Model = equation.model
    if isinstance(model, TwoBranches):
        model = model.branch(facts["D"] or 0.0)
    if isinstance(model, PowerSum):
        return _of_sum(equation, model.terms, facts, which, value)
    c = {name: short(number) for name, number in equation.coefficients.items()}
    if isinstance(model, TwoWayVolume) and which == "D":
        formula = "{b} + {c}·(D + {k}·H) + D·({c}·ln D + {e}·ln H)"
    elif isinstance(model, TwoWayVolume) and which == "H":
        formula = "{d} + {e}·(D + H) + H·({k}·{c}·ln D + {e}·ln H)"
    elif isinstance(model, DiameterExponential) and which == "D":
        formula = "1 + {b}·D"
    else:
        return "0"
    return filled(formula.format(**c), facts)


def _of_sum(equation: Equation, terms: tuple[Term, ...], facts: Facts, which: str, value: str) -> str:
    powers = [short({"D": term.d, "H": term.h, "ρ": term.rho}[which]) for term in terms]
    if len(set(powers)) == 1:
        return powers[0]
    parts = top_level_terms(written(equation.form, equation.coefficients, facts["D"]))
    weighted = [f"{power} × {filled(part, facts)}" for power, part in zip(powers, parts, strict=True) if power != "0"]
    return f"({' + '.join(weighted)}) / {value}" if weighted else "0"


def top_level_terms(formula: str) -> list[str]:
    """The summands of a sum, without cutting what stands in brackets."""
    parts, depth = [""], 0
    for piece in re.split(r"( \+ |[()])", formula):
        depth += {"(": 1, ")": -1}.get(piece, 0)
        if piece == " + " and not depth:
            parts.append("")
        else:
            parts[-1] += piece
    return parts
