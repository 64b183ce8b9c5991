"""A sink says its tree's species, which decides the range of sums; every sink is computed again at the next start."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Sinks are derived: what is missing in them is made by computing them again."""
    op.add_column("sink", sa.Column("species", sa.Text(), nullable=True))
    op.execute("UPDATE village_log SET sinks_cursor = 0")
