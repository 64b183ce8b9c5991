"""Rules for single rows of a registry: words, units, ranges and numbers that could not be, each with its column."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from math import isfinite
from typing import Any

from fieldapp.carbon.choice import LEVELS, PLACES
from fieldapp.carbon.entries import Curve, Density, Equation, Factor, Reference, Species, WorkedValue
from fieldapp.carbon.limits import BREAST_HEIGHT_M, MAX_DBH_CM, MAX_HEIGHT_M
from fieldapp.carbon.registry import Registry
from fieldapp.carbon.tables import DICTIONARY, VERSION

EQUATIONS, DENSITIES, FACTORS, WORKED = "equations.csv", "densities.csv", "factors.csv", "worked.csv"
ORGANS = ("stem", "branch", "foliage")
MASS_UNITS = ("kg", "g")
# what a use computes: a volume equation chosen as a biomass would be wrong by its unit alone
OUTPUTS_OF_USE = {
    "choice": ("agb",),
    "named": ("agb",),
    "partner": ("bgb",),
    "part": ORGANS,
    "volume": ("volume",),
}
LOG_BIAS = ("none", "included", "published, not applied", "unknown")
DERIVED = (
    "bgb",
    "carbon",
    "co2e",
    "co2e_high",
)  # what a worked value may say of a whole tree besides its equation's output
SETS = ("default", "volume", "uncertainty")
WOOD_G_CM3 = (0.1, 1.3)
MOST_OF_VALUE = 0.01  # a worked value that may be wrong by more proves nothing ...
LEAST_TOLERANCE_KG = 0.003  # ... but small masses are printed to a few grams
REASON = "tolerance:"  # in the source of a worked value, before the reason for a larger one
FRACTION, RATIO, SPREAD = (("1",), 0.40, 0.60), (("1",), 0.05, 0.80), (("1",), 0.001, 2.0)
# quantity -> units that the program reads it in, smallest and largest value that can be
QUANTITIES: dict[str, tuple[tuple[str, ...], float, float]] = {
    "carbon_fraction": FRACTION,
    "carbon_fraction_above": FRACTION,
    "carbon_fraction_below": FRACTION,
    "root_shoot_ratio": RATIO,
    "co2_per_carbon": (("1",), 44 / 12 - 0.001, 44 / 12 + 0.001),
    "biomass_expansion_factor": (("1",), 1.0, 5.0),
    "wood_density": (("t/m3", "g/cm3"), *WOOD_G_CM3),
    "dbh_sd_cm": (("cm",), 0.01, 3.0),
    "height_sd_m": (("m",), 0.01, 5.0),
    "z_90": (("1",), 1.644, 1.646),
    **dict.fromkeys(
        (
            "residual_sd",
            "residual_sd_general",
            "bias_half_width_large",
            "bias_half_width",
            "bias_half_width_small",
            "bias_extrapolated",
            "bias_other_species",
            "root_ratio_sd",
            "density_sd_default",
            "volume_density_sd",
            "expansion_factor_sd",
        ),
        SPREAD,
    ),
}
_MAY_BE_EMPTY = {
    Species: ("family", "national_code", "national_code_status"),
    Equation: ("allodb_id", "partner", "checked_by", "note"),
    Density: ("note",),
    Factor: ("note",),
    Curve: ("note",),
    Reference: ("authors", "year", "doi", "note"),
    WorkedValue: (),
}
# a column's name ends in the unit that the program reads it in
COLUMN_UNITS = (("_g_cm3", "g/cm3"), ("wood_density", "g/cm3"), ("_cm", "cm"), ("_m", "m"))
_NAME = re.compile(r"\w[\w.+-]*")  # also the name of a folder


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong in a registry: which file, row and column; `code` is the catalogue key `carbon.check.<code>`."""

    code: str
    file: str
    where: str
    column: str
    params: dict[str, Any] = field(default_factory=dict)


def row_id(entry: object) -> str:
    """What a person finds the row by."""
    if isinstance(entry, Factor):
        return f"{entry.set}/{entry.quantity}/{entry.taxon}"
    if isinstance(entry, Density):
        return entry.species
    if isinstance(entry, WorkedValue):
        return entry.equation
    return str(getattr(entry, "id", ""))


def row_problems(registry: Registry) -> Iterator[Problem]:
    """Every problem that one row shows by itself, or by standing there twice."""
    for name in ("name", "version"):
        if name in registry.about and not _NAME.fullmatch(registry.about[name]):
            yield Problem("version", VERSION, "version", name, {"value": registry.about[name]})
    for note in registry.dictionary:
        unit = next((unit for ending, unit in COLUMN_UNITS if note.column.endswith(ending)), note.unit)
        if note.unit != unit:  # densities and worked values stand in the unit of their column
            yield Problem("word", DICTIONARY, f"{note.file}/{note.column}", "unit", {"word": note.unit})
    for file, entries in registry.rows.items():
        seen: set[str] = set()
        for entry in entries:
            row = row_id(entry)
            for code, column, params in _of_row(registry, entry):
                yield Problem(code, file, row, column, params)
            if row in seen and file != WORKED:
                yield Problem("row_twice", file, row, "species" if file == DENSITIES else "id")
            seen.add(row)


Fault = tuple[str, str, dict[str, Any]]


def _of_row(registry: Registry, entry: Any) -> Iterator[Fault]:
    for column in entry.__dataclass_fields__:
        value = getattr(entry, column)
        if value == "" and column not in _MAY_BE_EMPTY[type(entry)]:
            yield "empty", column, {}
        if isinstance(value, float) and not isfinite(value):
            yield "range", column, {"value": str(value)}
    if isinstance(entry, WorkedValue):
        yield from _worked(entry, registry.equations.get(entry.equation))
    elif type(entry) in _RULES:
        yield from _RULES[type(entry)](entry)


def _species(species: Species) -> Iterator[Fault]:
    yield from _words(species, {"habit": ("tree", "bamboo", "group"), "guizhou": ("native", "planted", "group")})
    if species.national_code_status not in ("", "verified", "decision", "transcribed", "memory"):
        yield "word", "national_code_status", {"word": species.national_code_status}


def _equation(equation: Equation) -> Iterator[Fault]:
    allowed = {
        "d_unit": ("cm",),
        "output_unit": ("m3",) if equation.output == "volume" else MASS_UNITS,
        "use": tuple(OUTPUTS_OF_USE),
        "output": OUTPUTS_OF_USE.get(equation.use, (equation.output,)),
        "level": LEVELS,
        "place_class": PLACES,
        "log_bias": LOG_BIAS,
    }
    yield from _words(equation, allowed)
    yield from _range(equation, "d_min_cm", "d_max_cm", MAX_DBH_CM)
    yield from _range(equation, "h_min_m", "h_max_m", MAX_HEIGHT_M)
    limits = {"n": (1, 1e7), "r2": (0, 1), "log_bias_factor": (0.5, 3), "lat": (-90, 90), "lon": (-180, 180)}
    for column, (low, high) in limits.items():
        yield from _between(equation, column, low, high)


def _density(density: Density) -> Iterator[Fault]:
    yield from _words(density, {"basis": ("species", "genus")})
    if not WOOD_G_CM3[0] <= density.density_g_cm3 <= WOOD_G_CM3[1]:
        yield "density", "density_g_cm3", {"value": density.density_g_cm3}
    elif not 0 < density.sd_g_cm3 < density.density_g_cm3:
        yield "density", "sd_g_cm3", {"value": density.sd_g_cm3}


def _factor(factor: Factor) -> Iterator[Fault]:
    yield from _words(factor, {"set": SETS, "quantity": tuple(QUANTITIES)})
    if factor.quantity not in QUANTITIES:
        return
    units, low, high = QUANTITIES[factor.quantity]
    yield from _words(factor, {"unit": units})
    if not low <= factor.value <= Decimal(high):
        yield "factor", "value", {"value": float(factor.value), "low": round(low, 4), "high": round(high, 4)}


def _worked(worked: WorkedValue, equation: Equation | None) -> Iterator[Fault]:
    if equation is None:
        yield "no_equation", "equation", {"name": worked.equation}
        return
    whole_tree = DERIVED if equation.output in ("agb", "volume") else ()
    yield from _words(worked, {"quantity": (equation.output, *whole_tree)})
    yield from _words(worked, {"unit": ("m3",) if worked.quantity == "volume" else ("kg",)})
    yield from _between(worked, "d_cm", 0.01, MAX_DBH_CM)
    yield from _between(worked, "h_m", BREAST_HEIGHT_M, MAX_HEIGHT_M)
    yield from _between(worked, "wood_density", *WOOD_G_CM3)
    for column, needed in (("h_m", equation.needs_height), ("wood_density", equation.needs_density)):
        if needed and worked.quantity == equation.output and getattr(worked, column) is None:
            yield "empty", column, {}
    least = 0.0 if worked.quantity == "volume" else LEAST_TOLERANCE_KG
    most = max(least, MOST_OF_VALUE * abs(worked.value))
    if not 0 <= worked.tolerance <= most and REASON not in worked.source:
        yield "tolerance", "tolerance", {"value": worked.tolerance, "high": most}


def _words(entry: Any, allowed: dict[str, tuple[str, ...]]) -> Iterator[Fault]:
    for column, words in allowed.items():
        if getattr(entry, column) not in words:
            yield "word", column, {"word": getattr(entry, column)}


def _range(entry: Any, low_column: str, high_column: str, most: float) -> Iterator[Fault]:
    low, high = getattr(entry, low_column), getattr(entry, high_column)
    if (low is None) != (high is None):
        yield "empty", low_column if low is None else high_column, {}
        return
    if low is None:
        return
    if not 0 < low <= most:
        yield "range", low_column, {"value": low}
    elif not low <= high <= most:
        yield "range", high_column, {"value": high}


def _between(entry: Any, column: str, low: float, high: float) -> Iterator[Fault]:
    value = getattr(entry, column)
    if value is not None and not low <= value <= high:
        yield "range", column, {"value": value}


_RULES: dict[type, Callable[[Any], Iterator[Fault]]] = {
    Species: _species,
    Equation: _equation,
    Density: _density,
    Factor: _factor,
}
