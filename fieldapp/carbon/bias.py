"""How far an equation itself may be off: an error that all trees computed by it share (docs/decisions/0012)."""

from __future__ import annotations

from fieldapp.carbon.entries import Equation, Species
from fieldapp.carbon.registry import Registry, taxa


def bias_half_widths(registry: Registry, species: Species, equation: Equation, *, inside: bool) -> tuple[float, ...]:
    """How far the equation may be off at 90 %: by its level and sample, for another species, outside its range."""
    size = "small" if equation.level != "species" or (equation.n or 0) < 10 else "large" if _is_large(equation) else ""
    own = registry.number("uncertainty", f"bias_half_width_{size}" if size else "bias_half_width")
    halves = [own]
    # a methodology from before this number keeps the ranges that it gave
    other = registry.factor("uncertainty", "bias_other_species")
    if equation.taxon not in taxa(species) and other is not None:
        halves.append(float(other.value))
    if not inside:
        halves.append(registry.number("uncertainty", "bias_extrapolated"))
    return tuple(halves)


def _is_large(equation: Equation) -> bool:
    return (equation.n or 0) >= 30
