"""Who carries the same ID number, phone or account is found among a province's households without reading them all."""

from __future__ import annotations

from alembic import op

revision = "0007"
down_revision = "0006"

_FIELDS = {"household": ("id_number", "phone", "bank_account"), "member": ("id_number", "phone")}


def upgrade() -> None:
    """Makes the indexes."""
    for table, names in _FIELDS.items():
        for name in names:
            op.create_index(f"ix_{table}_{name}", table, [name])
