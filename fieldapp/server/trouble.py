"""What is said when disk or database stand in the way: whether it is full, in words that a laptop can show."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator

import sqlalchemy as sa

from fieldapp.errors import StorageError
from fieldapp.server.refusal import Refusal

TROUBLE = (StorageError, sa.exc.OperationalError, OSError)
_COME_AGAIN_S = 60
_FULL = frozenset({errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)})
_POSTGRESQL_FULL = "53100"


def refusal(error: BaseException) -> Refusal:
    """The answer to a request that failed so; nothing of it was kept that is not whole."""
    return Refusal(507, "server_full" if is_full(error) else "server_storage", _COME_AGAIN_S)


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
