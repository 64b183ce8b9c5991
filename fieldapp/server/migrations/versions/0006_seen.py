"""A measurement names those that its author knew of; those that a newer laptop sent before move to their column."""

from __future__ import annotations

import msgpack
import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Villages in which such measurements were waiting are computed again at the next start."""
    op.add_column("measurement", sa.Column("seen", sa.Text(), nullable=True))
    names = ("village_code", "id", "unknown", "seen")
    measurement = sa.table("measurement", *(sa.column(name) for name in names))
    log = sa.table("village_log", sa.column("village_code"), sa.column("sinks_cursor"))
    connection = op.get_bind()
    held = connection.execute(sa.select(measurement).where(measurement.c.unknown.is_not(None))).all()
    for village, record_id, packed, _none in held:
        fields = msgpack.unpackb(packed)
        seen = fields.pop("seen", None)
        if not isinstance(seen, str):
            continue
        rest = msgpack.packb(fields) if fields else None
        same = (measurement.c.village_code == village) & (measurement.c.id == record_id)
        connection.execute(sa.update(measurement).where(same).values(seen=seen, unknown=rest))
        connection.execute(sa.update(log).where(log.c.village_code == village).values(sinks_cursor=0))
