"""How far an equation itself may be off: an error that all trees computed by it share (docs/decisions/0012)."""

from __future__ import annotations

from fieldapp.carbon.entries import Equation, Species
from fieldapp.carbon.registry import Registry, taxa

_SIZES = ("_large", "", "_small")


def bias_half_widths(registry: Registry, species: Species, equation: Equation, *, inside: bool) -> tuple[float, ...]:
    """How far the equation may be off at 90 %: by its level and sample, for another species, outside its range."""
    size = _SIZES[sample_size(equation) if equation.level == "species" else -1]
    halves = [registry.number("uncertainty", f"bias_half_width{size}")]
    # a methodology from before this number keeps the ranges that it gave
    other = registry.factor("uncertainty", "bias_other_species")
    if equation.taxon not in taxa(species) and other is not None:
        halves.append(float(other.value))
    if not inside:
        halves.append(registry.number("uncertainty", "bias_extrapolated"))
    return tuple(halves)


def sample_size(equation: Equation) -> int:
    """0 for a sample of at least 30 trees, 1 for at least 10, 2 for fewer or an unknown number."""
    n = equation.n or 0
    return 0 if n >= 30 else 1 if n >= 10 else 2
