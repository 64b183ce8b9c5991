"""What the window calls species and equations; given from outside: the registry is no business of the window."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Names:
    """`species` makes a full name of what was typed; `equation` a short name of an equation's id."""

    species: Callable[[str], str]
    equation: Callable[[str], str]
