"""Opens the server's database, brings it to today's schema and gives out its one writer thread."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError

from fieldapp.errors import StorageError, VersionError
from fieldapp.server import turns

T = TypeVar("T")
P = ParamSpec("P")
_MIGRATIONS = Path(__file__).resolve().parent / "migrations"


class Database:
    """Many readers, one writer: writes are serial by construction, whatever the number of requests."""

    def __init__(self, url: str) -> None:
        self.engine = _engine(url)
        if self.engine.dialect.name == "sqlite":
            sa.event.listen(self.engine, "connect", _durable)
        try:
            migrate(self.engine)
        except BaseException as error:
            self.engine.dispose()
            if isinstance(error, sa.exc.DBAPIError):
                raise StorageError("server_database") from error
            raise
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="writer")

    def submit(self, work: Callable[Concatenate[sa.Connection, P], T], *args: P.args, **named: P.kwargs) -> Future[T]:
        """Queues `work` for the writer; it is one transaction, durable when the future is done."""

        def transaction() -> T:
            with self.engine.begin() as connection:
                return work(connection, *args, **named)

        return self._writer.submit(transaction)

    def write(self, work: Callable[Concatenate[sa.Connection, P], T], *args: P.args, **named: P.kwargs) -> T:
        """Runs `work` as one transaction of the writer and waits until it is durable."""
        return self.submit(work, *args, **named).result()

    def read(self, work: Callable[Concatenate[sa.Connection, P], T], *args: P.args, **named: P.kwargs) -> T:
        """Runs `work` on a reading connection of the calling thread."""
        with self.engine.connect() as connection:
            return work(connection, *args, **named)

    def run_on_writer(self, work: Callable[[], T]) -> Future[T]:
        """Queues work that opens its own transactions behind everything the writer was given before."""
        return self._writer.submit(work)

    def close(self) -> None:
        """Lets the writer finish and closes every connection."""
        self._writer.shutdown(wait=True)
        self.engine.dispose()


def _engine(url: str) -> sa.Engine:
    """An engine for an address as administrators write it. Raises StorageError `server_database`."""
    try:
        parts = sa.make_url(url)
        if parts.drivername in ("postgres", "postgresql"):
            parts = parts.set(drivername="postgresql+psycopg")
        # Values are personal data and errors end up in logs; a database on its own may have been started again.
        return sa.create_engine(parts, hide_parameters=True, pool_pre_ping=parts.get_backend_name() != "sqlite")
    except (sa.exc.ArgumentError, ModuleNotFoundError) as error:
        raise StorageError("server_database") from error


def _durable(connection: Any, _: object) -> None:
    """WAL with FULL: an acknowledged frame survives a power cut (NORMAL loses some)."""
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=10000", "cache_size=-65536"):
        connection.execute(f"PRAGMA {pragma}").close()


def migrate(engine: sa.Engine) -> None:
    """Upgrades to the newest schema. Raises VersionError `newer_database` for one that a newer server made."""
    config = Config()
    config.set_main_option("script_location", _MIGRATIONS.as_posix())
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        turns.take(connection, [b"schema"])  # servers that start together migrate one after the other
        try:
            ScriptDirectory.from_config(config)
            command.upgrade(config, "head")
        except CommandError as error:
            raise VersionError("newer_server_database") from error
