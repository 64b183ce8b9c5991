"""The server's own sinks of households, villages and counties with their range, made as laptops make it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from fieldapp.domain.sinks import Estimator
from fieldapp.domain.totals import Kind, Part, Total, add_up
from fieldapp.server.schema import RECORDS, SINK, county_code

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
    return _sums(connection, estimator, _parts(SINK.c.household_id).where(chosen))


def by_village(connection: sa.Connection, estimator: Estimator, villages: Sequence[str]) -> dict[Any, Sum]:
    """The sums of these villages; a household in the bin is not the village's."""
    return _sums(connection, estimator, _of_households(SINK.c.village_code, villages))


def by_county(connection: sa.Connection, estimator: Estimator) -> dict[Any, Sum]:
    """The sum of every county, by the code with which its villages' codes begin."""
    code = county_code(SINK.c.village_code)
    return _sums(connection, estimator, _of_households(code, None))


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


def _of_households(key: sa.ColumnElement[Any], villages: Sequence[str] | None) -> sa.Select[Any]:
    same = (_HOUSEHOLD.c.village_code == SINK.c.village_code) & (_HOUSEHOLD.c.id == SINK.c.household_id)
    there = sa.func.coalesce(_HOUSEHOLD.c.removed, 0) == 0
    query = _parts(key).select_from(SINK.join(_HOUSEHOLD, same)).where(there)
    return query if villages is None else query.where(SINK.c.village_code.in_(villages))


def _sums(connection: sa.Connection, estimator: Estimator, query: sa.Select[Any]) -> dict[Any, Sum]:
    parts: dict[Any, list[Part]] = defaultdict(list)
    trees: dict[Any, int] = defaultdict(int)
    for owner, species, equation, flags, counted, *sums in connection.execute(query):
        trees[owner] += counted
        if sums[0]:
            parts[owner].append(Part(Kind(species or "", equation, tuple(filter(None, flags.split(",")))), *sums))
    return {owner: Sum(counted, add_up(parts[owner], estimator)) for owner, counted in trees.items()}
