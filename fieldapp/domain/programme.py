"""The programme's rules as dated, versioned settings; every value says where it was read and how sure that is."""

from __future__ import annotations

import datetime as dt
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, cast

from fieldapp import paths


@dataclass(frozen=True, slots=True)
class Setting:
    """One value with its source and mark: V published, V~ a copy, C computed, R a default nobody published."""

    value: float | tuple[float, ...] | tuple[str, ...]
    unit: str
    mark: str
    sources: Mapping[str, str]  # by language

    def source(self, language: str) -> str:
        """Where it was read, in words of a language."""
        return self.sources.get(language) or next(iter(self.sources.values()))


@dataclass(frozen=True, slots=True)
class Programme:
    """The rules that were in force from a day on."""

    version: str
    name: str
    valid_from: dt.date
    valid_to: dt.date | None
    settings: Mapping[str, Setting]

    def number(self, name: str) -> float:
        """A setting that is a single number."""
        return cast(float, self.settings[name].value)

    @property
    def area_cap_mu(self) -> float:
        """Land of one household that counts, in mu."""
        return self.number("area_cap_mu")

    @property
    def trees_per_mu(self) -> float:
        """Trees that count on one mu."""
        return self.number("trees_per_mu")

    @property
    def price_yuan(self) -> float:
        """Price of one tree-year in yuan."""
        return self.number("price_yuan_per_tree_year")

    @property
    def flat_kg(self) -> float:
        """The platform's flat CO2 of one tree-year in kg, beside which our estimate is shown."""
        return self.number("flat_kg_per_tree_year")

    @property
    def dbh_range_cm(self) -> tuple[float, float]:
        """Diameters that the programme takes, in cm, both ends included."""
        return self.number("dbh_min_cm"), self.number("dbh_max_cm")

    @property
    def contract_years(self) -> tuple[float, ...]:
        """Years of a contract; more than one while the sources differ."""
        return cast(tuple[float, ...], self.settings["contract_years"].value)

    def quota(self, area_mu: float | None) -> int:
        """Trees of a household with this much land; the full quota while its land is unknown."""
        land = self.area_cap_mu if area_mu is None else min(max(area_mu, 0.0), self.area_cap_mu)
        return math.floor(land * self.trees_per_mu + 1e-6)  # 1.2 mu are 270 trees, not 269

    def largest_dbh_cm(self, species: str | None, age_years: int) -> float:
        """The thickest that a tree of this age is believed to be, in cm."""
        fast = any(name in (species or "") for name in cast(tuple[str, ...], self.settings["fast_species"].value))
        yearly = self.number("dbh_increment_max_cm_fast" if fast else "dbh_increment_max_cm")
        return yearly * max(age_years, 1) + yearly


def load(on: dt.date | None = None, folder: Path | None = None) -> Programme:
    """The rules in force on a day (today without one); before the first rules, the first ones."""
    known = _all(folder or paths.resources() / "programme")
    day = on or dt.date.today()
    in_force = [p for p in known if p.valid_from <= day and (p.valid_to is None or day <= p.valid_to)]
    return in_force[-1] if in_force else known[0]


@lru_cache(maxsize=4)
def _all(folder: Path) -> tuple[Programme, ...]:
    files = [json.loads(file.read_text("utf-8")) for file in sorted(folder.glob("*.json"))]
    programmes = [_read(data) for data in files if "valid_from" in data]  # the consent texts lie beside the rules
    return tuple(sorted(programmes, key=lambda p: (p.valid_from, p.version)))


def _read(data: dict[str, Any]) -> Programme:
    settings = {
        name: Setting(_frozen(entry["value"]), entry["unit"], entry["mark"], MappingProxyType(entry["source"]))
        for name, entry in data["values"].items()
    }
    ends = data["valid_to"]
    start = dt.date.fromisoformat(data["valid_from"])
    return Programme(data["version"], data["name"], start, dt.date.fromisoformat(ends) if ends else None, settings)


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
