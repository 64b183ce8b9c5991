"""How results leave the program: rounded half to even, so that every reader prints the same digits."""

from __future__ import annotations

DECIMALS = 10


def rounded(value: float | None) -> float | None:
    """A number as it is printed."""
    return None if value is None else round(value, DECIMALS)
