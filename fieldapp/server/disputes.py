"""Trees that laptops measured differently without knowing of each other: the server lists them, a laptop decides."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from fieldapp.domain.current import MeasurementFact, disputed
from fieldapp.domain.ids import RecordId
from fieldapp.domain.merge import Head, decode_refs
from fieldapp.server.bulk import chunks, insert_new
from fieldapp.server.merging import pack_heads
from fieldapp.server.schema import CONFLICT

RECORD = "measurement"  # of a conflict row whose record_id is the tree's
_NAMES = ("village_code", "record_id", "field", "record", "held")


def rows_of(
    village: str, facts: Mapping[RecordId, Iterable[MeasurementFact]], versions: Mapping[RecordId, bytes]
) -> list[tuple[Any, ...]]:
    """The conflict rows of these trees; `versions` are those of the measurements."""
    rows = []
    for tree_id, of_tree in facts.items():
        for quantity, said in disputed(of_tree).items():
            heads = [
                Head(fact.hlc, *decode_refs(versions[fact.id])[0], fact.value(quantity), fact.measured_by or "")
                for fact in said
            ]
            rows.append((village, tree_id, quantity, RECORD, pack_heads(heads)))
    return rows


def stand(connection: sa.Connection, village: str) -> set[RecordId]:
    """The trees whose disputes are written down."""
    query = sa.select(CONFLICT.c.record_id).where(CONFLICT.c.village_code == village, CONFLICT.c.record == RECORD)
    return set(connection.execute(query).scalars())


def replace(
    connection: sa.Connection, village: str, trees: Sequence[RecordId], rows: Sequence[tuple[Any, ...]]
) -> None:
    """Writes what stands about these trees anew."""
    for some in chunks(trees):
        connection.execute(
            sa.delete(CONFLICT).where(
                CONFLICT.c.village_code == village, CONFLICT.c.record == RECORD, CONFLICT.c.record_id.in_(some)
            )
        )
    insert_new(connection, CONFLICT, _NAMES, list(rows))
