"""Foreign exceptions of disk and database, translated once, at the border, into errors a person can act on."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType

import sqlcipher3

from fieldapp.errors import FieldappError, StorageError

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_READ_ONLY = {errno.EROFS, errno.EACCES, errno.EPERM}
_NO_SUCH_PLACE = {errno.ENOENT, errno.ENOTDIR, errno.EEXIST, errno.EISDIR, errno.ENAMETOOLONG, errno.EINVAL}
_BY_SQLITE = {
    sqlcipher3.SQLITE_FULL: "disk_full",
    sqlcipher3.SQLITE_READONLY: "folder_read_only",
    sqlcipher3.SQLITE_CANTOPEN: "folder_read_only",
    sqlcipher3.SQLITE_PERM: "folder_read_only",
    sqlcipher3.SQLITE_CORRUPT: "database_damaged",
    sqlcipher3.SQLITE_NOTADB: "database_damaged",
    sqlcipher3.SQLITE_IOERR: "disk_failed",
    sqlcipher3.SQLITE_BUSY: "database_busy",
    sqlcipher3.SQLITE_LOCKED: "database_busy",
}


def from_os(error: OSError) -> StorageError:
    """What the operating system's refusal means for the person."""
    if error.errno in _FULL:
        return StorageError("disk_full")
    if error.errno in _READ_ONLY:
        return StorageError("folder_read_only")
    if error.errno in _NO_SUCH_PLACE:
        return StorageError("folder_missing")
    return StorageError("disk_failed")


def from_sqlite(error: sqlcipher3.Error) -> FieldappError | None:
    """What the database's refusal means for the person; None when it is a mistake of ours."""
    primary = (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF
    code = _BY_SQLITE.get(primary)
    return StorageError(code) if code else None


class told:
    """Everything inside that fails because of disk or database fails with a StorageError.

    A class and no generator: it stands around every save, and costs a third of one.
    """

    def __enter__(self) -> None:
        return None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if isinstance(error, sqlcipher3.Error):
            translated = from_sqlite(error)
            if translated is not None:
                raise translated from error
        elif isinstance(error, OSError):
            raise from_os(error) from error


@contextmanager
def full_disk_is(named: StorageError) -> Iterator[None]:
    """A full disk as this work tells it: what to do now is another thing for a backup than for a typed value."""
    try:
        yield
    except StorageError as error:
        if error.code != "disk_full":
            raise
        raise named from error
