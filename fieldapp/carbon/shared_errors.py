"""Errors that all trees of a route have in common, however many they are."""

from __future__ import annotations

from fieldapp.carbon.routes import Route

_ANY_TREE = ([10.0], [8.0], [0.5])


def correlated_sds(route: Route) -> dict[str, float]:
    """Relative errors that trees of a route share, by what they come from."""
    errors = route.errors
    shared = {f"equation {route.equation.id}": errors.bias_sd}
    if route.equation.needs_density:
        shared[f"density {route.species.id}"] = errors.density_sd * _density_power(route)
    if route.roots is None:
        shared["root_shoot_ratio"] = errors.root_ratio_sd * route.below_share
    shared[f"wood_density {route.species.id}"] = errors.volume_density_sd
    shared[f"expansion_factor {route.species.id}"] = errors.expansion_factor_sd
    return {source: sd for source, sd in shared.items() if sd}


def shared_half_widths(route: Route) -> dict[str, float]:
    """The same as half-widths at 90 %."""
    return {source: sd * route.errors.z for source, sd in correlated_sds(route).items()}


def _density_power(route: Route) -> float:
    slope = route.equation.model.slopes(*_ANY_TREE, route.equation.model.column(*_ANY_TREE))[2]
    return slope if isinstance(slope, float) else slope[0]
