"""What is said when disk or database stand in the way: whether it is full, in words that a laptop can show."""

from __future__ import annotations

import errno
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

from fieldapp.errors import StorageError
from fieldapp.server.refusal import Refusal

TROUBLE = (StorageError, sa.exc.OperationalError, OSError)
_COME_AGAIN_S = 60
_LEAST_ROOM_BYTES = 1 << 20
_FULL = frozenset({errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)})
_POSTGRESQL_FULL = "53100"
_DAMAGED = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})


def refusal(error: BaseException) -> Refusal:
    """The answer to a request that failed so; nothing of it was kept that is not whole."""
    return Refusal(507, "server_full" if is_full(error) else "server_storage", _COME_AGAIN_S)


@contextmanager
def told_at_start(folder: Path) -> Iterator[None]:
    """What keeps a server from starting, for whoever starts it: StorageError `server_disk_full` and others."""
    try:
        yield
    except (*TROUBLE, sa.exc.DBAPIError) as error:
        if is_full(error) or _has_no_room(folder):
            raise StorageError("server_disk_full", folder=str(folder)) from error
        if _is_damaged(error):
            raise StorageError("server_damaged") from error
        if isinstance(error, StorageError):
            raise
        raise StorageError("server_folder" if isinstance(error, OSError) else "server_database") from error


def _has_no_room(folder: Path) -> bool:
    """SQLite calls a full disk a failure of reading and writing when it cannot make its own small files."""
    try:
        return shutil.disk_usage(folder).free < _LEAST_ROOM_BYTES
    except OSError:
        return False


def _is_damaged(error: BaseException) -> bool:
    """Whether SQLite found that its file is torn, or no database at all; only the low byte names the kind of error."""
    return any((getattr(one, "sqlite_errorcode", 0) & 0xFF) in _DAMAGED for one in _chain(error))


def is_full(error: BaseException) -> bool:
    """Whether there was no room, as far as disk, database or object store tell."""
    return any(_says_full(one) for one in _chain(error))


def _says_full(error: BaseException) -> bool:
    if isinstance(error, OSError):
        return error.errno in _FULL
    if isinstance(error, sqlite3.OperationalError):
        return error.sqlite_errorcode == sqlite3.SQLITE_FULL
    told = str(error)
    return getattr(error, "sqlstate", None) == _POSTGRESQL_FULL or any(f"os error {number}" in told for number in _FULL)


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = getattr(error, "orig", None) or error.__cause__
