"""`docs/methodology.md` and the table of `fieldapp methodology show`, made from the registry itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from fieldapp.carbon import log_bias
from fieldapp.carbon.choice_steps import choice_steps
from fieldapp.carbon.entries import Equation
from fieldapp.carbon.estimate import RegistryEstimator
from fieldapp.carbon.forms import written
from fieldapp.carbon.registry import Registry

UNKNOWN = """## What is not known

The full text of the Guizhou single-tree carbon sink methodology (贵州省单株碳汇方法学) is not public. Nothing here is
taken from it. The day it is obtained it is entered as data, as a signed pack of the same files, without a change of
program.

- No official list of species, and no official equation, was found. The sink of every tree is therefore provisional
  and is called so wherever it is shown; it is not a CCER credit.
- No published equation covers Cryptomeria (柳杉) between 5 and 8 cm: the nearest begins at 9.1 cm and is extrapolated.
- Bamboo has no equation here and is refused.
- Expansion factors of the volume route were not found in a text (status `memory`): they need a switch.
- The scatter of single trees is an assumption: the sources print R2, not the residual error.
- Corrections of the logarithmic bias that some sources print are not applied; what they would add is listed below.
"""

METHOD = """## How a tree is computed

`AGB -> BGB = root equation of the species, or AGB x R`; `carbon = AGB x CF above + BGB x CF below`;
`CO2 = carbon x 44/12`; by volume `AGB = V x WD x BEF x 1000` with all factors from one source.
D in cm at 1.3 m over bark, H in m, masses in kg of dry matter, V in m3, wood density in g/cm3.

Of the equations that the measurements allow, the choice falls by closeness of the taxon, then place (Guizhou; all
China; the neighbouring provinces; the rest of southern China; elsewhere), then range, then status; ties go to the one
that uses the height, the larger sample (at least 30 trees, at least 10, fewer), then the wider range, so that a growing
tree changes its equation seldom. Beyond all ranges the nearest one is used and marked *extrapolated*; an equation whose
range was not published carries *range not known* at every diameter. The range at 90 % of a tree comes from measurement,
density and model error. Another published equation of the same species may well give a value outside of it: `fieldapp
estimate --compare` and the window's comparison show them side by side.

A girth is divided by pi, once. Of a tree that forks below 1.3 m every stem is computed as a tree, and the stems are
added up, ranges too; in every sum it is one tree with that range. A height that the equation does not take stays on
record and has no part in the result.

A tree without a measured height takes an equation of its diameter alone, unless a person has set a height curve for its
parcel: H = 1.3 + D^2 / (a + b D)^2, fitted to at least 8 measured heights of one species there. Its trees without a
height then take theirs from it and are marked *height from curve*, and also so where it is extrapolated;
their range takes the curve's residual error, at least that of a measured height. Heights are never filled unasked.

Biomass is snapped to a grid of 2^-32 kg before anything is derived from it, and so are the elasticities that ranges are
made of: every computer prints the same digits.
A card prints results to 8 digits and takes them up with 15; who repeats it gets all 8.

A name is read with authors, brackets, traditional characters or as a genus alone; pinyin letters are a reading and
marked *species read from pinyin letters*. A species that is not in the list is refused, never counted as its relative.

Every result names its version. A version names one content: where the files are not those that it was published with,
results carry the version with `+changed.` and the first eight digits of the files' own checksum.

The platform's flat value counts every tree on record that lives, also one that the methodology cannot compute.
A tree that is dead, felled, lost or replaced is in no sum. In a table of trees a column `state` (树木状态) says so: its
row keeps the figure of its measurement, marked *not counted*, and `--since` takes it for lost.
"""


def rows(registry: Registry) -> Iterator[dict[str, Any]]:
    """Every equation as one row of the table."""
    for equation in registry.equations.values():
        source = registry.references.get(equation.reference)
        yield {
            "id": equation.id,
            "allodb_id": equation.allodb_id or None,
            "taxon": equation.taxon,
            "chinese": _chinese(registry, equation),
            "level": equation.level,
            "output": equation.output,
            "unit": equation.output_unit,
            "form": equation.form,
            "formula": written(equation.form, equation.coefficients),
            "inputs": list(equation.inputs),
            "d_min_cm": equation.d_min_cm,
            "d_max_cm": equation.d_max_cm,
            "h_min_m": equation.h_min_m,
            "h_max_m": equation.h_max_m,
            "n": equation.n,
            "r2": equation.r2,
            "place": equation.place,
            "status": equation.status.value,
            "use": equation.use,
            "reference": source.title if source else equation.reference,
            "doi": source.doi if source else "",
            "locator": equation.locator,
            "transcribed_by": equation.transcribed_by,
            "checked_by": equation.checked_by,
        }


def markdown(registry: Registry) -> str:
    """The whole methodology as one page."""
    about = registry.about
    head = [
        "# Methodology",
        "",
        f"{about['title_en']} ({about['title_zh']}), version `{registry.version}`, {about['dated']}.",
        "This page is made by `fieldapp methodology doc` from `resources/species/`; change the data, not the page.",
        "",
        UNKNOWN,
        METHOD,
    ]
    numbers = [
        *(log_bias.TEXT.splitlines()),
        "",
        *_table(*log_bias.table(registry)),
        *_checked(registry),
        *_equations(registry),
        *_densities(registry),
        *_factors(registry),
    ]
    return "\n".join([*head, *_changes(registry), *numbers, *_sources(registry)])


def _checked(registry: Registry) -> list[str]:
    """How many equations were checked against anything, and what that proves."""
    said = [equation.checked_by.partition(":")[0] for equation in registry.equations.values()]
    values, nobody = said.count("values"), sum(one in ("", "nobody") for one in said)
    return [
        "## Who transcribed and who checked",
        "",
        f"Of {len(said)} equations {values} were compared with values that others evaluated (`values`) and",
        f"{nobody} by nobody, because nothing independent is known; the others in a way that is named. Agreement",
        "proves the copy from the compilation, not the compilation's copy from the paper. No person's name was kept.",
        "`python -m tools.check_equations DATA` repeats the comparison and writes the column.",
        "",
    ]


def _changes(registry: Registry) -> list[str]:
    """Where a growing tree gets another equation: heights are those of a typical young stand."""
    header = ("species", "height", "at D", "before", "after", "change of the sink")
    lines = [
        f"| {_name(registry, step.species)} | {'measured' if step.has_height else 'any'} | {step.d_cm:g} cm | "
        f"{step.before} | {step.after} | {100 * step.change:+.1f} % |"
        for step in choice_steps(RegistryEstimator(registry))
    ]
    return _table("Where a species changes its equation", header, lines)


def _equations(registry: Registry) -> list[str]:
    header = (
        "id",
        "taxon",
        "output",
        "equation",
        "range (D cm; H m)",
        "n",
        "R2",
        "place",
        "status",
        "use",
        "source",
        "checked by",
    )
    return _table("Equations", header, [_equation_row(registry, e) for e in registry.equations.values()])


def _densities(registry: Registry) -> list[str]:
    header = ("species", "g/cm3", "sd", "basis", "status", "source")
    lines = [
        f"| {_name(registry, d.species)} | {d.density_g_cm3:g} | {d.sd_g_cm3:g} | {d.basis} | {d.status.value} | "
        f"{d.reference} |"
        for d in registry.densities.values()
    ]
    return _table("Wood density", header, lines)


def _factors(registry: Registry) -> list[str]:
    header = ("set", "taxon", "quantity", "value", "unit", "status", "source", "note")
    lines = [
        f"| {f.set} | {f.taxon} | {f.quantity} | {float(f.value):.6g} | {f.unit} | {f.status.value} | "
        f"{f.reference} | {f.note} |"
        for f in registry.factors
    ]
    curves = [
        f"| {c.id} | {c.taxon} | {c.form} | {c.status.value} | {c.reference} | {c.note} |"
        for c in registry.curves.values()
    ]
    growth = _table("Growth curves", ("id", "taxon", "form", "status", "source", "note"), curves)
    return _table("Factors", header, lines) + growth


def _sources(registry: Registry) -> list[str]:
    references = [
        f"- **{r.id}**: {'; '.join(part for part in (r.authors, r.title, r.year, r.doi, r.note) if part)}"
        for r in registry.references.values()
    ]
    columns = [f"| {c.file} | {c.column} | {c.type} | {c.unit} | {c.english} |" for c in registry.dictionary]
    header = ("file", "column", "type", "unit", "meaning")
    return ["## References", "", *references, "", *_table("Dictionary of columns", header, columns)]


def _table(title: str, header: tuple[str, ...], lines: list[str]) -> list[str]:
    return [f"## {title}", "", f"| {' | '.join(header)} |", "|" + "---|" * len(header), *lines, ""]


def _equation_row(registry: Registry, e: Equation) -> str:
    formula = written(e.form, e.coefficients).replace("|", "\\|")
    return (
        f"| {e.id} | {_name(registry, e.taxon)} | {e.output} ({e.output_unit}) | {formula} | {span(e)}{_heights(e)} | "
        f"{e.n or ''} | {'' if e.r2 is None else f'{e.r2:g}'} | {e.place} | {e.status.value} | "
        f"{e.use} | {e.reference}, {e.locator} | {e.checked_by} |"
    )


def span(equation: Equation) -> str:
    """The range of diameters as it is listed; an end that is not known is a question mark."""
    if equation.d_min_cm is None and equation.d_max_cm is None:
        return "not known"
    low, high = ("?" if end is None else f"{end:g}" for end in (equation.d_min_cm, equation.d_max_cm))
    return f"{low}-{high}"


def _heights(equation: Equation) -> str:
    if equation.h_min_m is None or equation.h_max_m is None:
        return ""
    return f"; H {equation.h_min_m:g}-{equation.h_max_m:g}"


def _name(registry: Registry, taxon: str) -> str:
    species = registry.species(taxon)
    return f"{species.chinese} {species.latin}" if species else taxon


def _chinese(registry: Registry, equation: Equation) -> str:
    species = registry.species(equation.taxon)
    return species.chinese if species else ""
