"""How a declared record becomes a table row and back; every table is made from `domain/records.py`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

import msgpack

from fieldapp.domain.digest import record_digest
from fieldapp.domain.fields import FieldSpec, Kind, specs
from fieldapp.domain.ids import RecordId
from fieldapp.domain.ops import Value
from fieldapp.domain.records import BY_NAME, Record

R = TypeVar("R", bound=Record)

STATE_COLUMNS = ("id", "village_code", "version", "hlc", "digest", "unknown")
_SQL_TYPES = {
    Kind.TEXT: "TEXT",
    Kind.DATE: "TEXT",
    Kind.INTEGER: "INTEGER",
    Kind.INSTANT: "INTEGER",
    Kind.FLAG: "INTEGER",
    Kind.REAL: "REAL",
    Kind.REF: "BLOB",
    Kind.HASH: "BLOB",
}


@dataclass(frozen=True)
class Layout:
    """The table of one record type: its columns in order and the statements that every room of storage uses."""

    table: str
    names: tuple[str, ...]
    specs: Mapping[str, FieldSpec]
    editable: bool
    insert_sql: str
    add_sql: str
    update_sql: str
    select_sql: str
    current_sql: str


@cache
def layout(record: str) -> Layout:
    """The layout of a record type by its name."""
    declared: type[Any] = BY_NAME[record]
    fields = specs(declared)
    names = tuple(spec.name for spec in fields)
    columns = (*STATE_COLUMNS, *names)
    marks = ", ".join("?" * len(columns))
    sets = ", ".join(f"{column} = ?" for column in columns[2:])
    return Layout(
        table=record,
        names=names,
        specs={spec.name: spec for spec in fields},
        editable=declared.editable,
        insert_sql=f"INSERT INTO {record} ({', '.join(columns)}) VALUES ({marks})",
        add_sql=f"INSERT INTO {record} ({', '.join(columns)}) VALUES ({marks}) ON CONFLICT (id) DO NOTHING",
        update_sql=f"UPDATE {record} SET {sets} WHERE id = ?",
        select_sql=f"SELECT id, village_code, version, {', '.join(names)} FROM {record}",
        current_sql=f"SELECT unknown, id, village_code, version, {', '.join(names)} FROM {record} WHERE id = ?",
    )


@cache
def update_sql(record: str, names: tuple[str, ...]) -> str:
    """Writes a few fields with version and digest; naming an indexed column rewrites its index, changed or not."""
    sets = "".join(f", {name} = ?" for name in names)
    return f"UPDATE {record} SET version = ?, digest = ?{sets} WHERE id = ?"


def column_sql(spec: FieldSpec) -> str:
    """The column of one field; tags are found whatever their case."""
    collation = " COLLATE NOCASE" if spec.kind is Kind.TEXT and spec.indexed else ""
    return f"{spec.name} {_SQL_TYPES[spec.kind]}{collation}"


def to_row(
    record: str, record_id: RecordId, village_code: str, version: bytes, hlc: int, values: Mapping[str, Value]
) -> tuple[Any, ...]:
    """The row in the order of `insert_sql`; fields that only a newer program declares are kept in `unknown`."""
    known = layout(record)
    unknown = {name: value for name, value in values.items() if name not in known.specs}
    return (
        record_id,
        village_code,
        version,
        hlc,
        record_digest(record, record_id, version, values),
        msgpack.packb(unknown) if unknown else None,
        *map(values.get, known.names),
    )


def to_record(declared: type[R], row: Sequence[Any]) -> R:
    """The record of a row that `select_sql` gave."""
    names = layout(declared.record_name).names
    return declared(id=row[0], village_code=row[1], version=row[2], **dict(zip(names, row[3:], strict=True)))


def values_of(record: Record) -> dict[str, Value]:
    """The declared fields of a record, empty ones too."""
    return {name: getattr(record, name) for name in layout(record.record_name).names}
