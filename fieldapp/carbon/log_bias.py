"""What published corrections of the logarithmic bias would add: they are told, never applied unasked.

A regression of logarithms gives the median when it is turned back. Some sources print a factor for it, for each organ.
The evaluated values that a registry is compared with are without it, and so is what this program computes.
"""

from __future__ import annotations

from fieldapp.carbon.entries import Equation
from fieldapp.carbon.registry import Registry

PUBLISHED = "published, not applied"
_SIZES_CM = (6.0, 12.0, 25.0)
TEXT = """## Logarithmic bias

A regression of logarithms gives the median tree when it is turned back, less than the mean. Of the equations below the
source prints a factor for it. It is not applied: the values that others evaluated, and that the equations were compared
with, are without it. Where the source has organs, each has its own factor, and the table adds them up organ by organ.
The sink is lower by so much than with them; every share is less than the bias that the equation's range allows for.
"""


def table(registry: Registry) -> tuple[str, tuple[str, ...], list[str]]:
    """Title, header and lines: equations of whole trees and what their factors would add at three diameters."""
    lines = []
    for one in registry.equations.values():
        shares = [would_add(registry, one, d_cm) for d_cm in _SIZES_CM] if one.output == "agb" else []
        if known := [share for share in shares if share is not None]:
            cells = " | ".join(f"{100 * share:+.1f} %" for share in known)
            lines.append(f"| {one.id} | {one.log_bias_factor:g} | {cells} |")
    return "What the factors would add", ("equation", "factor", *(f"at {d_cm:g} cm" for d_cm in _SIZES_CM)), lines


def would_add(registry: Registry, equation: Equation, d_cm: float) -> float | None:
    """The share that the factors would add at a diameter, organ by organ where there are any; None without a factor."""
    if equation.log_bias != PUBLISHED or equation.log_bias_factor is None or equation.inputs != ("D",):
        return None
    whole, corrected = _kg(equation, d_cm), 0.0
    organs = [one for one in registry.equations.values() if _is_organ_of(one, equation)]
    for organ in organs:
        corrected += _kg(organ, d_cm) * (organ.log_bias_factor or 1.0)
    return corrected / whole - 1.0 if organs and whole else equation.log_bias_factor - 1.0


def _kg(equation: Equation, d_cm: float) -> float:
    return float(equation.model.column([d_cm], [], [])[0] * equation.to_kg)


def _is_organ_of(one: Equation, whole: Equation) -> bool:
    return (one.use, one.taxon, one.reference, one.inputs) == ("part", whole.taxon, whole.reference, whole.inputs)
