"""Many rows at once: the one module that knows how each kind of database takes them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

_MOST_PARAMETERS = 500


def insert_new(connection: sa.Connection, table: sa.Table, names: Sequence[str], rows: list[tuple[Any, ...]]) -> int:
    """Inserts the rows whose key is not there yet; returns how many were.

    Tuples go straight to the driver, in the order of `names`: a third of the time of dictionaries.
    """
    return _execute(connection, table, names, rows, "DO NOTHING")


def replace_rows(connection: sa.Connection, table: sa.Table, names: Sequence[str], rows: list[tuple[Any, ...]]) -> None:
    """Inserts the rows, overwriting those with their keys; as fast as `insert_new`."""
    quote = connection.dialect.identifier_preparer.quote
    keys = [column.name for column in table.primary_key]
    sets = ", ".join(f"{quote(name)} = excluded.{quote(name)}" for name in names if name not in keys)
    _execute(connection, table, names, rows, f"({', '.join(map(quote, keys))}) DO UPDATE SET {sets}")


def _execute(
    connection: sa.Connection, table: sa.Table, names: Sequence[str], rows: list[tuple[Any, ...]], conflict: str
) -> int:
    if not rows:
        return 0
    quote = connection.dialect.identifier_preparer.quote
    mark = "?" if connection.dialect.paramstyle == "qmark" else "%s"
    columns, marks = ", ".join(map(quote, names)), ", ".join([mark] * len(names))
    if connection.dialect.name != "sqlite":
        rows = [tuple(map(_without_nul, row)) for row in rows]
    sql = f"INSERT INTO {quote(table.name)} ({columns}) VALUES ({marks}) ON CONFLICT {conflict}"
    return connection.exec_driver_sql(sql, rows).rowcount


def upsert(connection: sa.Connection, table: sa.Table, row: dict[str, Any]) -> None:
    """Inserts one row or overwrites the one with its key."""
    if connection.dialect.name == "sqlite":
        make: Any = sqlite.insert
    else:
        make, row = postgresql.insert, {name: _without_nul(value) for name, value in row.items()}
    keys = [column.name for column in table.primary_key]
    rest = {name: value for name, value in row.items() if name not in keys}
    connection.execute(make(table).values(row).on_conflict_do_update(index_elements=keys, set_=rest))


def _without_nul(value: Any) -> Any:
    """PostgreSQL has no place for a NUL in a text: the picture of one stands for it; the log keeps the text itself."""
    return value.replace("\0", "\u2400") if isinstance(value, str) and "\0" in value else value


def chunks(items: Iterable[Any], size: int = _MOST_PARAMETERS) -> Iterator[list[Any]]:
    """Pieces small enough for one IN list."""
    held = list(items)
    for start in range(0, len(held), size):
        yield held[start : start + size]
