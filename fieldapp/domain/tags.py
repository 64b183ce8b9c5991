"""Tags as they hang on trees: text that ends in a number, or has one in it, and counts up."""

from __future__ import annotations

import re
from dataclasses import dataclass

_LAST_NUMBER = re.compile(r"([0-9]+)([^0-9]*)$")


@dataclass(frozen=True, slots=True)
class NumberedTag:
    """A tag taken apart at its last number; `width` digits with leading zeros."""

    before: str
    number: int
    width: int
    after: str = ""

    def __str__(self) -> str:
        return f"{self.before}{self.number:0{self.width}d}{self.after}"


def parse(tag: str | None) -> NumberedTag | None:
    """The parts of a tag, None when it holds no number."""
    match = _LAST_NUMBER.search(tag or "")
    if tag is None or match is None:
        return None
    digits, after = match.groups()
    return NumberedTag(tag[: match.start()], int(digits), len(digits), after)


def next_tag(tag: str | None) -> str:
    """The tag after this one: its last number counts up and keeps its width; "" when it holds no number."""
    parts = parse(tag)
    return str(NumberedTag(parts.before, parts.number + 1, parts.width, parts.after)) if parts else ""
