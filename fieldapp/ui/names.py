"""What the window calls species and equations; given from outside: the registry is no business of the window."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from fieldapp.domain.ops import Value
from fieldapp.domain.sinks import SinkInput


@dataclass(frozen=True, slots=True)
class Offer:
    """A value that a chooser offers, with the words that stand for it."""

    value: Value
    words: str


@dataclass(frozen=True, slots=True)
class Spoken:
    """How a field's stored text is written for the eye, and what a typed one means: the stored form of it.

    `offers` are what a text may become, written for the eye; all there is for an empty one.
    """

    shown: Callable[[str], str]
    meant: Callable[[str], str]
    offers: Callable[[str], Sequence[Offer]]


@dataclass(frozen=True, slots=True)
class Names:
    """`species` makes a full name of what was typed; `shown` writes a stored one in the language in force.

    `short` is that for a narrow column. `equation` is a short name of an equation's id; `equations` are those that
    a person may choose for a species; `height_curves` what a parcel may be given, from its trees and what it has;
    `offers` the species that a typed text may become.
    """

    species: Callable[[str], str]
    equation: Callable[[str], str]
    shown: Callable[[str], str]
    short: Callable[[str], str]
    equations: Callable[[str], Sequence[Offer]]
    height_curves: Callable[[Sequence[SinkInput], str], Sequence[Offer]]
    offers: Callable[[str], Sequence[Offer]]

    @property
    def spoken_species(self) -> Spoken:
        """How a species is shown, understood and offered in a field."""
        return Spoken(self.shown, self.species, self.offers)
