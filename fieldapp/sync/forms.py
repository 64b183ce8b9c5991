"""What a value from outside may be: small readers, each of which takes a value in or raises ValueError."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Any

from fieldapp.domain.ops import CLOCK_MOST, COUNTER_BITS

Form = Callable[[Any], Any]
_MOST_TEXT = 200
_DIGEST = re.compile("[0-9a-f]{16}", re.ASCII)
_VILLAGE = re.compile("[0-9]{12}", re.ASCII)


def whole(least: int, most: int) -> Form:
    """A whole number from `least` to `most`; true and 1.0 are none."""

    def read(value: Any) -> int:
        if type(value) is not int or not least <= value <= most:
            raise ValueError("whole number")
        return value

    return read


def blob(length: int | None = None) -> Form:
    """Bytes, of just that length if one is given."""

    def read(value: Any) -> bytes:
        if not isinstance(value, bytes) or (length is not None and len(value) != length):
            raise ValueError("bytes")
        return value

    return read


def matching(pattern: re.Pattern[str]) -> Form:
    """A text of exactly that form."""

    def read(value: Any) -> str:
        if not isinstance(value, str) or not pattern.fullmatch(value):
            raise ValueError("text of a form")
        return value

    return read


def words(value: Any) -> str:
    """A text for people to read: short, and without signs that would move a terminal's cursor."""
    if not isinstance(value, str):
        raise ValueError("text")
    return "".join(sign if sign.isprintable() else "?" for sign in value[:_MOST_TEXT])


def flag(value: Any) -> bool:
    """True or false, which some programs write as 1 or 0."""
    if type(value) not in (bool, int) or value not in (0, 1):
        raise ValueError("flag")
    return bool(value)


def real(value: Any) -> float:
    """A finite number."""
    if type(value) not in (int, float) or not isfinite(value):
        raise ValueError("number")
    return float(value)


def row(*forms: Form) -> Form:
    """A list of these in this order; what a newer server adds behind them is ignored."""

    def read(value: Any) -> tuple[Any, ...]:
        if not isinstance(value, list) or len(value) < len(forms):
            raise ValueError("row")
        return tuple(form(one) for form, one in zip(forms, value, strict=False))

    return read


def each(form: Form) -> Form:
    """A list of any length."""

    def read(value: Any) -> tuple[Any, ...]:
        if not isinstance(value, list):
            raise ValueError("list")
        return tuple(form(one) for one in value)

    return read


def maybe(form: Form) -> Form:
    """The same, or nil."""
    return lambda value: None if value is None else form(value)


@dataclass(frozen=True, slots=True)
class Lacking:
    """A key that a server from before does not send, and what is taken in its place."""

    form: Form
    instead: Any


Forms = Mapping[str, Form | Lacking]


def keyed(forms: Forms, value: Any) -> dict[str, Any]:
    """A map with these keys; those of a newer server are ignored."""
    if not isinstance(value, dict):
        raise ValueError("map")
    found = {}
    for name, form in forms.items():
        if isinstance(form, Lacking):
            found[name] = form.form(value[name]) if name in value else form.instead
        elif name in value:
            found[name] = form(value[name])
        else:
            raise ValueError(name)
    return found


def run(value: Any) -> tuple[bytes, int, int]:
    """A laptop with its first and last counter."""
    device, first, last = row(DEVICE, COUNTER, COUNTER)(value)
    if first > last:
        raise ValueError("run")
    return device, first, last


ID = DEVICE = blob(16)
HASH = blob(32)
COUNTER = whole(0, (1 << COUNTER_BITS) - 1)
CLOCK = whole(0, CLOCK_MOST)
CURSOR = whole(0, (1 << 62) - 1)
TIME_MS = whole(0, CLOCK_MOST >> 16)
COUNT = whole(0, (1 << 48) - 1)
VERSION = whole(0, (1 << 31) - 1)
VILLAGE = matching(_VILLAGE)
DIGEST = matching(_DIGEST)
TOKEN = matching(re.compile("[!-~]{1,500}", re.ASCII))  # it goes into a header of HTTP
