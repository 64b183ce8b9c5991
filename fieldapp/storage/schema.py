"""The schema as declared today; what the migrations lead to must equal it (a test holds that)."""

from __future__ import annotations

from typing import Any

from fieldapp.domain.fields import FieldSpec, Kind, specs
from fieldapp.domain.ops import COUNTER_BITS
from fieldapp.domain.records import RECORD_TYPES
from fieldapp.storage.layout import column_sql
from fieldapp.storage.terms import INDEXED

_STATE = (
    "id BLOB NOT NULL PRIMARY KEY",
    "village_code TEXT NOT NULL",
    "version BLOB NOT NULL",
    "hlc INTEGER NOT NULL",
    "digest INTEGER NOT NULL",
    "unknown BLOB",
)

# `unit` is the first counter of the save that an own operation belongs to, `before` what its fields held: together
# they are the durable undo, and cost no page of their own.
# Record references are no foreign keys: another laptop's tree may arrive before its parcel (docs/decisions/0031).
OPERATIONS = (
    "CREATE TABLE device (no INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, own INTEGER NOT NULL, "
    "sent INTEGER NOT NULL DEFAULT 0, acknowledged INTEGER NOT NULL DEFAULT 0, filed_upto INTEGER NOT NULL DEFAULT 0) "
    "STRICT",
    # The two halves of `id` are the laptop's number and its counter (see `oprows`).
    "CREATE TABLE op (id INTEGER PRIMARY KEY, hlc INTEGER NOT NULL, village_code TEXT NOT NULL, record TEXT NOT NULL, "
    "record_id BLOB NOT NULL, kind INTEGER NOT NULL, fields BLOB NOT NULL, seen BLOB, person TEXT NOT NULL, "
    "schema INTEGER NOT NULL, unit INTEGER, before BLOB, filed INTEGER, "
    f"device_no INTEGER AS (id >> {COUNTER_BITS}), counter INTEGER AS (id & {(1 << COUNTER_BITS) - 1})) STRICT",
    # Own operations enter the index by the hundred: a save then writes one page less (see `filing`).
    "CREATE INDEX op_by_record ON op (record_id) WHERE filed = 1",
    "CREATE TABLE quarantine (device BLOB NOT NULL, counter INTEGER NOT NULL, village_code TEXT NOT NULL, "
    "record TEXT NOT NULL, record_id BLOB NOT NULL, reason TEXT NOT NULL, body BLOB NOT NULL, "
    "received_at INTEGER NOT NULL, PRIMARY KEY (device, counter)) STRICT, WITHOUT ROWID",
    "CREATE TABLE conflict (record_id BLOB NOT NULL, field TEXT NOT NULL, record TEXT NOT NULL, "
    "village_code TEXT NOT NULL, heads BLOB NOT NULL, PRIMARY KEY (record_id, field)) STRICT, WITHOUT ROWID",
)
SYNC = (
    "CREATE TABLE village_cursor (village_code TEXT NOT NULL PRIMARY KEY, position INTEGER NOT NULL) "
    "STRICT, WITHOUT ROWID",
    "CREATE TABLE receipt (id INTEGER PRIMARY KEY, village_code TEXT NOT NULL, received_at INTEGER NOT NULL, "
    "body BLOB NOT NULL) STRICT",
    "CREATE TABLE receipt_range (device_no INTEGER NOT NULL REFERENCES device, first INTEGER NOT NULL, "
    "last INTEGER NOT NULL, PRIMARY KEY (device_no, first)) STRICT, WITHOUT ROWID",
    "CREATE TABLE transfer (sha256 BLOB NOT NULL PRIMARY KEY, photo_id BLOB NOT NULL, rendition TEXT NOT NULL, "
    "village_code TEXT NOT NULL, direction TEXT NOT NULL, state TEXT NOT NULL, size_bytes INTEGER NOT NULL, "
    "offset_bytes INTEGER NOT NULL DEFAULT 0, location TEXT NOT NULL DEFAULT '') STRICT, WITHOUT ROWID",
    "CREATE INDEX transfer_by_state ON transfer (direction, state, rendition)",
    "CREATE INDEX transfer_by_photo ON transfer (photo_id)",
)
LOCAL = (
    "CREATE TABLE local (key TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID",
    "CREATE TABLE finding_count (household_id BLOB NOT NULL PRIMARY KEY, red INTEGER NOT NULL, "
    "amber INTEGER NOT NULL, grey INTEGER NOT NULL, doubtful INTEGER NOT NULL DEFAULT 0) STRICT, WITHOUT ROWID",
)
DERIVED = (
    "CREATE TABLE tree_current (tree_id BLOB NOT NULL PRIMARY KEY, parcel_id BLOB, household_id BLOB, "
    "village_code TEXT NOT NULL, counted INTEGER NOT NULL, removed INTEGER NOT NULL, dbh_cm REAL, dbh_id BLOB, "
    "height_m REAL, height_id BLOB, measured_on TEXT, measured_by TEXT, lat REAL, lon REAL, accuracy_m REAL, "
    "position_id BLOB, photos INTEGER NOT NULL, equation_id TEXT NOT NULL, status TEXT NOT NULL, agb_kg REAL, "
    "bgb_kg REAL, carbon_kg REAL, co2e_kg REAL, co2e_low_kg REAL, co2e_high_kg REAL, flags TEXT NOT NULL, "
    "method_version TEXT NOT NULL, error TEXT NOT NULL, species TEXT, stems TEXT) STRICT, WITHOUT ROWID",
    "CREATE TABLE household_current (household_id BLOB NOT NULL PRIMARY KEY, parcels INTEGER NOT NULL DEFAULT 0, "
    "area_mu REAL NOT NULL DEFAULT 0, trees INTEGER NOT NULL DEFAULT 0, counted INTEGER NOT NULL DEFAULT 0, "
    "measured INTEGER NOT NULL DEFAULT 0, estimated INTEGER NOT NULL DEFAULT 0, tree_photos INTEGER NOT NULL "
    "DEFAULT 0, other_photos INTEGER NOT NULL DEFAULT 0, co2e_mg INTEGER NOT NULL DEFAULT 0, "
    "waiting INTEGER NOT NULL DEFAULT 0, kinds TEXT NOT NULL DEFAULT '[]') "
    "STRICT, WITHOUT ROWID",
)


def statements() -> list[str]:
    """Every statement that makes an empty database of today."""
    made = [statement for record in RECORD_TYPES for statement in _record_statements(record)]
    return [*made, *OPERATIONS, *SYNC, *LOCAL, *DERIVED]


def _record_statements(record: type[Any]) -> list[str]:
    table = record.record_name
    fields = specs(record)
    # The words under which a record is found stand in its row: a save of a name then writes no page more.
    words = ["words TEXT"] if table in INDEXED else []
    columns = ", ".join([*_STATE, *map(column_sql, fields), *words])
    made = [f"CREATE TABLE {table} ({columns}) STRICT, WITHOUT ROWID"]
    made += [_index(table, spec) for spec in fields if spec.indexed]
    if table in ("household", "parcel"):
        made.append(f"CREATE INDEX {table}_by_village ON {table} (village_code)")
    if not record.editable:
        made += _guards(table, ", ".join(("id", "village_code", *(spec.name for spec in fields))))
    return made


def _index(table: str, spec: FieldSpec) -> str:
    """Empty references are left out: no tree but a replanted one names its predecessor."""
    held = f" WHERE {spec.name} IS NOT NULL" if spec.kind in (Kind.REF, Kind.HASH) else ""
    return f"CREATE INDEX {table}_by_{spec.name} ON {table} ({spec.name}){held}"


def _guards(table: str, columns: str) -> list[str]:
    """A fact is never changed nor deleted, not even by a mistake of ours; its clock stamp may be set right."""
    refuse = f"BEGIN SELECT RAISE(ABORT, '{table} is a fact'); END"
    return [
        f"CREATE TRIGGER {table}_is_kept BEFORE DELETE ON {table} {refuse}",
        f"CREATE TRIGGER {table}_is_fixed BEFORE UPDATE OF {columns} ON {table} {refuse}",
    ]
