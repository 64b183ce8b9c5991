"""The way from diameter to CO2 for one species and equation, laid out once and then used for columns of trees.

AGB -> BGB by a root model or a root-shoot ratio -> carbon by fractions of each part -> CO2 x 44/12;
or volume x wood density x expansion factor = AGB, with all factors from one source. The range is the
half-width at 90 % from measurement, density and model error of a single tree.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import sqrt

from fieldapp.carbon.entries import Equation, Factor, Species, Status
from fieldapp.carbon.exact import squared
from fieldapp.carbon.models import Column, Slope, Slopes
from fieldapp.carbon.registry import Registry, taxa
from fieldapp.carbon.route_errors import Errors, errors_of

KG_PER_TONNE = 1000.0


@dataclass(frozen=True, slots=True)
class Values:
    """Columns of results, one place a tree, all in kg."""

    agb: list[float]
    bgb: list[float]
    carbon: list[float]
    co2e: list[float]
    low: list[float]
    high: list[float]


@dataclass(frozen=True)
class Route:
    """Everything that turns D, H and density of one species into kilograms."""

    species: Species
    equation: Equation
    roots: Equation | None
    factors: dict[str, Factor]
    density: float | None
    errors: Errors

    @cached_property
    def status(self) -> Status:
        """The equation's status; `memory` as soon as any number that goes into the value is."""
        used = [factor.status for factor in self.factors.values()]
        used += [] if self.roots is None else [self.roots.status]
        return Status.MEMORY if Status.MEMORY in used else self.equation.status

    @property
    def uses_height(self) -> bool:
        """Whether a height changes the result."""
        return self.equation.needs_height or (self.roots is not None and self.roots.needs_height)

    def factor(self, quantity: str) -> float:
        """A factor as a number."""
        return float(self.factors[quantity].value)

    def columns(self, d: Column, h: Column, rho: Column) -> Values:
        """Values of many trees; `h` and `rho` may be empty when the route does not use them."""
        if self.equation.needs_density and not rho and self.density is not None:
            rho = [self.density] * len(d)
        agb = self.above(d, h, rho)
        bgb = self.below(agb, d, h)
        above, below = self.factor("carbon_fraction_above"), self.factor("carbon_fraction_below")
        carbon = [a * above + b * below for a, b in zip(agb, bgb, strict=True)]
        to_co2 = self.factor("co2_per_carbon")
        co2e = [c * to_co2 for c in carbon]
        half = self._half_widths(d, h, rho, agb, bgb, carbon)
        low = [c * (1.0 - w) if w < 1.0 else 0.0 for c, w in zip(co2e, half, strict=True)]
        return Values(agb, bgb, carbon, co2e, low, [c * (1.0 + w) for c, w in zip(co2e, half, strict=True)])

    def above(self, d: Column, h: Column, rho: Column) -> list[float]:
        """Above-ground biomass, kg."""
        values = self.equation.model.column(d, h, rho)
        if self.equation.output == "volume":
            factor = self.factor("wood_density") * self.factor("biomass_expansion_factor") * KG_PER_TONNE
            return [v * factor for v in values]
        to_kg = self.equation.to_kg
        return values if to_kg == 1.0 else [v * to_kg for v in values]

    def published(self, agb: list[float], d: Column, h: Column, rho: Column) -> Column:
        """The equation's values in its own unit; those in kilograms are there already."""
        return self.equation.model.column(d, h, rho) if self.equation.to_kg != 1.0 else agb

    def below(self, agb: list[float], d: Column, h: Column) -> list[float]:
        """Below-ground biomass, kg."""
        if self.roots is not None:
            return self.roots.model.column(d, h, ())
        ratio = self.factor("root_shoot_ratio")
        return [a * ratio for a in agb]

    def _half_widths(
        self, d: Column, h: Column, rho: Column, agb: list[float], bgb: list[float], carbon: list[float]
    ) -> list[float]:
        """Relative half-widths at 90 %."""
        by_d, by_h, by_rho = self.slopes(d, h, rho, agb, bgb, carbon)
        errors = self.errors
        z, sd_d, sd_h = errors.z, errors.dbh_sd_cm, errors.height_sd_m
        base = errors.model_variance + squared(self.below_share * errors.root_ratio_sd)
        if isinstance(by_rho, float):
            base += squared(by_rho * errors.density_sd)
            rest = None
        else:
            rest = [base + squared(one * errors.density_sd) for one in by_rho]
        relative = _ratios(by_d, sd_d, d)
        if rest is None and isinstance(by_h, float) and by_h == 0.0:
            return [z * sqrt(base + x * x) for x in relative]
        heights = _ratios(by_h, sd_h, h) if h else [0.0] * len(d)
        if rest is None:
            return [z * sqrt(base + x * x + y * y) for x, y in zip(relative, heights, strict=True)]
        return [z * sqrt(r + x * x + y * y) for r, x, y in zip(rest, relative, heights, strict=True)]

    def slopes(
        self, d: Column, h: Column, rho: Column, agb: list[float], bgb: list[float], carbon: list[float]
    ) -> Slopes:
        """Elasticities of the trees' carbon to D, H and density."""
        over = self.equation.model.slopes(d, h, rho, self.published(agb, d, h, rho))
        if self.roots is None:
            return over
        under = self.roots.model.slopes(d, h, rho, bgb)
        above = self.factor("carbon_fraction_above")
        share = [a * above / c if c else 0.0 for a, c in zip(agb, carbon, strict=True)]
        by_d, by_h, by_rho = (_mixed(a, b, share) for a, b in zip(over, under, strict=True))
        return by_d, by_h, by_rho

    def measurement_variance(self, d_cm: float, h_m: float | None, values: Values) -> float:
        """Variance of one tree's CO2e (kg squared) that comes from measuring D and H alone."""
        h = [] if h_m is None else [h_m]
        rho = [self.density] if self.density is not None else []
        by_d, by_h, _by_rho = self.slopes([d_cm], h, rho, values.agb, values.bgb, values.carbon)
        relative = _ratios(by_d, self.errors.dbh_sd_cm, [d_cm])[0]
        tall = _ratios(by_h, self.errors.height_sd_m, h)[0] if h else 0.0
        return squared(values.co2e[0]) * (relative * relative + tall * tall)

    @property
    def below_share(self) -> float:
        """Share of a tree's carbon that rests on a root-shoot ratio."""
        if self.roots is not None:
            return 0.0
        below = self.factor("root_shoot_ratio") * self.factor("carbon_fraction_below")
        return below / (self.factor("carbon_fraction_above") + below)


def _ratios(slope: Slope, sd: float, values: Column) -> list[float]:
    """Relative error that a measurement error of `sd` makes."""
    if isinstance(slope, float):
        part = slope * sd
        return [part / one for one in values]
    return [by * sd / one for by, one in zip(slope, values, strict=True)]


def _mixed(over: Slope, under: Slope, share: list[float]) -> Slope:
    """The elasticity of a whole whose `share` follows `over` and whose rest follows `under`."""
    if isinstance(over, float) and isinstance(under, float):
        if over == under:
            return over
        difference = over - under
        return [under + difference * s for s in share]
    overs = [over] * len(share) if isinstance(over, float) else over
    unders = [under] * len(share) if isinstance(under, float) else under
    return [b + (a - b) * s for a, b, s in zip(overs, unders, share, strict=True)]


def lay(registry: Registry, species: Species, equation: Equation, *, density: float | None, inside: bool) -> Route:
    """The route of a species by an equation; `density` is a typed one, `inside` whether D and H lie in the range."""
    roots = registry.equations.get(equation.partner) if equation.partner else None
    if equation.output == "volume":
        factors = _volume_factors(registry, species)
    else:
        roots = roots or _root_model(registry, species)
        factors = _factors(registry, species, with_ratio=roots is None)
    known = registry.densities.get(species.id)
    shipped = known.density_g_cm3 if known else None
    ratio, own = roots is None, density is not None
    errors = errors_of(registry, species, equation, own_density=own, with_ratio=ratio, inside=inside)
    return Route(species, equation, roots, factors, shipped if density is None else density, errors)


def _factors(registry: Registry, species: Species, *, with_ratio: bool) -> dict[str, Factor]:
    wanted = ["carbon_fraction_above", "carbon_fraction_below", "co2_per_carbon"]
    if with_ratio:
        wanted.append("root_shoot_ratio")
    return {quantity: registry.need("default", quantity, taxa(species)) for quantity in wanted}


def _volume_factors(registry: Registry, species: Species) -> dict[str, Factor]:
    """All of one source: a density of another table would not fit this expansion factor."""
    wanted = ("wood_density", "biomass_expansion_factor", "root_shoot_ratio")
    factors = {quantity: registry.need("volume", quantity, taxa(species)) for quantity in wanted}
    fraction = registry.need("volume", "carbon_fraction", taxa(species))
    co2 = registry.need("default", "co2_per_carbon", taxa(species))
    return factors | {"carbon_fraction_above": fraction, "carbon_fraction_below": fraction, "co2_per_carbon": co2}


def _root_model(registry: Registry, species: Species) -> Equation | None:
    """A root equation of the species that needs nothing but the diameter."""
    own = (e for e in registry.equations_for(species) if e.taxon == species.id and e.output == "bgb")
    fitting = [e for e in own if not e.needs_height and not e.needs_density]
    return min(fitting, key=lambda e: (e.status.rank, e.id), default=None)
