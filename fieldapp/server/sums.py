"""The server's own sinks of households and villages with their range, made as laptops make it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from fieldapp.domain.sinks import Estimator
from fieldapp.domain.totals import Kind, Part, Total, add_up
from fieldapp.server.schema import RECORDS, SINK

_HOUSEHOLD, _PARCEL = RECORDS["household"], RECORDS["parcel"]


@dataclass(frozen=True, slots=True)
class Sum:
    """`total.trees` of the `trees` that count have a result."""

    trees: int
    total: Total


NOTHING = Sum(0, Total())


def by_household(
    connection: sa.Connection, estimator: Estimator, village_code: str, households: Sequence[bytes]
) -> dict[Any, Sum]:
    """The sums of these households of a village."""
    chosen = (SINK.c.village_code == village_code) & SINK.c.household_id.in_(households)
    found = _read(connection, _parts(SINK.c.household_id).where(chosen))
    return {owner: Sum(trees, add_up(parts, estimator)) for owner, (trees, parts) in found.items()}


def parts_of_villages(connection: sa.Connection, villages: Sequence[str]) -> dict[Any, tuple[int, list[Part]]]:
    """Trees that count and what they add up from, of these villages; a household in the bin is not the village's."""
    same = (_HOUSEHOLD.c.village_code == SINK.c.village_code) & (_HOUSEHOLD.c.id == SINK.c.household_id)
    there = sa.func.coalesce(_HOUSEHOLD.c.removed, 0) == 0
    query = _parts(SINK.c.village_code).select_from(SINK.join(_HOUSEHOLD, same)).where(there)
    return _read(connection, query.where(SINK.c.village_code.in_(villages)))


def area_mu(connection: sa.Connection, village_code: str, household_id: bytes) -> float | None:
    """Land of a household's parcels, None while none is known."""
    found = connection.execute(
        sa.select(sa.func.sum(_PARCEL.c.area_mu)).where(
            _PARCEL.c.village_code == village_code,
            _PARCEL.c.household_id == household_id,
            sa.func.coalesce(_PARCEL.c.removed, 0) == 0,
        )
    ).scalar()
    return None if found is None else float(found)


def _parts(key: sa.ColumnElement[Any]) -> sa.Select[Any]:
    half = SINK.c.co2e_high_kg - SINK.c.co2e_kg
    kind = (SINK.c.species, SINK.c.equation_id, SINK.c.flags)
    return (
        sa.select(
            key,
            *kind,
            sa.func.count(),
            sa.func.count(SINK.c.co2e_kg),
            sa.func.sum(SINK.c.co2e_kg),
            sa.func.sum(SINK.c.co2e_kg * SINK.c.co2e_kg),
            sa.func.sum(half * half),
        )
        .where(SINK.c.counted == 1)
        .group_by(key, *kind)
    )


def _read(connection: sa.Connection, query: sa.Select[Any]) -> dict[Any, tuple[int, list[Part]]]:
    parts: dict[Any, list[Part]] = defaultdict(list)
    trees: dict[Any, int] = defaultdict(int)
    for owner, species, equation, flags, counted, *numbers in connection.execute(query):
        trees[owner] += counted
        if numbers[0]:
            parts[owner].append(Part(Kind(species or "", equation, tuple(filter(None, flags.split(",")))), *numbers))
    return {owner: (counted, parts[owner]) for owner, counted in trees.items()}
