"""One measured figure and the table that shows figures beside their limits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """A measured value beside the limit it must keep; `limit` None means that there is none, it is told only."""

    name: str
    value: float
    unit: str
    limit: float | None
    higher_is_better: bool = False
    note: str = ""

    @property
    def reached(self) -> bool:
        """Whether the value keeps its limit."""
        if self.limit is None:
            return True
        return self.value >= self.limit if self.higher_is_better else self.value <= self.limit


def table(figures: Sequence[Figure]) -> str:
    """The figures as aligned lines: what, value, limit, verdict, note."""
    rows = [("what", "value", "limit", "", "")]
    rows += [(f.name, f"{_number(f.value)} {f.unit}", _limit(f), _verdict(f), f.note) for f in figures]
    widths = [max(len(row[column]) for row in rows) for column in range(5)]
    lines = []
    for name, value, limit, verdict, note in rows:
        cells = (name.ljust(widths[0]), value.rjust(widths[1]), limit.rjust(widths[2]), verdict.ljust(widths[3]), note)
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)


def _number(value: float) -> str:
    if value == 0 or abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def _limit(figure: Figure) -> str:
    if figure.limit is None:
        return ""
    return f"{'>=' if figure.higher_is_better else '<='} {_number(figure.limit)} {figure.unit}"


def _verdict(figure: Figure) -> str:
    if figure.limit is None:
        return ""
    return "reached" if figure.reached else "NOT REACHED"
