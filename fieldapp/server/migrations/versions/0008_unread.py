"""What was typed and has no meaning stands with its record; what a newer laptop sent before moves to its column."""

from __future__ import annotations

import msgpack
import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """No sum changes by it: nothing is computed again."""
    connection = op.get_bind()
    for table in ("tenure", "parcel", "tree"):
        op.add_column(table, sa.Column("unread", sa.Text(), nullable=True))
        record = sa.table(table, *(sa.column(name) for name in ("village_code", "id", "unknown", "unread")))
        held = connection.execute(sa.select(record).where(record.c.unknown.is_not(None))).all()
        for village, record_id, packed, _none in held:
            fields = msgpack.unpackb(packed)
            unread = fields.pop("unread", None)
            if not isinstance(unread, str):
                continue
            rest = msgpack.packb(fields) if fields else None
            same = (record.c.village_code == village) & (record.c.id == record_id)
            connection.execute(sa.update(record).where(same).values(unread=unread, unknown=rest))
