"""How far an equation itself may be off: an error that all trees computed by it share (docs/decisions/0012)."""

from __future__ import annotations

from fieldapp.carbon.entries import Equation, Factor, Species
from fieldapp.carbon.registry import Registry, taxa

_SIZES = ("_large", "", "_small")


def biases(registry: Registry, species: Species, equation: Equation, *, inside: bool) -> tuple[Factor, ...]:
    """How far the equation may be off at 90 %: by its level and sample, for another species, outside its range."""
    size = _SIZES[sample_size(equation) if equation.level == "species" else -1]
    found = [registry.need("uncertainty", f"bias_half_width{size}")]
    # a methodology from before this number keeps the ranges that it gave
    other = registry.factor("uncertainty", "bias_other_species")
    if equation.taxon not in taxa(species) and other is not None:
        found.append(other)
    if not inside:
        found.append(registry.need("uncertainty", "bias_extrapolated"))
    return tuple(found)


def sample_size(equation: Equation) -> int:
    """0 for a sample of at least 30 trees, 1 for at least 10, 2 for fewer or an unknown number."""
    n = equation.n or 0
    return 0 if n >= 30 else 1 if n >= 10 else 2
