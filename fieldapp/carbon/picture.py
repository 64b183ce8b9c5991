"""All equations of one tree as lines of a picture and rows of the table beside it, in words."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

from fieldapp.carbon.compare import Comparison, compare, curve_through
from fieldapp.carbon.estimate import RegistryEstimator
from fieldapp.carbon.words import equation_name, error_text, height_words, line_marks, place_text
from fieldapp.domain.sinks import SinkInput
from fieldapp.i18n import language, listed, t

_STEP_CM = 5
_SMALLEST_CM = 10.0
_BEYOND = 1.8  # how far behind the tree the picture goes


@dataclass(frozen=True, slots=True)
class PictureLine:
    """One equation: its row of the table, and above-ground biomass over diameter; `range_cm` is what was sampled."""

    number: int
    equation_id: str
    name: str
    place: str
    marks: str
    chosen: bool
    agb_kg: float
    co2e_kg: float
    low_kg: float
    high_kg: float
    d_cm: tuple[float, ...]
    along_kg: tuple[float, ...]
    range_cm: tuple[float | None, float | None]


@dataclass(frozen=True, slots=True)
class Picture:
    """What the window paints; `error` says why there is nothing to compare."""

    title: str
    spread: str
    dbh_cm: float
    up_to_cm: float
    lines: tuple[PictureLine, ...]
    error: str = ""


def picture_of(estimator: RegistryEstimator, tree: SinkInput) -> Picture:
    """The picture of a tree; the chosen equation first, then by what they give."""
    found = compare(estimator, tree)
    if found.error or found.spread is None or tree.dbh_cm is None:
        return Picture("", "", 0.0, 0.0, (), error_text(found.error or "carbon_no_equation"))
    up_to = max(_SMALLEST_CM, ceil(tree.dbh_cm * _BEYOND / _STEP_CM) * _STEP_CM)
    lines = [_line(estimator, found, number, up_to) for number in range(len(found.lines))]
    height = height_words(found)
    words = {"species": _species(estimator, tree.species), "d": f"{tree.dbh_cm:g}", "h": height}
    title = t("carbon.compare.title", n=len(lines), **words)
    low, high = found.spread
    ratio = f"{high / low:.1f}" if low else "–"
    spread = t("carbon.compare.spread", low=f"{low:.1f}", high=f"{high:.1f}", ratio=ratio)
    return Picture(title, spread, tree.dbh_cm, up_to, tuple(line for line in lines if line is not None))


def _line(estimator: RegistryEstimator, found: Comparison, place: int, up_to_cm: float) -> PictureLine | None:
    line = found.lines[place]
    sink, along = line.sink, curve_through(estimator, line, found.tree, up_to_cm)
    if along is None:
        return None
    marks = [t(f"carbon.status.{sink.status}"), *line_marks(line)]
    return PictureLine(
        number=place + 1,
        equation_id=line.equation.id,
        name=equation_name(estimator.registry, line.equation),
        place=place_text(line.equation.place),
        marks=listed(marks),
        chosen=line.chosen,
        agb_kg=sink.agb_kg or 0.0,
        co2e_kg=sink.co2e_kg or 0.0,
        low_kg=sink.co2e_low_kg or 0.0,
        high_kg=sink.co2e_high_kg or 0.0,
        d_cm=along.d_cm,
        along_kg=along.agb_kg,
        range_cm=along.range_cm,
    )


def _species(estimator: RegistryEstimator, name: str) -> str:
    species = estimator.registry.species(name)
    if species is None:
        return name
    return species.latin if language() == "en" else species.chinese or species.latin
