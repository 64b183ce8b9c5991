"""The equation and the factors behind a number, each with the place where it was read."""

from __future__ import annotations

from typing import Any

from fieldapp.carbon.calculation import given
from fieldapp.carbon.entries import Density, Equation, Factor
from fieldapp.carbon.forms import short, written
from fieldapp.carbon.registry import Registry
from fieldapp.carbon.routes import Route
from fieldapp.domain.sinks import SinkInput


def described(
    registry: Registry, equation: Equation, route: Route | None = None, d_cm: float | None = None
) -> dict[str, Any]:
    """An equation with its source, as a card shows it."""
    roots = None if route is None or route.roots is None else described(registry, route.roots, None, d_cm)
    return {
        "id": equation.id,
        "allodb_id": equation.allodb_id or None,
        "taxon": equation.taxon,
        "level": equation.level,
        "output": equation.output,
        "form": equation.form,
        "formula": written(equation.form, equation.coefficients, d_cm),
        "coefficients": {name: short(value) for name, value in equation.coefficients.items()},
        "inputs": list(equation.inputs),
        "unit": equation.output_unit,
        "d_range_cm": [equation.d_min_cm, equation.d_max_cm],
        "h_range_m": [equation.h_min_m, equation.h_max_m],
        "n": equation.n,
        "r2": equation.r2,
        "log_bias": equation.log_bias,
        "log_bias_factor": equation.log_bias_factor,
        "place": equation.place,
        "status": equation.status.value,
        "reference": _reference(registry, equation.reference) | {"locator": equation.locator},
        "roots": roots,
        "note": equation.note,
    }


def factors_of(registry: Registry, route: Route, tree: SinkInput) -> list[dict[str, Any]]:
    """The numbers beside the equation, each with the place where it was read."""
    found = list(dict.fromkeys(route.factors.values()))  # a source may have one carbon fraction for both parts
    for one in route.errors.sources:
        if one.quantity != "height_sd_m" or _errs_as_measured(route, tree, one):
            found.append(one)
    used = [_used(registry, one.quantity, short(one.value), one.unit, one) for one in found]
    density = registry.densities.get(route.species.id)
    if route.equation.needs_density and tree.wood_density is None and density is not None:
        used.append(_used(registry, "density", given(density.density_g_cm3), "g/cm3", density))
        used.append(_used(registry, "density_sd", given(density.sd_g_cm3), "g/cm3", density))
    return used


def _errs_as_measured(route: Route, tree: SinkInput, measured: Factor) -> bool:
    """Whether a height is computed with, and its error is that of a measured one."""
    return tree.height_m is not None and route.uses_height and route.errors.height_sd_m == float(measured.value)


def _used(registry: Registry, quantity: str, value: str, unit: str, source: Factor | Density) -> dict[str, Any]:
    read_in = registry.references.get(source.reference)
    reference = _reference(registry, source.reference) | {"locator": read_in.note if read_in else ""}
    return {"quantity": quantity, "value": value, "unit": unit, "status": source.status.value, "reference": reference}


def _reference(registry: Registry, name: str) -> dict[str, str]:
    source = registry.references.get(name)
    return {
        "id": name,
        "title": source.title if source else "",
        "authors": source.authors if source else "",
        "year": source.year if source else "",
        "doi": source.doi if source else "",
    }
