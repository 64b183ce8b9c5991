"""One claim for a household: the last laptop's. What was claimed before comes again with its next sync."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Makes the table anew with the shorter key."""
    op.drop_table("claim")
    op.create_table(
        "claim",
        sa.Column("village_code", sa.Text(), nullable=False),
        sa.Column("household_id", sa.LargeBinary(), nullable=False),
        sa.Column("device", sa.LargeBinary(), nullable=False),
        sa.Column("trees", sa.BigInteger(), nullable=False),
        sa.Column("co2e_kg", sa.Double(), nullable=False),
        sa.Column("method_version", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("village_code", "household_id"),
    )
