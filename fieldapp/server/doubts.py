"""Trees whose diameter or height cannot well be right, by the rules of the window: the sums hold them and say so."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from fieldapp.domain.check_tree import age_when_measured, check_measurement
from fieldapp.domain.current import MeasurementFact, current_measurement
from fieldapp.domain.doubtful import CODES, earlier_to_compare
from fieldapp.domain.ids import RecordId
from fieldapp.domain.programme import Programme
from fieldapp.errors import Finding
from fieldapp.server.bulk import chunks
from fieldapp.server.facts import MEASUREMENT, facts_of
from fieldapp.server.schema import RECORDS, SINK

_TREE, _PARCEL = RECORDS["tree"], RECORDS["parcel"]
_TALL_M = 50.0  # a little below what the rules call too tall
_SLACK = 1e-6
Doubts = Mapping[RecordId, tuple[RecordId, tuple[Finding, ...]]]


def doubts(
    connection: sa.Connection, programme: Programme, village: str, households: Sequence[RecordId] | None = None
) -> Doubts:
    """By tree: its household and what is doubtful; only trees that are in a sum, of these households or of all."""
    rows = connection.execute(_candidates(programme, village, households)).all()
    found = {}
    for some in chunks(rows):
        facts, _versions = facts_of(connection, village, [row.tree_id for row in some])
        for row in some:
            doubtful = tuple(f for f in _findings(programme, row, facts.get(row.tree_id, [])) if f.code in CODES)
            if doubtful:
                found[row.tree_id] = row.household_id, doubtful
    return found


def by_household(found: Doubts) -> dict[RecordId, int]:
    """How many doubtful trees each household has."""
    owners = [household for household, _ in found.values()]
    return {household: owners.count(household) for household in set(owners)}


def _candidates(
    programme: Programme, village: str, households: Sequence[RecordId] | None
) -> sa.Select[tuple[object, ...]]:
    """Trees that may be odd by themselves, and those that were measured more than once."""
    slimmest, stoutest = (programme.number(f"height_ratio_{end}") for end in ("max", "min"))
    ratio = SINK.c.height_m * 100
    odd = sa.or_(
        SINK.c.dbh_cm > programme.dbh_range_cm[1],
        SINK.c.height_m > _TALL_M,
        ratio < stoutest * (1 + _SLACK) * SINK.c.dbh_cm,
        ratio > slimmest * (1 - _SLACK) * SINK.c.dbh_cm,
    )
    again = (
        sa.select(MEASUREMENT.c.tree_id)
        .where(MEASUREMENT.c.village_code == village, MEASUREMENT.c.dbh_cm.is_not(None))
        .group_by(MEASUREMENT.c.tree_id)
        .having(sa.func.count() > 1)
    )
    planted = sa.func.coalesce(sa.func.nullif(_TREE.c.planting_year, 0), _PARCEL.c.planting_year)
    joined = SINK.join(_TREE, (_TREE.c.village_code == SINK.c.village_code) & (_TREE.c.id == SINK.c.tree_id)).join(
        _PARCEL, (_PARCEL.c.village_code == _TREE.c.village_code) & (_PARCEL.c.id == _TREE.c.parcel_id)
    )
    names = ("tree_id", "household_id", "dbh_cm", "height_m", "stems", "species")
    query = sa.select(*(SINK.c[name] for name in names), planted.label("planted")).select_from(joined)
    summed = (SINK.c.counted == 1) & SINK.c.co2e_kg.is_not(None)
    return query.where(
        SINK.c.village_code == village,
        sa.true() if households is None else SINK.c.household_id.in_(households),
        summed,
        sa.or_(odd, SINK.c.tree_id.in_(again)),
    )


def _findings(programme: Programme, row: sa.Row[tuple[object, ...]], facts: Sequence[MeasurementFact]) -> list[Finding]:
    now = current_measurement(facts)
    in_force = next((fact for fact in facts if fact.id == now.dbh_id), None)
    day = in_force.measured_on if in_force else None
    # Of the same day are corrections, not visits; of several earlier facts the last one is the visit before.
    earlier = sorted(
        (f.measured_on, f.hlc, f.id, f.dbh_cm)
        for f in facts
        if f.dbh_cm is not None and f.measured_on and day and f.measured_on < day
    )
    return check_measurement(
        row.dbh_cm,
        row.height_m,
        programme,
        species=row.species,
        age_years=age_when_measured(row.planted, now.measured_on, dt.date.today()),
        last_dbh_cm=earlier_to_compare(earlier[-1][3], row.stems) if earlier else None,
    )
