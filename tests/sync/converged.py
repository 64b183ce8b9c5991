"""The one question of every sync test: do server and laptops hold the same records, value by value?"""

from __future__ import annotations

from typing import Any

import msgpack
import sqlalchemy as sa

from fieldapp.domain.fields import specs
from fieldapp.domain.records import RECORD_TYPES
from fieldapp.server.running import RunningServer
from fieldapp.server.schema import CONFLICT, RECORDS
from fieldapp.storage import oplog
from fieldapp.storage.store import Store

Rows = dict[tuple[str, bytes], dict[str, Any]]


def store_rows(store: Store) -> Rows:
    """Every record of a laptop in canonical form, with its version and the fields of newer programs."""
    found: Rows = {}
    for record in RECORD_TYPES:
        names = ["village_code", "version", "unknown", *(spec.name for spec in specs(record))]
        for row in store.rows(f"SELECT id, {', '.join(names)} FROM {record.record_name}"):
            found[record.record_name, row[0]] = _canonical(dict(zip(names, row[1:], strict=True)))
    return found


def server_rows(server: RunningServer) -> Rows:
    """The same of the server."""
    found: Rows = {}
    for record in RECORD_TYPES:
        table = RECORDS[record.record_name]
        names = ["village_code", "version", "unknown", *(spec.name for spec in specs(record))]
        query = sa.select(table.c.id, *(table.c[name] for name in names))
        for row in server.server.station.database.read(lambda c, query=query: c.execute(query).all()):
            found[record.record_name, row[0]] = _canonical(dict(zip(names, row[1:], strict=True)))
    return found


def _canonical(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "unknown": msgpack.unpackb(row["unknown"]) if row["unknown"] else None}


def store_conflicts(store: Store) -> set[tuple[bytes, str]]:
    """Fields in conflict on a laptop."""
    return set(store.rows("SELECT record_id, field FROM conflict"))


def server_conflicts(server: RunningServer) -> set[tuple[bytes, str]]:
    """Fields in conflict on the server."""
    query = sa.select(CONFLICT.c.record_id, CONFLICT.c.field)
    return {tuple(row) for row in server.server.station.database.read(lambda c: c.execute(query).all())}


def assert_converged(server: RunningServer, *stores: Store) -> None:
    """Full rows, conflicts and digests are the same on all sides, and every laptop holds receipts for all it wrote."""
    expected = server_rows(server)
    conflicts = server_conflicts(server)
    assert expected
    for store in stores:
        found = store_rows(store)
        assert found.keys() == expected.keys()
        differing = {key: (found[key], expected[key]) for key in found if found[key] != expected[key]}
        assert not differing
        assert store_conflicts(store) == conflicts
        for own in oplog.own_devices(store):
            assert own.acknowledged == own.last
