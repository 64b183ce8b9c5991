"""Who signs out is out for good: after a restart too, and at every server over one database."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Nobody's session is ended yet."""
    op.create_table(
        "ended_session",
        sa.Column("cookie_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("cookie_sha256"),
    )
