"""The one place that opens the encrypted database: key, pragmas, refusal of newer and damaged files."""

from __future__ import annotations

import logging
import re
import shutil
from pathlib import Path
from typing import Any

import sqlcipher3

from fieldapp.errors import StorageError, VersionError
from fieldapp.storage import faults

Connection = Any  # sqlcipher3.Connection; the package ships no types

_LOG = logging.getLogger(__name__)
APPLICATION_ID = 0x46415050  # "FAPP"
_BUSY_MS = 10_000
# For each empty value or run of bytes the module asks for an adapter, and finding none costs 1-2 us: most of what a
# row of thirty columns took. Adapters that give the value back, found at once, make saves and pulls quicker by half.
sqlcipher3.register_adapter(type(None), {}.get)
sqlcipher3.register_adapter(bytes, bytes)

_LOG_BYTES, _PIECE_BYTES = 4_194_304, 262_144  # SQLite begins the log anew after a thousand pages of 4 KiB
_ROOM_BYTES = 67_108_864  # with less than that left the disk has better uses
_PRAGMAS = (
    "cipher_log_level = NONE",
    "synchronous = FULL",
    "foreign_keys = ON",
    "recursive_triggers = ON",
    f"busy_timeout = {_BUSY_MS}",
    "cache_size = -16000",
    "temp_store = MEMORY",
    "journal_size_limit = 16777216",
)


def connect(path: Path, key: bytes, *, create: bool = False) -> Connection:
    """An open connection in manual transaction mode; usable from one thread at a time, whichever it is.

    Raises StorageError for a database that is missing, damaged or not writable.
    """
    if not create and not path.is_file():
        raise StorageError("database_missing")
    if not create and path.stat().st_size == 0:
        raise StorageError("database_damaged")  # SQLite takes an empty file for a new database
    with faults.told():
        connection = sqlcipher3.connect(str(path), isolation_level=None, check_same_thread=False, cached_statements=512)
        try:
            connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
            for pragma in _PRAGMAS:
                connection.execute(f"PRAGMA {pragma}")
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlcipher3.Error:
            connection.close()
            raise
    return connection


def grow_log(connection: Connection, path: Path) -> None:
    """Makes the write-ahead log as long as it will get before the day's first save.

    A commit into a log that still grows also writes the file's new length: the first hundreds of saves took a quarter
    longer by it. Pages that spill out of a transaction lengthen the log; undone, it leaves the database as it was.
    """
    log = path.with_name(path.name + "-wal")
    if (log.exists() and log.stat().st_size >= _LOG_BYTES) or shutil.disk_usage(path.parent).free < _ROOM_BYTES:
        return
    kept = int(connection.execute("PRAGMA cache_size").fetchone()[0])
    connection.execute("PRAGMA cache_size = 20")
    try:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("CREATE TABLE log_length (bytes)")
        for _ in range(_LOG_BYTES // _PIECE_BYTES):
            connection.execute("INSERT INTO log_length VALUES (zeroblob(?))", (_PIECE_BYTES,))
    except sqlcipher3.Error as error:  # a quota, say: slower saves are no reason to open nothing
        _LOG.warning("the write-ahead log stays short: %s", error)
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        connection.execute(f"PRAGMA cache_size = {kept}")


def copy_database(source: Connection, key: bytes, target: Path) -> None:
    """A checked copy of the database under the same key, made while it is in use, in one file.

    Raises StorageError `database_damaged` when the copy is not whole; the caller takes it away then.
    """
    with faults.told():
        copy = connect(target, key, create=True)
        try:
            source.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")
            problems = [row[0] for row in copy.execute("PRAGMA quick_check")]
        finally:
            copy.close()
    if problems != ["ok"]:
        raise StorageError("database_damaged")


def pages_not_as_written(connection: Connection) -> list[str]:
    """The numbers of the pages that SQLCipher finds not as they were written: a wrong checksum, or cut off."""
    try:
        told = [str(row[0]) for row in connection.execute("PRAGMA cipher_integrity_check")]
    except sqlcipher3.DatabaseError:
        return ["1"]  # without the first page no other can be read
    return [found[1] for line in told if (found := re.search(r"page (\d+)", line))]


def damaged_pages(path: Path, key: bytes) -> list[str]:
    """`pages_not_as_written` of a database that cannot be opened, for instance because its list of tables is gone."""
    connection = sqlcipher3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None)
    try:
        connection.execute("PRAGMA cipher_log_level = NONE")
        connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        return pages_not_as_written(connection)
    finally:
        connection.close()


def check_version(connection: Connection, newest: int) -> int:
    """The schema version of the file. Raises VersionError `newer_database` when this program is too old for it."""
    with faults.told():
        found: int = connection.execute("PRAGMA user_version").fetchone()[0]
    if found > newest:
        raise VersionError("newer_database", found=found, known=newest)
    return found


def check_whole(connection: Connection, path: Path) -> None:
    """Cheap signs of damage, fit for every start: a file shorter than its header says. `verify` looks at every page."""
    with faults.told():
        pages = int(connection.execute("PRAGMA page_count").fetchone()[0])
        page_bytes = int(connection.execute("PRAGMA page_size").fetchone()[0])  # SQLCipher answers with text
        size = path.stat().st_size
        log = path.with_name(path.name + "-wal")
        log_bytes = log.stat().st_size if log.exists() else 0
    # Pages that only the write-ahead log holds yet are missing from the file rightly.
    if log_bytes == 0 and size < pages * page_bytes:
        raise StorageError("database_damaged")
