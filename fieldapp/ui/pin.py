"""How good a PIN is, in a word; it hints and never forbids more than the shortest."""

from __future__ import annotations

from itertools import pairwise

SHORTEST = 4


def pin_strength(pin: str) -> str:
    """One of empty, short, weak, fair, good: rows like 1234, repetitions and bare years are weak."""
    if not pin:
        return "empty"
    if len(pin) < SHORTEST:
        return "short"
    steps = {ord(after) - ord(before) for before, after in pairwise(pin)}
    year = len(pin) == 4 and pin.isdigit() and pin[:2] in ("19", "20")
    if len(set(pin)) <= 2 or steps <= {1} or steps <= {-1} or year:
        return "weak"
    return "good" if len(pin) >= 8 or (len(pin) >= 6 and not pin.isdigit()) else "fair"
