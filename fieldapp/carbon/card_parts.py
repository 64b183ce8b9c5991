"""What a card is made of: sections of named rows, steps, and how a value stands in a row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fieldapp.carbon.calculation import given
from fieldapp.carbon.words import unit_text
from fieldapp.i18n import t


@dataclass(frozen=True, slots=True)
class Row:
    """A name and what stands for it; `formula` says that it is to be set as one."""

    label: str
    text: str
    formula: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """Rows that belong together."""

    title: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class StepRow:
    """One step: what it is, its formula, the same with numbers, and the result."""

    label: str
    symbol: str
    formula: str
    calculation: str
    value: str
    unit: str


@dataclass(frozen=True, slots=True)
class Card:
    """A number with everything that led to it, in the language of the reader."""

    title: str
    headline: str
    marks: str
    before: tuple[Section, ...]
    steps: tuple[StepRow, ...]
    after: tuple[Section, ...]
    version: str
    checksum: str


def section(name: str, rows: list[Row]) -> Section:
    return Section(t(f"carbon.card.section.{name}"), tuple(row for row in rows if row.text))


def row(name: str, text: object, *, formula: bool = False) -> Row:
    return Row(t(f"carbon.card.{name}"), "" if text is None else str(text), formula)


def with_unit(value: float | None, unit: str) -> str | None:
    return None if value is None else f"{given(value)} {unit_text(unit)}"


def span(ends: Sequence[float | None], unit: str) -> str | None:
    if all(end is None for end in ends):
        return None
    low, high = ("…" if end is None else given(end) for end in ends)
    return f"{low} – {high} {unit}"
