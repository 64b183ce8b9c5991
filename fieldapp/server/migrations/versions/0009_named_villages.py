"""A code may open named villages alone, and so does the token that a laptop gets for it; empty opens all, as before."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Codes and laptops from before open every village."""
    for table in ("enrol_code", "device"):
        op.add_column(table, sa.Column("villages", sa.Text(), nullable=False, server_default=""))
