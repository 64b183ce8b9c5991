"""Whose turn it is: one server at a time on an SQLite file, one transaction at a time on a village or a laptop."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path

import sqlalchemy as sa

from fieldapp import locks
from fieldapp.errors import StorageError
from fieldapp.server.settings import ServerSettings

LOCK_FILE = "server.lock"


class FolderLock:
    """Holds data folder and database file for this server; with PostgreSQL, several servers may share both."""

    def __init__(self, settings: ServerSettings) -> None:
        self._files: list[int] = []
        for path in _lock_files(settings):
            file = locks.take(path)
            if file is None:
                self.release()
                raise StorageError("server_folder_in_use", folder=str(path.parent))
            self._files.append(file)

    def release(self) -> None:
        """Lets another server in."""
        while self._files:
            os.close(self._files.pop())


def _lock_files(settings: ServerSettings) -> list[Path]:
    try:
        url = sa.make_url(settings.database())
    except sa.exc.ArgumentError:
        return []  # the database will say what is wrong with its address
    if url.get_backend_name() != "sqlite":
        return []
    here = settings.data_dir / LOCK_FILE
    database = Path(url.database) if url.database and url.database != ":memory:" else None
    elsewhere = database is not None and database.absolute().parent != settings.data_dir.absolute()
    return [here, database.with_name(f"{database.name}.lock")] if database is not None and elsewhere else [here]


def take(connection: sa.Connection, names: Iterable[bytes]) -> None:
    """Waits until no other transaction works on any of these villages or laptops, which the end of this one frees.

    Always all of them at once, in order, so that two transactions never wait for each other. SQLite needs no turns:
    its one server has one writer.
    """
    if connection.dialect.name != "postgresql":
        return
    for number in sorted({_number(name) for name in names}):
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(number)))


def village(code: str) -> bytes:
    """The name of a village's turn."""
    return b"village " + code.encode("utf-8", "surrogatepass")


def laptop(device: bytes) -> bytes:
    """The name of a laptop's turn."""
    return b"laptop " + device


def _number(name: bytes) -> int:
    return int.from_bytes(hashlib.sha256(name).digest()[:8], "big", signed=True)
