"""What storage, window and server ask of the carbon rooms, without knowing them: inject an `Estimator`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol, Self, runtime_checkable


@dataclass(frozen=True, slots=True)
class SinkInput:
    """What is known of one tree. `species` is an id, Chinese or Latin name; empty fields are None.

    `height_curve` is its parcel's: by it a height that was not measured is taken, and only then.
    `stems` are those of a tree that forks below breast height, as `domain/stems.py` writes them; each is computed.
    """

    species: str
    dbh_cm: float | None
    height_m: float | None = None
    wood_density: float | None = None
    equation_id: str | None = None
    height_curve: str | None = None
    stems: str | None = None


@dataclass(frozen=True, slots=True)
class Sink:
    """A provisional carbon stock of one tree, kg; never shown without range, equation and version.

    `error` is "" or the finding code that says why there is no result (then all numbers are None).
    `flags` are codes such as `extrapolated`; `reason` is a tuple of catalogue key and parameters.
    """

    equation_id: str
    status: str
    agb_kg: float | None
    bgb_kg: float | None
    carbon_kg: float | None
    co2e_kg: float | None
    co2e_low_kg: float | None
    co2e_high_kg: float | None
    flags: tuple[str, ...]
    method_version: str
    error: str = ""


class Estimator(Protocol):
    """Anything that turns a tree's facts into its provisional sink."""

    @property
    def method_version(self) -> str:
        """Version of the methodology that every result names."""
        ...

    def estimate(self, tree: SinkInput) -> Sink:
        """The sink of one tree; never raises for bad values, it answers with `error`."""
        ...

    def shared_half_widths(self, species: str, equation_id: str, flags: tuple[str, ...]) -> Mapping[str, float] | None:
        """Relative half-widths at 90 % that all trees with such sinks have in common, by what they come from.

        None when this methodology does not know the equation.
        """
        ...


@runtime_checkable
class Method(Estimator, Protocol):
    """An estimator whose methodology can be kept beside the data, and be made again from what was kept."""

    @property
    def contents(self) -> Mapping[str, bytes]:
        """The methodology's files by name."""
        ...

    @property
    def checksum(self) -> str:
        """SHA-256 over the names and bytes of all files."""
        ...

    def from_contents(self, contents: Mapping[str, bytes]) -> Self:
        """The same kind of estimator over other files; files that cannot be read are an ItemError."""
        ...


def method_name(estimator: Estimator) -> str:
    """The methodology's version with the start of its checksum: what laptop and server call it between them."""
    if isinstance(estimator, Method):
        return f"{estimator.method_version}@{estimator.checksum[:12]}"
    return estimator.method_version
