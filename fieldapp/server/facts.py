"""The measurements of trees as the tables hold them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import sqlalchemy as sa

from fieldapp.domain.current import FACT_FIELDS, MeasurementFact
from fieldapp.domain.ids import RecordId
from fieldapp.server.schema import RECORDS

MEASUREMENT = RECORDS["measurement"]


def facts_of(
    connection: sa.Connection, village: str, trees: Sequence[RecordId]
) -> tuple[dict[RecordId, list[MeasurementFact]], dict[RecordId, bytes]]:
    """The measurements of these trees, and the version of each."""
    names = ("version", "tree_id", "hlc", "id", *FACT_FIELDS)
    query = sa.select(*(MEASUREMENT.c[name] for name in names)).where(
        MEASUREMENT.c.village_code == village, MEASUREMENT.c.tree_id.in_(trees)
    )
    found: dict[RecordId, list[MeasurementFact]] = defaultdict(list)
    versions = {}
    for version, tree_id, *values in connection.execute(query):
        fact = MeasurementFact(*values)
        found[tree_id].append(fact)
        versions[fact.id] = version
    return found, versions
