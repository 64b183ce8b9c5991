"""A parcel has a height curve; one that a newer laptop sent before moves from the unknown fields to its column."""

from __future__ import annotations

import msgpack
import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Villages in which a curve was waiting are computed again at the next start."""
    op.add_column("parcel", sa.Column("height_curve", sa.Text(), nullable=True))
    names = ("village_code", "id", "unknown", "height_curve")
    parcel = sa.table("parcel", *(sa.column(name) for name in names))
    log = sa.table("village_log", sa.column("village_code"), sa.column("sinks_cursor"))
    connection = op.get_bind()
    held = connection.execute(sa.select(parcel).where(parcel.c.unknown.is_not(None))).all()
    for village, record_id, packed, _none in held:
        fields = msgpack.unpackb(packed)
        curve = fields.pop("height_curve", None)
        if not isinstance(curve, str):
            continue
        rest = msgpack.packb(fields) if fields else None
        same = (parcel.c.village_code == village) & (parcel.c.id == record_id)
        connection.execute(sa.update(parcel).where(same).values(height_curve=curve, unknown=rest))
        connection.execute(sa.update(log).where(log.c.village_code == village).values(sinks_cursor=0))
