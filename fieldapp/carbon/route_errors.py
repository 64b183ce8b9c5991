"""How far off a tree's carbon may be, by what it comes from, each number with where it was read (decision 0012)."""

from __future__ import annotations

from dataclasses import dataclass
from math import fsum, sqrt

from fieldapp.carbon.bias import biases
from fieldapp.carbon.entries import Equation, Factor, Species
from fieldapp.carbon.exact import squared
from fieldapp.carbon.registry import Registry

_VOLUME = ("volume_density_sd", "expansion_factor_sd")


@dataclass(frozen=True, slots=True)
class Errors:
    """Sources of uncertainty of one tree's carbon; relative unless a unit is named."""

    dbh_sd_cm: float
    height_sd_m: float
    z: float
    residual_sd: float
    bias_sd: float
    density_sd: float
    root_ratio_sd: float
    volume_density_sd: float = 0.0  # of the density and the expansion factor that a volume is multiplied by
    expansion_factor_sd: float = 0.0
    sources: tuple[Factor, ...] = ()

    @property
    def model_variance(self) -> float:
        """Scatter of the tree about the equation, the equation's own bias, and what a volume's factors err by."""
        relative = (self.residual_sd, self.bias_sd, self.volume_density_sd, self.expansion_factor_sd)
        return fsum(map(squared, relative))


def errors_of(
    registry: Registry, species: Species, equation: Equation, *, own_density: bool, with_ratio: bool, inside: bool
) -> Errors:
    """The errors of a route; `own_density` is a typed one, `with_ratio` whether roots come from a root-shoot ratio."""
    scatter = "residual_sd" if equation.level == "species" else "residual_sd_general"
    needed = ["dbh_sd_cm", "height_sd_m", "z_90", scatter, "root_ratio_sd", "density_sd_default"]
    named = {name: registry.need("uncertainty", name) for name in needed}
    if equation.output == "volume":  # a methodology from before these numbers keeps the ranges that it gave
        named |= {one.quantity: one for one in (registry.factor("uncertainty", name) for name in _VOLUME) if one}
    off = biases(registry, species, equation, inside=inside)
    number = {name: float(factor.value) for name, factor in named.items()}
    known = registry.densities.get(species.id)
    is_default = equation.needs_density and (own_density or known is None)
    density_sd = number["density_sd_default"] if is_default else 0.0
    if equation.needs_density and not own_density and known is not None:
        density_sd = known.sd_g_cm3 / known.density_g_cm3
    unused = {"root_ratio_sd": not with_ratio, "density_sd_default": not is_default}
    return Errors(
        dbh_sd_cm=number["dbh_sd_cm"],
        height_sd_m=number["height_sd_m"],
        z=number["z_90"],
        residual_sd=number[scatter],
        bias_sd=sqrt(fsum([squared(float(half.value) / number["z_90"]) for half in off])),
        density_sd=density_sd,
        root_ratio_sd=number["root_ratio_sd"],
        volume_density_sd=number.get("volume_density_sd", 0.0),
        expansion_factor_sd=number.get("expansion_factor_sd", 0.0),
        sources=(*(factor for name, factor in named.items() if not unused.get(name)), *off),
    )
