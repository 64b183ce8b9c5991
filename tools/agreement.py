"""Whether laptop and server hold the same: every record, every field and every version, and every photo byte."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import sqlalchemy as sa

from fieldapp.domain.fields import specs
from fieldapp.domain.records import RECORD_TYPES
from fieldapp.server.schema import RECORDS
from fieldapp.storage.store import Store

Key = tuple[str, str, str]
Rows = dict[Key, tuple[Any, ...]]


def laptop_rows(store: Store) -> Rows:
    """Every record of a laptop by (record, village, id)."""
    rows: Rows = {}
    for record in RECORD_TYPES:
        for one in store.find(record, ""):
            rows[_key(record, one.village_code, one.id)] = (one.version, *(getattr(one, n) for n in _names(record)))
    return rows


def server_rows(database: Path) -> Rows:
    """Every record of a server's SQLite file by (record, village, id); reads only."""
    engine = sa.create_engine(f"sqlite:///file:{database}?mode=ro&uri=true")
    rows: Rows = {}
    with engine.connect() as connection:
        for record in RECORD_TYPES:
            table = RECORDS[record.record_name]
            columns = [table.c[name] for name in ("village_code", "id", "version", *_names(record))]
            for village_code, record_id, *values in connection.execute(sa.select(*columns)):
                rows[_key(record, village_code, record_id)] = tuple(values)
    engine.dispose()
    return rows


def differences(left: Rows, right: Rows) -> list[str]:
    """What stands on one side only, or differently; no values, so that nothing personal is printed."""
    missing = [f"only on the left: {key[0]} {key[2]}" for key in left.keys() - right.keys()]
    extra = [f"only on the right: {key[0]} {key[2]}" for key in right.keys() - left.keys()]
    unequal = [f"differs: {key[0]} {key[2]}" for key in left.keys() & right.keys() if left[key] != right[key]]
    return sorted(missing + extra + unequal)


def _names(record: type[Any]) -> tuple[str, ...]:
    return tuple(spec.name for spec in specs(record))


def _key(record: type[Any], village_code: str, record_id: bytes) -> Key:
    return record.record_name, village_code, record_id.hex()
