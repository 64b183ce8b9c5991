"""Looks at every page of a profile, a backup or any SQLite file, and changes nothing."""

from __future__ import annotations

import shutil
import tempfile
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import sqlcipher3

from fieldapp.errors import Finding, ItemError, Severity, StorageError
from fieldapp.storage import backup, connection, faults, outside, photo_files, profile
from fieldapp.storage.blobs import BlobStore
from fieldapp.storage.connection import Connection
from fieldapp.storage.lock import ProfileLock
from fieldapp.storage.store import Store

_SQLITE_MAGIC = b"SQLite format 3\0"
_COMPANIONS = ("-wal", "-journal")
_SHOWN = 3
_NOT_AS_WRITTEN = "a page is not as it was written"
_SHORTENED = "the file is shorter than its header says, or empty"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was looked at and what is wrong with it; `kind` is profile, backup, sqlite or unknown."""

    kind: str
    rows: dict[str, int] = field(default_factory=dict)
    blobs: int = 0
    findings: tuple[Finding, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether nothing is damaged."""
        return not any(finding.severity is Severity.RED for finding in self.findings)


def verify_store(store: Store) -> Verdict:
    """Every page of the open profile's database, its counters, and every photo file."""
    return _verify_open(store.connection, store.blobs)


def verify_folder(folder: Path, pin: str | None) -> Verdict:
    """A profile that nobody has open, also one that no longer opens: which pages are damaged, which photos.

    Raises StorageError wrong_pin, profile_in_use and others that say nothing of damage; VersionError.
    """
    try:
        profile.read_marks(folder)
        damaged: tuple[Finding, ...] = ()
    except StorageError as why:
        if why.code != "profile_damaged":
            raise
        damaged = (_red(why.code),)  # the database may be whole beside it
    verdict = _verify_locked(folder, pin)
    return replace(verdict, findings=(*damaged, *(one for one in verdict.findings if one not in damaged)))


def _verify_locked(folder: Path, pin: str | None) -> Verdict:
    lock = ProfileLock(folder)
    try:
        key = profile.unlock(folder, pin)
        blobs = BlobStore(folder / profile.BLOBS, key)
        try:
            opened = profile.open_to_look(folder, key)
        except StorageError as why:
            if why.code not in ("database_damaged", "database_missing"):
                raise
            return _verify_closed(folder / profile.DATABASE, key, blobs, why)
        try:
            return _verify_open(opened, blobs)
        finally:
            opened.close()
    except StorageError as why:
        if why.code != "profile_damaged":
            raise
        return Verdict("profile", findings=(_red(why.code),))  # without its key nothing can be read
    finally:
        lock.release()


def _verify_open(opened: Connection, blobs: BlobStore) -> Verdict:
    with faults.told():
        findings = _problems(opened, encrypted=True)
        rows = _row_counts(opened) if not findings else {}
        # What a sound database says of its photos can be held against the files; a damaged one is not asked.
        wanted = {} if findings else _photos(opened)
    findings += photo_files.missing(blobs, wanted)
    return Verdict("profile", rows, len(blobs.all_hashes()), (*findings, *photo_files.damaged(blobs)))


def _verify_closed(database: Path, key: bytes, blobs: BlobStore, why: StorageError) -> Verdict:
    findings = [_red(why.code, detail=str(why.__cause__ or _SHORTENED))]
    if why.code == "database_damaged":
        findings += _page_findings(connection.damaged_pages(database, key))
    return Verdict("profile", {}, len(blobs.all_hashes()), (*findings, *photo_files.damaged(blobs)))


def verify_file(file: Path) -> Verdict:
    """A backup or a plain SQLite file, with the write-ahead log beside it when there is one.

    Raises StorageError file_missing, file_is_folder, file_unreadable, verify_disk_full.
    """
    with outside.reading(file):
        if zipfile.is_zipfile(file) or file.name.endswith(backup.SUFFIX):
            return _verify_backup(file)
        with file.open("rb") as opened:
            head = opened.read(len(_SQLITE_MAGIC))
    if head != _SQLITE_MAGIC:
        return Verdict("unknown", findings=(_red("not_a_database"),))
    with faults.full_disk_is(StorageError("verify_disk_full", folder=tempfile.gettempdir())), outside.reading(file):
        return _verify_beside(file)


def _verify_beside(file: Path) -> Verdict:
    """SQLite writes into the folder of a file that it opens (log, shared memory), so it gets a copy."""
    with tempfile.TemporaryDirectory(prefix="fieldapp-verify-") as folder:
        copy = Path(folder) / "copy.db"
        shutil.copyfile(file, copy)
        for companion in _COMPANIONS:
            beside = file.with_name(file.name + companion)
            if beside.is_file():
                shutil.copyfile(beside, copy.with_name(copy.name + companion))
        with faults.told():
            return _verify_copy(copy)


def _verify_backup(file: Path) -> Verdict:
    try:
        backup.check_file(file)
    except ItemError as error:
        return Verdict("backup", findings=(_red(error.code),))
    held = backup.contents(file)
    left = (photo_files.left_to_server(held.left_out),) if held.left_out else ()
    return Verdict("backup", blobs=held.photos, findings=left)


def _verify_copy(copy: Path) -> Verdict:
    opened = sqlcipher3.connect(str(copy), isolation_level=None)
    try:
        findings = _problems(opened, encrypted=False)
        rows = _row_counts(opened) if not findings else {}
    except sqlcipher3.DatabaseError as error:
        return Verdict("sqlite", findings=(_red("database_damaged", detail=str(error)),))
    finally:
        opened.close()
    return Verdict("sqlite", rows, 0, tuple(findings))


def _problems(opened: Connection, *, encrypted: bool) -> list[Finding]:
    try:
        told = [str(row[0]) for row in opened.execute(f"PRAGMA integrity_check({_SHOWN})")]
    except sqlcipher3.DatabaseError as error:
        told = [str(error)]
    problems = [problem.replace("\n", " ") for problem in told if problem != "ok"]
    pages = _page_findings(connection.pages_not_as_written(opened) if encrypted else [])
    if pages and not problems:
        problems = [_NOT_AS_WRITTEN]
    return [_red("database_damaged", detail=problem) for problem in problems[:_SHOWN]] + pages


def _page_findings(pages: Sequence[str]) -> list[Finding]:
    if not pages:
        return []
    shown = ", ".join(pages[:_SHOWN]) + (", ..." if len(pages) > _SHOWN else "")
    return [_red("database_pages_damaged", n=len(pages), pages=shown)]


def _row_counts(opened: Connection) -> dict[str, int]:
    names = opened.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' "
        "AND coalesce(sql, '') NOT LIKE 'CREATE VIRTUAL%' ORDER BY name"
    ).fetchall()
    quoted = [(name, '"' + name.replace('"', '""') + '"') for (name,) in names]
    return {name: opened.execute(f"SELECT count(*) FROM {safe}").fetchone()[0] for name, safe in quoted}


def _photos(opened: Connection) -> dict[bytes, str]:
    """Every photo file that this laptop made or has fetched, with how far its transfer has come."""
    sql = "SELECT sha256, state FROM transfer WHERE direction = 'up' OR state = 'confirmed'"
    return dict(opened.execute(sql).fetchall())


def _red(code: str, **params: object) -> Finding:
    return Finding(code, Severity.RED, params=dict(params))
