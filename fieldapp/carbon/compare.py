"""All equations that apply to one tree, side by side, with the spread between them and the points of their curves."""

from __future__ import annotations

from dataclasses import dataclass, replace

from fieldapp.carbon.check import STEPS, typical_height, values_along
from fieldapp.carbon.choice import Tree
from fieldapp.carbon.entries import Equation, Status
from fieldapp.carbon.estimate import AGB_OUTPUTS, RegistryEstimator
from fieldapp.carbon.routes import Route
from fieldapp.domain.sinks import Sink, SinkInput

CURVE_D_CM = (1.0, 30.0)
BREAST_HEIGHT_M = 1.3


@dataclass(frozen=True, slots=True)
class Line:
    """One equation's answer for the tree."""

    equation: Equation
    sink: Sink
    chosen: bool
    without_curve: bool = False  # what the tree would get without its parcel's height curve


@dataclass(frozen=True, slots=True)
class Comparison:
    """Answers of all applicable equations, the chosen one first; `error` when the tree cannot be computed."""

    tree: SinkInput
    lines: tuple[Line, ...]
    error: str
    height_m: float | None = None  # measured, or from the parcel's curve

    @property
    def spread(self) -> tuple[float, float] | None:
        """Smallest and largest CO2e of all lines, kg."""
        values = [line.sink.co2e_kg for line in self.lines if line.sink.co2e_kg is not None]
        return (min(values), max(values)) if values else None


@dataclass(frozen=True, slots=True)
class Curve:
    """Above-ground biomass over diameter, for a picture; the sampled range is to be shaded."""

    equation_id: str
    d_cm: tuple[float, ...]
    agb_kg: tuple[float, ...]
    range_cm: tuple[float | None, float | None]


def compare(estimator: RegistryEstimator, tree: SinkInput) -> Comparison:
    """Every equation of the species, its groups and of trees in general that the measurements allow."""
    plan = estimator.plan(tree)
    species, error = estimator.species(tree.species)
    if species is None or error or tree.dbh_cm is None or (plan.choice is None and plan.error):
        return Comparison(tree, (), plan.error or error)
    filled, how = estimator.with_height(tree)
    measured = Tree(tree.dbh_cm, filled.height_m, tree.wood_density)
    bare = estimator.plan(replace(tree, height_curve=None)).choice if how is not None else None
    without = bare.equation.id if bare is not None else ""
    chosen = plan.choice.equation.id if plan.choice else ""
    lines = []
    for equation in estimator.registry.equations_for(species):
        if not _applicable(estimator, equation, measured):
            continue
        sink = estimator.estimate(replace(tree, equation_id=equation.id))
        if not sink.error:
            lines.append(Line(equation, sink, equation.id == chosen, equation.id == without != chosen))
    lines.sort(key=lambda line: (not line.chosen, not line.without_curve, line.sink.co2e_kg or 0.0, line.equation.id))
    return Comparison(tree, tuple(lines), "", filled.height_m)


def curve(equation: Equation, up_to_cm: float = CURVE_D_CM[1]) -> Curve:
    """The equation's line for the picture; heights follow a typical young stand where it needs them."""
    low = CURVE_D_CM[0]
    d = [low + (up_to_cm - low) * step / STEPS for step in range(STEPS + 1)]
    return Curve(equation.id, tuple(d), tuple(values_along(equation, d)), _range(equation))


def curve_through(estimator: RegistryEstimator, line: Line, tree: SinkInput, up_to_cm: float) -> Curve | None:
    """The same for a tree: with its species' density and factors, and heights of a stand that has just this tree."""
    equation = line.equation
    route = estimator.plan(replace(tree, equation_id=equation.id)).route
    tree, _how = estimator.with_height(tree)
    if route is None or tree.dbh_cm is None:
        return None
    low = CURVE_D_CM[0]
    d = [low + (up_to_cm - low) * step / STEPS for step in range(STEPS + 1)]
    heights: list[float] = []
    if equation.needs_height and tree.height_m is not None:
        share = (tree.height_m - BREAST_HEIGHT_M) / (typical_height(tree.dbh_cm) - BREAST_HEIGHT_M)
        heights = [BREAST_HEIGHT_M + share * (typical_height(one) - BREAST_HEIGHT_M) for one in d]
    return Curve(equation.id, tuple(d), tuple(route.above(d, heights, _densities(route, len(d)))), _range(equation))


def _densities(route: Route, count: int) -> list[float]:
    return [route.density] * count if route.equation.needs_density and route.density is not None else []


def _range(equation: Equation) -> tuple[float | None, float | None]:
    return equation.d_min_cm, equation.d_max_cm


def _applicable(estimator: RegistryEstimator, equation: Equation, tree: Tree) -> bool:
    return (
        equation.output in AGB_OUTPUTS
        and (equation.status is not Status.MEMORY or estimator.allow_memory)
        and (tree.h_m is not None or not equation.needs_height)
    )
