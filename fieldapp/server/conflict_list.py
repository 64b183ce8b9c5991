"""The page of conflicts: whose field it is, and the values that stand against each other, masked."""

from __future__ import annotations

import sqlalchemy as sa

from fieldapp.domain.masking import mask_name
from fieldapp.server.disputes import RECORD as MEASURED
from fieldapp.server.merging import unpack_heads
from fieldapp.server.queries import Row, masked_value, page_of, rows_of
from fieldapp.server.schema import CONFLICT, RECORDS

_HOUSEHOLD, _PARCEL, _TREE = RECORDS["household"], RECORDS["parcel"], RECORDS["tree"]


def conflicts(connection: sa.Connection, page: int) -> list[Row]:
    """Fields about which two people disagree, with their masked values."""
    query = sa.select(CONFLICT).order_by(CONFLICT.c.village_code, CONFLICT.c.record_id, CONFLICT.c.field)
    rows = rows_of(connection, page_of(query, page))
    for row in rows:
        row |= _owner(connection, row)
        row["held"] = [
            {**head, "value": masked_value(row["record"], row["field"], head["value"]),
             "person": mask_name(str(head["person"]))}
            for head in unpack_heads(row["held"])
        ]  # fmt: skip
    return rows


def _owner(connection: sa.Connection, row: Row) -> Row:
    """The record's own name where it has one, and the household that it belongs to."""
    record, village, record_id = row["record"], row["village_code"], row["record_id"]
    found: Row = {"kind": "tree" if record == MEASURED else record, "name": "", "household": None}
    household_id = record_id
    if found["kind"] == "tree":
        query = sa.select(_TREE.c.tag, _PARCEL.c.household_id).outerjoin(
            _PARCEL, (_PARCEL.c.village_code == _TREE.c.village_code) & (_PARCEL.c.id == _TREE.c.parcel_id)
        )
        tree = connection.execute(query.where(_TREE.c.village_code == village, _TREE.c.id == record_id)).one_or_none()
        found["name"], household_id = (tree.tag or "", tree.household_id) if tree else ("", None)
    elif record != "household":
        table = RECORDS[record]
        if "household_id" in table.c:
            query = sa.select(table.c.household_id).where(table.c.village_code == village, table.c.id == record_id)
            household_id = connection.execute(query).scalar()
    owner = sa.select(_HOUSEHOLD.c.id, _HOUSEHOLD.c.device_tag, _HOUSEHOLD.c.number).where(
        _HOUSEHOLD.c.village_code == village, _HOUSEHOLD.c.id == household_id
    )
    found["household"] = next(iter(rows_of(connection, owner)), None)
    return found
