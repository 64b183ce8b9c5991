"""The server's tables: one per record type, made from its declaration, and the log they are derived from.

`village_code` leads every record's key: it is how the tables can be spread over partitions or machines.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from fieldapp.domain.fields import FieldSpec, Kind, specs
from fieldapp.domain.records import RECORD_TYPES, Record

METADATA = sa.MetaData(
    naming_convention={"ix": "ix_%(table_name)s_%(column_0_name)s", "uq": "uq_%(table_name)s_%(column_0_name)s"}
)

_TYPES: dict[Kind, type[sa.types.TypeEngine[Any]]] = {
    Kind.TEXT: sa.Text,
    Kind.DATE: sa.Text,
    Kind.INTEGER: sa.BigInteger,
    Kind.INSTANT: sa.BigInteger,
    Kind.FLAG: sa.BigInteger,
    Kind.REAL: sa.Double,
    Kind.REF: sa.LargeBinary,
    Kind.HASH: sa.LargeBinary,
}


def _village() -> sa.Column[str]:
    return sa.Column("village_code", sa.Text, primary_key=True)


def _instant(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger, nullable=nullable)


def _record_table(record: type[Record]) -> sa.Table:
    """`version`, `hlc`, `digest` as on the laptops; `created_cursor`: the frame of the adding operation."""
    fields = specs(record)
    table = sa.Table(
        record.record_name,
        METADATA,
        _village(),
        sa.Column("id", sa.LargeBinary, primary_key=True),
        sa.Column("version", sa.LargeBinary, nullable=False),
        sa.Column("hlc", sa.BigInteger, nullable=False),
        sa.Column("digest", sa.BigInteger, nullable=False),
        sa.Column("unknown", sa.LargeBinary),  # msgpack: fields that only a newer program declares
        sa.Column("created_cursor", sa.BigInteger, nullable=False),
        *(_field(spec) for spec in fields),
        sqlite_with_rowid=False,
    )
    for spec in fields:
        if spec.indexed and spec.kind is Kind.REF and spec.name in _LOOKED_UP:
            sa.Index(f"ix_{record.record_name}_{spec.name}", table.c.village_code, table.c[spec.name])
    for name in _ALIKE.get(record.record_name, ()):
        sa.Index(f"ix_{record.record_name}_{name}", table.c[name])
    return table


_LOOKED_UP = {"household_id", "parcel_id", "tree_id", "subject_id", "photo_id"}
_ALIKE = {  # over all villages
    "household": ("id_number", "phone", "bank_account"),
    "member": ("id_number", "phone"),
    "photo": ("sha256",),
}


def _field(spec: FieldSpec) -> sa.Column[object]:
    return sa.Column(spec.name, _TYPES[spec.kind])


RECORDS: dict[str, sa.Table] = {record.record_name: _record_table(record) for record in RECORD_TYPES}

SETTING = sa.Table(
    "setting",
    METADATA,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("value", sa.LargeBinary, nullable=False),
)


def _opened() -> sa.Column[str]:
    """Which villages are given out, their codes with blanks between them; empty for all."""
    return sa.Column("villages", sa.Text, nullable=False, server_default="")


ENROL_CODE = sa.Table(
    "enrol_code",
    METADATA,
    sa.Column("code_sha256", sa.LargeBinary, primary_key=True),
    _instant("expires_at"),
    sa.Column("used_by", sa.LargeBinary),
    _opened(),
)
ENDED_SESSION = sa.Table(
    "ended_session",
    METADATA,
    sa.Column("cookie_sha256", sa.LargeBinary, primary_key=True),
    _instant("expires_at"),
)
DEVICE = sa.Table(
    "device",
    METADATA,
    sa.Column("device", sa.LargeBinary, primary_key=True),
    sa.Column("tag", sa.Text, nullable=False, unique=True),
    sa.Column("token_sha256", sa.LargeBinary, nullable=False, unique=True),
    sa.Column("app_version", sa.Text, nullable=False),
    _instant("enrolled_at"),
    _instant("seen_at"),
    sa.Column("revoked", sa.BigInteger, nullable=False),
    _opened(),
)
# Which counters of a laptop have arrived, as runs: only the first run's end may be acknowledged.
RECEIVED = sa.Table(
    "received",
    METADATA,
    sa.Column("device", sa.LargeBinary, primary_key=True),
    sa.Column("first", sa.BigInteger, primary_key=True),
    sa.Column("last", sa.BigInteger, nullable=False),
)
# The last clock that was given to a laptop whose own runs ahead.
RESTAMP = sa.Table(
    "restamp",
    METADATA,
    sa.Column("device", sa.LargeBinary, primary_key=True),
    sa.Column("last_hlc", sa.BigInteger, nullable=False),
)
VILLAGE_LOG = sa.Table(
    "village_log",
    METADATA,
    _village(),
    sa.Column("last_cursor", sa.BigInteger, nullable=False),
    sa.Column("applied_cursor", sa.BigInteger, nullable=False),
    sa.Column("sinks_cursor", sa.BigInteger, nullable=False),
    sa.Column("n_rows", sa.BigInteger, nullable=False),
    sa.Column("digest", sa.BigInteger, nullable=False),
)
FRAME = sa.Table(
    "frame",
    METADATA,
    _village(),
    sa.Column("cursor", sa.BigInteger, primary_key=True),
    sa.Column("device", sa.LargeBinary, nullable=False),
    sa.Column("first", sa.BigInteger, nullable=False),
    sa.Column("last", sa.BigInteger, nullable=False),
    sa.Column("n_ops", sa.BigInteger, nullable=False),
    sa.Column("sha256", sa.LargeBinary, nullable=False),
    _instant("received_at"),
    sa.Column("restamp_from", sa.BigInteger),  # operations from this counter on got the clock `restamp_base` and up
    sa.Column("restamp_base", sa.BigInteger),
    sa.Column("body", sa.LargeBinary, nullable=False),
    sa.UniqueConstraint("device", "first", "last", "sha256"),
)
# Which frames besides the creating one hold operations of a record.
OP_INDEX = sa.Table(
    "op_index",
    METADATA,
    _village(),
    sa.Column("record_id", sa.LargeBinary, primary_key=True),
    sa.Column("cursor", sa.BigInteger, primary_key=True),
    sa.Column("record", sa.Text, nullable=False),
    sa.Column("orphan", sa.BigInteger, nullable=False),  # 1 while the operation that adds the record is missing
    sa.Index("ix_op_index_orphan", "village_code", "orphan"),
    sqlite_with_rowid=False,
)
CONFLICT = sa.Table(
    "conflict",
    METADATA,
    _village(),
    sa.Column("record_id", sa.LargeBinary, primary_key=True),
    sa.Column("field", sa.Text, primary_key=True),
    sa.Column("record", sa.Text, nullable=False),
    sa.Column("held", sa.LargeBinary, nullable=False),  # msgpack: the values that stand against each other
)
QUARANTINE = sa.Table(
    "quarantine",
    METADATA,
    _village(),
    sa.Column("device", sa.LargeBinary, primary_key=True),
    sa.Column("counter", sa.BigInteger, primary_key=True),
    sa.Column("cursor", sa.BigInteger, nullable=False),
    sa.Column("record", sa.Text, nullable=False),
    sa.Column("record_id", sa.LargeBinary, nullable=False),
    sa.Column("code", sa.Text, nullable=False),
    _instant("noticed_at"),
)
SINK = sa.Table(
    "sink",
    METADATA,
    _village(),
    sa.Column("tree_id", sa.LargeBinary, primary_key=True),
    sa.Column("household_id", sa.LargeBinary),
    sa.Column("counted", sa.BigInteger, nullable=False),
    sa.Column("species", sa.Text),
    sa.Column("dbh_cm", sa.Double),
    sa.Column("height_m", sa.Double),
    sa.Column("stems", sa.Text),
    sa.Column("equation_id", sa.Text, nullable=False),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("co2e_kg", sa.Double),
    sa.Column("co2e_low_kg", sa.Double),
    sa.Column("co2e_high_kg", sa.Double),
    sa.Column("flags", sa.Text, nullable=False),
    sa.Column("method_version", sa.Text, nullable=False),
    sa.Column("error", sa.Text, nullable=False),
    sa.Index("ix_sink_household_id", "village_code", "household_id"),
    sqlite_with_rowid=False,
)
# What the laptop that synced last computed for a household, to be held against the server's own figure.
CLAIM = sa.Table(
    "claim",
    METADATA,
    _village(),
    sa.Column("household_id", sa.LargeBinary, primary_key=True),
    sa.Column("device", sa.LargeBinary, nullable=False),
    sa.Column("trees", sa.BigInteger, nullable=False),
    sa.Column("co2e_kg", sa.Double, nullable=False),
    sa.Column("method_version", sa.Text, nullable=False),
)
RECEIPT = sa.Table(
    "receipt",
    METADATA,
    sa.Column("device", sa.LargeBinary, primary_key=True),
    sa.Column("key", sa.LargeBinary, primary_key=True),
    _instant("issued_at"),
    sa.Column("n_ops", sa.BigInteger, nullable=False),
    sa.Column("n_blobs", sa.BigInteger, nullable=False),
    sa.Column("body", sa.LargeBinary, nullable=False),
    sa.Column("signature", sa.LargeBinary, nullable=False),
)
BLOB = sa.Table(
    "blob",
    METADATA,
    sa.Column("sha256", sa.LargeBinary, primary_key=True),
    sa.Column("size_bytes", sa.BigInteger, nullable=False),
    _instant("stored_at"),
)
UPLOAD = sa.Table(
    "upload",
    METADATA,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("device", sa.LargeBinary, nullable=False),
    sa.Column("sha256", sa.LargeBinary, nullable=False),
    sa.Column("size_bytes", sa.BigInteger, nullable=False),
    sa.Column("metadata", sa.Text, nullable=False),
    _instant("created_at"),
)


def county_code(village_code: sa.ColumnElement[str]) -> sa.ColumnElement[str]:
    """The county in which a village lies; plain numbers, because PostgreSQL groups by no expression with parameters."""
    return sa.func.substr(village_code, sa.literal_column("1"), sa.literal_column("6"))
