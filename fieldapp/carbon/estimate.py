"""The sink of one tree: checks the numbers, chooses the equation, walks the route; bad values give a code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from fieldapp.carbon import limits
from fieldapp.carbon.choice import Choice, Tree, choose, explained
from fieldapp.carbon.entries import Equation, Species, Status
from fieldapp.carbon.kept_curve import UNREADABLE, Inferred, inferred, read_curve
from fieldapp.carbon.registry import ANY, Registry
from fieldapp.carbon.routes import Route, Values, lay
from fieldapp.carbon.seal import is_shipped_otherwise
from fieldapp.carbon.shared_errors import shared_half_widths
from fieldapp.carbon.stems import estimate_stems
from fieldapp.domain.sinks import Sink, SinkInput
from fieldapp.domain.stems import stem_diameters
from fieldapp.errors import ItemError

AGB_OUTPUTS = ("agb", "volume")


@dataclass(frozen=True, slots=True)
class Plan:
    """A tree's equation, the reason for it and the route; `error` says why there is none."""

    choice: Choice | None = None
    route: Route | None = None
    flags: tuple[str, ...] = ()
    error: str = ""


class RegistryEstimator:
    """Implements `fieldapp.domain.sinks.Method` over a registry."""

    def __init__(self, registry: Registry, *, allow_memory: bool = False) -> None:
        self.registry = registry
        self.allow_memory = allow_memory
        self._routes: dict[tuple[str, str, bool, float | None], Route] = {}

    @property
    def method_version(self) -> str:
        """Version of the methodology that every result names."""
        return self.registry.version

    @property
    def contents(self) -> Mapping[str, bytes]:
        """The registry's files by name."""
        return self.registry.contents

    @property
    def checksum(self) -> str:
        """SHA-256 over the registry's files."""
        return self.registry.checksum

    def from_contents(self, contents: Mapping[str, bytes]) -> RegistryEstimator:
        """The same over other files; files that cannot be read are an ItemError."""
        known = Registry(contents)
        known.is_changed = is_shipped_otherwise(known)
        return RegistryEstimator(known, allow_memory=self.allow_memory)

    def estimate(self, tree: SinkInput) -> Sink:
        """The sink of one tree; never raises for bad values, it answers with `error`."""
        if len(stems := stem_diameters(tree.stems)) > 1:
            return estimate_stems(self, replace(tree, stems=None), stems)
        plan, values = self.walk(tree)
        return self.refused(plan.error, plan.choice) if values is None else self.sink(plan, values, 0)

    def walk(self, tree: SinkInput) -> tuple[Plan, Values | None]:
        """A tree's plan and the numbers that it leads to, None when there are none."""
        filled, how = self.with_height(tree)
        plan = self._plan(filled, how)
        if plan.route is None:
            return plan, None
        values = columns_of_one(plan.route, filled)
        if not values.agb[0] > 0 or not values.bgb[0] >= 0:
            return Plan(plan.choice, error="carbon_equation_gives_nothing"), None
        return plan, values

    def with_height(self, tree: SinkInput) -> tuple[SinkInput, Inferred | None]:
        """The tree with the height that its parcel's curve gives it, and how; as it is when it needs or gets none."""
        if tree.height_curve is None or tree.height_m is not None or limits.refused_dbh(tree.dbh_cm):
            return tree, None
        assert tree.dbh_cm is not None
        curve = read_curve(tree.height_curve)
        if curve is None:
            return tree, Inferred((UNREADABLE,), None)
        species = self.registry.species(curve.species)
        found = inferred(curve, tree.dbh_cm)
        if found is None or species is None or species is not self.registry.species(tree.species):
            return tree, None
        if limits.refused_height(found[0]):
            return tree, None
        return replace(tree, height_m=found[0]), found[1]

    def shared_half_widths(self, species: str, equation_id: str, flags: tuple[str, ...]) -> Mapping[str, float] | None:
        """Relative half-widths at 90 % that trees with such sinks share; None for names that are not in the registry.

        For shipped wood densities: of a tree with its own, the density's error would be another.
        """
        found, equation = self.registry.species(species), self.registry.equation(equation_id)
        if found is None or equation is None:
            return None
        try:
            return shared_half_widths(self._route(found, equation, None, inside="extrapolated" not in flags))
        except ItemError:
            return None

    def plan(self, tree: SinkInput) -> Plan:
        """How the tree is computed, or why it is not."""
        return self._plan(*self.with_height(tree))

    def _plan(self, tree: SinkInput, how: Inferred | None) -> Plan:
        species, error = self.species(tree.species)
        error = error or limits.refused_numbers(tree.dbh_cm, tree.height_m, tree.wood_density)
        if error or species is None or tree.dbh_cm is None:
            return Plan(error=error)
        measured = Tree(tree.dbh_cm, tree.height_m, tree.wood_density)
        if tree.equation_id:
            plan = self._asked_for(species, measured, tree.equation_id, how)
        elif choice := choose(self.registry, species, measured, allow_memory=self.allow_memory):
            plan = self._planned(species, measured, choice, how)
        else:
            return Plan(error="carbon_no_equation")
        mark = self.registry.read_species(tree.species)[1]
        return replace(plan, flags=(*plan.flags, mark)) if mark and plan.route is not None else plan

    def species(self, name: str) -> tuple[Species | None, str]:
        """The species of that name, and "" or why no sink is computed for it."""
        if not name or not name.strip():
            return None, "carbon_species_missing"
        species, why = self.registry.read_species(name)
        if species is None:
            return None, why
        if species.habit == "bamboo" and not self._has_own_equation(species):
            return species, "carbon_bamboo"
        return species, ""

    def sink(self, plan: Plan, values: Values, place: int) -> Sink:
        """One row of a route's columns as a sink."""
        assert plan.route is not None
        return Sink(
            equation_id=plan.route.equation.id,
            status=plan.route.status.value,
            agb_kg=values.agb[place],
            bgb_kg=values.bgb[place],
            carbon_kg=values.carbon[place],
            co2e_kg=values.co2e[place],
            co2e_low_kg=values.low[place],
            co2e_high_kg=values.high[place],
            flags=plan.flags,
            method_version=self.method_version,
        )

    def refused(self, error: str, choice: Choice | None = None) -> Sink:
        """A sink without numbers that says why."""
        equation_id = choice.equation.id if choice else ""
        return Sink(equation_id, "", None, None, None, None, None, None, (), self.method_version, error)

    def _has_own_equation(self, species: Species) -> bool:
        """Whether the pack brings an equation for this bamboo: the general tree models never fit one."""
        return any(equation.taxon != ANY for equation in self.registry.equations_for(species))

    def _asked_for(self, species: Species, tree: Tree, name: str, how: Inferred | None) -> Plan:
        equation = self.registry.equation(name)
        if equation is None:
            return Plan(error="carbon_equation_unknown")
        choice = explained(species, equation, tree, by_person=True)
        if error := self._unusable(species, equation, tree):
            return Plan(choice, error=error)
        return self._planned(species, tree, choice, how)

    def _unusable(self, species: Species, equation: Equation, tree: Tree) -> str:
        if equation.output not in AGB_OUTPUTS:
            return "carbon_equation_is_part"
        if equation.needs_height and tree.h_m is None:
            return "carbon_equation_needs_height"
        if equation.needs_density and tree.density is None and species.id not in self.registry.densities:
            return "carbon_equation_needs_density"
        return ""

    def _planned(self, species: Species, tree: Tree, choice: Choice, how: Inferred | None) -> Plan:
        equation = choice.equation
        if tree.d_cm <= equation.least_d_cm:
            return Plan(choice, error="carbon_equation_gives_nothing")
        density = tree.density if equation.needs_density else None
        try:
            route = self._route(species, equation, density, inside=choice.inside)
        except ItemError:
            return Plan(choice, error="carbon_no_factors")
        if route.status is Status.MEMORY and not self.allow_memory:
            return Plan(choice, error="carbon_equation_memory")
        flags = flags_of(route, choice, tree)
        if how is None or (how.sd_m is not None and not route.uses_height):
            return Plan(choice, route, flags)
        if how.sd_m is not None:
            # no curve knows a height better than the measurements that it was fitted to
            sd_m = max(how.sd_m, route.errors.height_sd_m)
            route = replace(route, errors=replace(route.errors, height_sd_m=sd_m))
        return Plan(choice, route, (*how.flags, *flags))

    def _route(self, species: Species, equation: Equation, density: float | None, *, inside: bool) -> Route:
        """The route, laid once; an ItemError when the registry lacks a factor for it."""
        key = (species.id, equation.id, inside, density)
        route = self._routes.get(key)
        if route is None:
            route = lay(self.registry, species, equation, density=density, inside=inside)
            if density is None:  # typed densities are as many as trees: not kept
                self._routes[key] = route
        return route


def flags_of(route: Route, choice: Choice, tree: Tree) -> tuple[str, ...]:
    """The marks of a result: those of the choice, then of the route."""
    flags = list(choice.flags)
    if tree.density is not None:
        flags.append("own_density" if route.equation.needs_density else "density_unused")
    if route.status is Status.MEMORY:
        flags.append("memory")
    return tuple(flags)


def columns_of_one(route: Route, tree: SinkInput) -> Values:
    """The route's values of a single tree: the same code as for a million."""
    assert tree.dbh_cm is not None
    height = [tree.height_m] if tree.height_m is not None else []
    density = [route.density] if route.density is not None and route.equation.needs_density else []
    return route.columns([tree.dbh_cm], height, density)
