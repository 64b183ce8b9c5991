"""What was typed on a laptop and has no meaning for its field: the pages name the field, never what was typed."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from fieldapp.domain.fields import specs
from fieldapp.domain.ids import RecordId
from fieldapp.domain.records import BY_NAME
from fieldapp.domain.unread import typed_texts
from fieldapp.server.schema import RECORDS, SINK

_QUANTITIES = {spec.name: spec.label for spec in specs(BY_NAME["measurement"])}
Unread = dict[RecordId, dict[RecordId, tuple[str, ...]]]


def unread(connection: sa.Connection, village: str, households: Sequence[RecordId]) -> Unread:
    """By household and record: the labels of the fields in which something unreadable stands."""
    found: Unread = {}
    for name in ("tenure", "parcel", "tree"):
        labels = {**_QUANTITIES, **{spec.name: spec.label for spec in specs(BY_NAME[name])}}
        for row in connection.execute(_query(RECORDS[name], village, households)):
            fields = tuple(labels.get(field, labels["unread"]) for field in typed_texts(row.unread))
            if fields:
                found.setdefault(row.household_id, {})[row.id] = fields
    return found


def _query(table: sa.Table, village: str, households: Sequence[RecordId]) -> sa.Select[tuple[bytes, bytes, str]]:
    of_tree = table is RECORDS["tree"]
    owner = SINK.c.household_id if of_tree else table.c.household_id
    query = sa.select(owner, table.c.id, table.c.unread).where(
        table.c.village_code == village,
        owner.in_(households),
        table.c.unread.is_not(None),
        sa.func.coalesce(table.c.removed, 0) == 0,
    )
    same = (table.c.village_code == SINK.c.village_code) & (table.c.id == SINK.c.tree_id)
    return query.select_from(table.join(SINK, same)) if of_tree else query
