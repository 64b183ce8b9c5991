"""`fieldapp methodology check`: what an auditor would try first on a registry, and what it answers.

Single rows are looked at by check_rows, before anything is computed: no damage of a file ends the check.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from itertools import pairwise
from pathlib import Path

from fieldapp.carbon.check_rows import DENSITIES, EQUATIONS, FACTORS, WORKED, Problem, row_id, row_problems
from fieldapp.carbon.check_worked import worked_problems
from fieldapp.carbon.entries import Equation
from fieldapp.carbon.models import TwoBranches
from fieldapp.carbon.registry import ANY, Registry
from fieldapp.carbon.seal import is_broken
from fieldapp.carbon.tables import DICTIONARY, VERSION
from fieldapp.errors import ItemError

CURVES = "curves.csv"
# what a person finds a row by, where it has no id
ROW_COLUMNS = {
    DENSITIES: ("species",),
    FACTORS: ("set", "quantity", "taxon"),
    WORKED: ("equation",),
    DICTIONARY: ("file", "column"),
}
CURVE_COEFFICIENTS = {"proportional": set[str](), "power": {"c"}, "increment": {"a"}}
BAND_LOW, BAND_HIGH = 0.05, 1.2  # kg per cm2 of D squared
BAND_D_CM = (5.0, 30.0)
ROOT_SHARE = (0.02, 1.0)  # roots to shoot: a band of our own, far around every ratio that is published in the registry
BRANCH_TOLERANCE = 0.02  # printed coefficients leave branches apart by their rounding
STEPS = 60
# where no range is published, the programme's trees and somewhat beyond
USUAL_D_CM = (5.0, 30.0)
TYPICAL_DENSITY = 0.5


def check_contents(contents: Mapping[str, bytes]) -> tuple[Registry | None, list[Problem]]:
    """The registry of a folder's bytes with its problems; what cannot be read at all is one problem and no registry."""
    try:
        registry = Registry(contents)
    except ItemError as error:
        file, line, column = (error.params.get(name, "") for name in ("file", "line", "column"))
        row = _row_at(contents.get(file, b""), file, line)
        return None, [Problem("unreadable", file, row, str(column), {"line": line})]
    return registry, check(registry)


def seal_problems(folder: Path, registry: Registry) -> list[Problem]:
    """One problem when the files are not those that their version was sealed with; none in a folder without a seal."""
    broken = is_broken(folder, registry)
    return [Problem("seal", VERSION, registry.about["version"], "version", {})] if broken else []


def refuse_faulty(registry: Registry, folder: Path | None = None) -> None:
    """ItemError methodology_pack_faulty when the check finds anything: it is neither signed nor taken."""
    problems = check(registry) + (seal_problems(folder, registry) if folder is not None else [])
    if problems:
        first = problems[0]
        place = f"{first.file}: {first.where}: {first.column}"
        raise ItemError("methodology_pack_faulty", n=len(problems), where=place, problem=first.code)


def _row_at(data: bytes, file: str, line: int | str) -> str:
    """The id of the row that an unreadable cell stands in; the loader says an id itself where it knows no line."""
    if isinstance(line, str):
        return line
    text = data.decode("utf-8-sig", "replace").replace("\0", "")
    try:
        rows = list(csv.DictReader(io.StringIO(text, newline="")))
    except csv.Error:  # a cell without an end: the file and the line are told
        return ""
    if not 2 <= line < len(rows) + 2:
        return ""
    return "/".join(str(rows[line - 2].get(column) or "") for column in ROW_COLUMNS.get(file, ("id",)))


def check(registry: Registry) -> list[Problem]:
    """Every problem of the registry; an empty list is what may be shipped."""
    problems = [*row_problems(registry), *_references(registry), *_names(registry), *_missing(registry)]
    problems += _curves(registry)
    broken = {one.where for one in problems if one.file == EQUATIONS}
    for equation in registry.equations.values():
        if equation.id not in broken:
            problems += _shape(equation)
            problems += _roots(registry, equation)
    return problems + list(worked_problems(registry, problems))


def _references(registry: Registry) -> Iterator[Problem]:
    """Every number names a source that exists; every partner and taxon does too."""
    known_taxa = {s.id for s in registry.species_list} | {g for s in registry.species_list for g in s.groups} | {ANY}
    ids = {species.id for species in registry.species_list if species.habit != "group"}
    for equation in registry.equations.values():
        level = "general" if equation.taxon == ANY else "species" if equation.taxon in ids else "group"
        # choice and range go by the level: one that is not its taxon's would pass for a closer equation
        if level != ("group" if equation.level == "genus" else equation.level):
            yield Problem("level", EQUATIONS, equation.id, "level", {"name": equation.level, "expected": level})
        partner = registry.equations.get(equation.partner)
        if equation.partner and (partner is None or partner.output != "bgb"):
            yield Problem("partner", EQUATIONS, equation.id, "partner", {"name": equation.partner})
    for file in (EQUATIONS, FACTORS, CURVES, DENSITIES):
        for row in registry.rows[file]:
            if row.reference not in registry.references:
                yield Problem("reference", file, row_id(row), "reference", {"name": row.reference})
            column = "species" if file == DENSITIES else "taxon"
            taxon = getattr(row, column)
            if taxon not in known_taxa or (file == DENSITIES and registry.species(taxon) is None):
                yield Problem("taxon", file, row_id(row), column, {"name": taxon})


def _names(registry: Registry) -> Iterator[Problem]:
    """No name means two species."""
    owner: dict[str, str] = {}
    for species in registry.species_list:
        for name in species.names:
            first = owner.setdefault(name.casefold(), species.id)
            if first != species.id:
                column = "chinese" if name == species.chinese else "latin" if name == species.latin else "synonyms"
                yield Problem("name_twice", "species.csv", species.id, column, {"name": name, "other": first})


def _missing(registry: Registry) -> Iterator[Problem]:
    for set_name, quantity in REQUIRED:
        if registry.factor(set_name, quantity) is None:
            yield Problem("missing", FACTORS, f"{set_name}/{quantity}/{ANY}", "quantity", {"set": set_name})


def _curves(registry: Registry) -> Iterator[Problem]:
    """A growth curve has a known form, the coefficient that it reads, and grows."""
    for curve in registry.rows[CURVES]:
        wanted = CURVE_COEFFICIENTS.get(curve.form)
        if wanted is None or curve.coefficients.keys() != wanted:
            column = "form" if wanted is None else "coefficients"
            yield Problem("curve", CURVES, curve.id, column, {"name": curve.form})
        elif any(not 0 < value <= 10 for value in curve.coefficients.values()):
            yield Problem("range", CURVES, curve.id, "coefficients", {"name": curve.form})


def _shape(equation: Equation) -> Iterator[Problem]:
    """Grows with D over its range, stays in the sanity band, and its branches meet."""
    d = _diameters(equation)
    try:
        values = values_along(equation, d)
        apart = _branches(equation)
    except (ArithmeticError, ValueError, ItemError):
        yield Problem("overflow", EQUATIONS, equation.id, "coefficients", {"low": d[0], "high": d[-1]})
        return
    if any(not later > earlier for earlier, later in pairwise(values)):
        yield Problem("not_monotone", EQUATIONS, equation.id, "coefficients", {"low": d[0], "high": d[-1]})
    if equation.output == "agb":
        inside = [(x, v) for x, v in zip(d, values, strict=True) if BAND_D_CM[0] <= x <= BAND_D_CM[1]]
        bad = next(((x, v) for x, v in inside if not BAND_LOW * x * x <= v <= BAND_HIGH * x * x), None)
        if bad is not None:
            place = {"d": round(bad[0], 2), "value": round(bad[1], 3)}
            yield Problem("band", EQUATIONS, equation.id, "coefficients", place)
    if apart:
        yield Problem("branches", EQUATIONS, equation.id, "coefficients", apart)


def _diameters(equation: Equation) -> list[float]:
    low = equation.d_min_cm if equation.d_min_cm is not None else USUAL_D_CM[0]
    high = equation.d_max_cm if equation.d_max_cm is not None else USUAL_D_CM[1]
    return [low + (high - low) * step / STEPS for step in range(STEPS + 1)]


def _roots(registry: Registry, equation: Equation) -> Iterator[Problem]:
    """The root equation that goes with this one never gives a tree more below the ground than above."""
    partner = registry.equations.get(equation.partner) if equation.partner else None
    if partner is None or equation.output != "agb":
        return
    d = _diameters(equation)
    try:
        shares = [
            below / above for above, below in zip(values_along(equation, d), values_along(partner, d), strict=True)
        ]
    except (ArithmeticError, ValueError, ItemError):
        return  # told of the equation itself
    bad = next(
        ((x, share) for x, share in zip(d, shares, strict=True) if not ROOT_SHARE[0] <= share <= ROOT_SHARE[1]), None
    )
    if bad is not None:
        yield Problem("roots", EQUATIONS, equation.id, "partner", {"d": round(bad[0], 2), "value": round(bad[1], 3)})


def _branches(equation: Equation) -> dict[str, float]:
    """Where two branches do not meet, and their values there; nothing when they do."""
    if not isinstance(equation.model, TwoBranches):
        return {}
    split = equation.model.split
    below, above = (
        branch.column([split], [typical_height(split)], [])[0]
        for branch in (equation.model.below, equation.model.above)
    )
    if abs(below - above) <= BRANCH_TOLERANCE * above:
        return {}
    return {"d": split, "below": below, "above": above}


def values_along(equation: Equation, d: list[float]) -> list[float]:
    """The equation over diameters, with a typical height and density where it wants them, in kg or m3."""
    h = [typical_height(one) for one in d] if equation.needs_height else []
    rho = [TYPICAL_DENSITY] * len(d) if equation.needs_density else []
    return [value * equation.to_kg for value in equation.model.column(d, h, rho)]


def typical_height(d_cm: float) -> float:
    """A height that goes with a diameter in young plantations; only for checks and pictures."""
    return 1.3 + d_cm * d_cm / (1.3 + 0.19 * d_cm) ** 2


REQUIRED = (
    ("default", "root_shoot_ratio"),
    ("default", "carbon_fraction_above"),
    ("default", "carbon_fraction_below"),
    ("default", "co2_per_carbon"),
    *(
        ("uncertainty", quantity)
        for quantity in (
            "dbh_sd_cm",
            "height_sd_m",
            "z_90",
            "residual_sd",
            "residual_sd_general",
            "bias_half_width_large",
            "bias_half_width",
            "bias_half_width_small",
            "bias_extrapolated",
            "root_ratio_sd",
            "density_sd_default",
        )
    ),
)
