"""A pocket calculator: reads a printed calculation and works it out in decimal, knowing nothing of the project."""

from __future__ import annotations

import re
from decimal import Context, Decimal

CONTEXT = Context(prec=30)
_TOKEN = re.compile(r"\s*(\d+(?:\.\d+)?(?:e[+-]?\d+)?|exp|ln|log10|[-+×/^()√])")


def work_out(text: str) -> Decimal:
    """The value of a calculation."""
    tokens = _TOKEN.findall(text)
    assert "".join(tokens) == text.replace(" ", ""), text
    value, rest = _sum(tokens)
    assert not rest, text
    return value


def _sum(tokens: list[str]) -> tuple[Decimal, list[str]]:
    value, tokens = _product(tokens)
    while tokens and tokens[0] in "+-":
        sign = tokens[0]
        other, tokens = _product(tokens[1:])
        value = CONTEXT.add(value, other) if sign == "+" else CONTEXT.subtract(value, other)
    return value, tokens


def _product(tokens: list[str]) -> tuple[Decimal, list[str]]:
    value, tokens = _power(tokens)
    while tokens and tokens[0] in "×/":
        sign = tokens[0]
        other, tokens = _power(tokens[1:])
        value = CONTEXT.multiply(value, other) if sign == "×" else CONTEXT.divide(value, other)
    return value, tokens


def _power(tokens: list[str]) -> tuple[Decimal, list[str]]:
    if tokens[0] == "-":  # -2^2 is -4
        value, tokens = _power(tokens[1:])
        return -value, tokens
    value, tokens = _signed(tokens)
    if tokens and tokens[0] == "^":
        other, tokens = _signed(tokens[1:])
        value = CONTEXT.power(value, other)
    return value, tokens


def _signed(tokens: list[str]) -> tuple[Decimal, list[str]]:
    head, rest = tokens[0], tokens[1:]
    if head == "-":
        value, rest = _signed(rest)
        return -value, rest
    if head == "(":
        value, rest = _sum(rest)
        return value, rest[1:]
    if head in ("exp", "ln", "log10", "√"):
        value, rest = _signed(rest)
        keys = {"exp": CONTEXT.exp, "ln": CONTEXT.ln, "log10": CONTEXT.log10, "√": CONTEXT.sqrt}
        return keys[head](value), rest
    return Decimal(head), rest
