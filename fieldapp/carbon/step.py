"""One line of a calculation that a reader can repeat."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fieldapp.carbon.calculation import digits, taken
from fieldapp.carbon.exact import GRID_BITS
from fieldapp.carbon.rounding import rounded

GRID = f"2^-{GRID_BITS}"


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the calculation; `calculation` is the formula with the numbers that the card prints."""

    name: str
    symbol: str
    formula: str
    calculation: str
    value: float
    unit: str
    grid: str = ""  # what an equation gives goes to the nearest multiple of this, a tie to the even one

    def as_dict(self) -> dict[str, Any]:
        """As in the JSON of `fieldapp explain`."""
        return {
            "name": self.name,
            "symbol": self.symbol,
            "formula": self.formula,
            "calculation": self.calculation,
            "value": rounded(self.value),
            "printed": self.printed,
            "unit": self.unit,
            "grid": self.grid,
        }

    @property
    def printed(self) -> str:
        """The value as the card prints it."""
        return digits(self.value)

    @property
    def taken(self) -> str:
        """The value as later steps take it up."""
        return taken(self.value)
