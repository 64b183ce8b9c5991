"""The same photo file on two trees is found among a province's photos without reading them all."""

from __future__ import annotations

from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Makes the index."""
    op.create_index("ix_photo_sha256", "photo", ["sha256"])
