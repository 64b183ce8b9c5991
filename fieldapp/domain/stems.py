"""Trees that are not one round stem read as a diameter: a tape's girth, and stems that fork below breast height.

What was measured is kept as it was measured, in one text: `C20.4` is a girth in cm, `6.5+7.2` are the diameters of two
stems, `C20.4+C22` two girths. The diameter that follows from it is kept beside it, for display and comparison.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum, pi, sqrt

from fieldapp.domain.numbers import Number, parse_number, plain_width
from fieldapp.errors import Finding, Severity

MOST_STEMS = 30  # a coppice stool has a dozen; more is another table on the clipboard
GIRTH = "C"  # as field forms write it: circumference at breast height
_GIRTH_AS_TYPED = re.compile(r"(?:(?:胸围|周长|围径|周|围|girth|gbh|cbh|[cg])\s*[:=]?\s*)+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Stems:
    """What was measured on each stem, cm as typed, and whether that is a girth; `text` is how it is kept."""

    sizes: tuple[Number, ...]
    girths: tuple[bool, ...]

    @property
    def text(self) -> str:
        """One plain text for everything that means the same."""
        pairs = zip(self.sizes, self.girths, strict=True)
        return "+".join(f"{GIRTH if girth else ''}{size.normalised_text}" for size, girth in pairs)

    @property
    def diameters_cm(self) -> tuple[float, ...]:
        """The diameter of each stem."""
        pairs = zip(self.sizes, self.girths, strict=True)
        return tuple(diameter_of_girth(size.value) if girth else size.value for size, girth in pairs)

    @property
    def dbh_cm(self) -> float:
        """The one diameter that stands for all."""
        found = self.diameters_cm
        return found[0] if len(found) == 1 else equivalent_diameter(found)


def diameter_of_girth(girth_cm: float) -> float:
    """Diameter in cm of a round stem with this girth."""
    return girth_cm / pi


def equivalent_diameter(diameters_cm: Sequence[float]) -> float:
    """Diameter with the basal area of all stems together; for display, never for the biomass of a forked tree."""
    return sqrt(fsum([d * d for d in diameters_cm]))


def says_stems(text: str) -> bool:
    """Whether a text names girths or several stems, and not simply a diameter."""
    plain = plain_width(text).strip()
    return len(_parts(plain.lstrip("+"))) > 1 or _GIRTH_AS_TYPED.match(plain) is not None


def read_stems(text: str) -> Stems | Finding:
    """Reads `6.5+7.2`, `周20.4`, `c20.4+22`: a girth's sign holds for the stems that follow it."""
    sizes, girths, girth = [], [], False
    parts = _parts(plain_width(text).strip())
    if len(parts) > MOST_STEMS:
        return Finding("number_unreadable", Severity.RED)
    for part in parts:
        named = _GIRTH_AS_TYPED.match(part.strip())
        girth = girth or named is not None
        size = parse_number(part.strip()[named.end() if named else 0 :], "cm")
        if isinstance(size, Finding):
            return size
        sizes.append(size)
        girths.append(girth)
    return Stems(tuple(sizes), tuple(girths))


def _parts(plain: str) -> list[str]:
    """The stop 、 divides stems where it cannot be a point: in 6、5 it is one."""
    return re.split("[+、]" if "." in plain or "+" in plain else "[+]", plain)


def stem_diameters(kept: str | None) -> tuple[float, ...]:
    """The diameters in cm of a forked tree by its kept text; empty for one stem, and for a text of no meaning."""
    stems = read_stems(kept) if kept and "+" in kept else None
    return stems.diameters_cm if isinstance(stems, Stems) else ()
