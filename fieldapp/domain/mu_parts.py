"""Areas as farmers say them: 一亩六分, 1亩6分5厘, 两亩半, 六分. One mu has ten fen, one fen ten li."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal

_PARTS = re.compile(
    r"(?:(?P<mu>[^亩分厘]+)亩)?零?(?:(?P<fen>[^亩分厘]+?)分)?零?(?:(?P<li>[^亩分厘]+?)厘)?(?P<rest>半|[^亩分厘])?"
)
_STEPS = (("mu", Decimal(1)), ("fen", Decimal("0.1")), ("li", Decimal("0.01")))


def read_mu_parts(text: str, read: Callable[[str], str | None]) -> str | None:
    """The area in mu as plain digits; None for anything that is not said in parts, or that nobody would say so.

    `read` understands one number; all but the smallest part must be whole, and fen and li are below ten.
    """
    found = _PARTS.fullmatch(re.sub(r"\s+", "", text).removesuffix("地"))
    if found is None:
        return None
    parts = {name: found[name] for name, _ in _STEPS if found[name]}
    if not parts or (len(parts) == 1 and "mu" in parts and not found["rest"]):
        return None
    total, last = Decimal(0), Decimal(0)
    for name, step in _STEPS:
        if name not in parts:
            continue
        value = _number(parts[name], read)
        if value is None or value < 0 or (name != "mu" and value >= 10) or (last and total % last):
            return None
        total, last = total + value * step, step
    if found["rest"]:  # 一亩半, 一亩六分半; 一亩三 is one mu and three fen
        value = Decimal(5) if found["rest"] == "半" else _number(found["rest"], read)
        if value is None or not 0 <= value < 10 or total % last:
            return None
        total += value * last / 10
    return f"{total.normalize():f}"


def _number(text: str, read: Callable[[str], str | None]) -> Decimal | None:
    if text == "半":
        return Decimal("0.5")
    plain = read(text)
    return None if plain is None else Decimal(plain)
