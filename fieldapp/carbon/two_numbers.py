"""The platform's flat value and the computed value: always both, always named, never mixed; and the quota meter."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from fieldapp.domain.programme import Programme
from fieldapp.domain.totals import Total


@dataclass(frozen=True, slots=True)
class PlatformValue:
    """What the platform credits: so many kg and yuan a tree-year, by the programme file of that day."""

    tree_years: float
    co2e_kg: float
    yuan: float
    programme_version: str
    valid_from: dt.date
    valid_to: dt.date | None
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ComputedValue:
    """What the methodology computes: the stock with its range; a yearly value only where it is modelled."""

    stock_kg: float
    low_kg: float
    high_kg: float
    trees: int
    refused: int
    method_version: str
    modelled_yearly_kg: float | None = None


@dataclass(frozen=True, slots=True)
class TwoNumbers:
    """Both, side by side."""

    platform: PlatformValue
    computed: ComputedValue


@dataclass(frozen=True, slots=True)
class QuotaMeter:
    """How much of a household's quota is used; exceeding it asks for a reason and never blocks."""

    area_mu: float | None
    allowed: int
    recorded: int
    rule_version: str
    rule_sources: tuple[str, ...]

    @property
    def left(self) -> int:
        """Trees that may still be recorded; negative when the quota is exceeded."""
        return self.allowed - self.recorded

    @property
    def exceeded(self) -> bool:
        """Whether a reason is asked for."""
        return self.recorded > self.allowed


def platform_value(programme: Programme, trees: int, years: float = 1.0) -> PlatformValue:
    """The flat value of so many trees over so many years."""
    tree_years = trees * years
    return PlatformValue(
        tree_years,
        tree_years * programme.flat_kg,
        tree_years * programme.price_yuan,
        programme.version,
        programme.valid_from,
        programme.valid_to,
        _sources(programme, "flat_kg_per_tree_year", "price_yuan_per_tree_year"),
    )


def two_numbers(
    programme: Programme, total: Total, method_version: str, modelled_yearly_kg: float | None = None
) -> TwoNumbers:
    """Both numbers of a parcel, household, village or county."""
    computed = ComputedValue(
        total.co2e_kg, total.low_kg, total.high_kg, total.trees, total.refused, method_version, modelled_yearly_kg
    )
    return TwoNumbers(platform_value(programme, total.trees + total.refused), computed)


def quota_meter(programme: Programme, area_mu: float | None, recorded: int) -> QuotaMeter:
    """The household's meter: 2 mu, 225 trees a mu, pro rata with less land, as the programme file says."""
    sources = _sources(programme, "area_cap_mu", "trees_per_mu")
    return QuotaMeter(area_mu, programme.quota(area_mu), recorded, programme.version, sources)


def _sources(programme: Programme, *names: str) -> tuple[str, ...]:
    return tuple(f"[{programme.settings[name].mark}] {programme.settings[name].source('en')}" for name in names)
