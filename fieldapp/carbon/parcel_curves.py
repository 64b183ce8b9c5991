"""Height curves for a table of trees, one a parcel and species, and which of them have too few heights for one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace

from fieldapp.carbon.height_curve import HeightCurve, fill, measured
from fieldapp.carbon.kept_curve import as_text
from fieldapp.carbon.registry import Registry
from fieldapp.domain.sinks import SinkInput

Row = tuple[str, SinkInput]  # parcel, tree


@dataclass(frozen=True, slots=True)
class ParcelCurve:
    """Trees of one parcel and species: their curve, if there are heights enough, and what it filled.

    `species` is the name as the table first writes it; `heights` are measured, `missing` are not.
    """

    parcel: str
    species: str
    curve: HeightCurve | None
    heights: int
    missing: int
    filled: int


def parcel_curves(registry: Registry, rows: Mapping[int, Row]) -> tuple[list[ParcelCurve], dict[int, str]]:
    """The curves of all parcels, those that lack heights among them; and the curve's text for each row it fills.

    Whatever names a table gives a species, its trees share a curve; trees that nobody knows get none.
    """
    groups: dict[tuple[str, str], list[int]] = defaultdict(list)
    for place, (parcel, tree) in rows.items():
        species = registry.species(tree.species) if tree.species else None
        if species is not None:
            groups[parcel, species.id].append(place)
    found, texts = [], {}
    for (parcel, species_id), places in groups.items():
        trees = [replace(rows[place][1], species=species_id) for place in places]
        filled, curves = fill(trees)
        curve = curves.get(species_id)
        own = [place for place, one in zip(places, filled, strict=True) if one.from_curve]
        texts.update(dict.fromkeys(own, as_text(curve)) if curve is not None else {})
        missing = sum(tree.height_m is None and tree.dbh_cm is not None for tree in trees)
        name = rows[places[0]][1].species
        found.append(ParcelCurve(parcel, name, curve, len(measured(trees)), missing, len(own)))
    return found, texts
