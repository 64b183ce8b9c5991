"""Looks at every page of a profile, a backup or any SQLite file, and changes nothing."""

from __future__ import annotations

import shutil
import tempfile
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

import sqlcipher3

from fieldapp.errors import Finding, Severity, StorageError
from fieldapp.storage import backup, faults
from fieldapp.storage.connection import Connection
from fieldapp.storage.store import Store

_SQLITE_MAGIC = b"SQLite format 3\0"
_COMPANIONS = ("-wal", "-journal")
_SHOWN = 3


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
    with faults.told():
        findings = _problems(store.connection)
        rows = _row_counts(store.connection) if not findings else {}
    hashes = store.blobs.all_hashes()
    findings += [_red("blob_damaged", name=sha256.hex()[:12]) for sha256 in hashes if _damaged(store, sha256)]
    held = set(hashes)
    if not findings:
        wanted = store.rows("SELECT sha256 FROM transfer WHERE direction = 'up' AND state <> 'confirmed'")
        findings += [_red("blob_missing", name=row[0].hex()[:12]) for row in wanted if row[0] not in held]
    return Verdict("profile", rows, len(hashes), tuple(findings))


def verify_file(file: Path) -> Verdict:
    """A backup or a plain SQLite file, with the write-ahead log beside it when there is one.

    Raises StorageError file_missing, disk_full.
    """
    if not file.is_file():
        raise StorageError("file_missing", name=file.name)
    if zipfile.is_zipfile(file) or file.name.endswith(backup.SUFFIX):
        return _verify_backup(file)
    with faults.told(), file.open("rb") as opened:
        head = opened.read(len(_SQLITE_MAGIC))
    if head != _SQLITE_MAGIC:
        return Verdict("unknown", findings=(_red("not_a_database"),))
    # SQLite writes into the folder of a file that it opens (log, shared memory), so it gets a copy.
    with tempfile.TemporaryDirectory(prefix="fieldapp-verify-") as folder, faults.told():
        copy = Path(folder) / "copy.db"
        shutil.copyfile(file, copy)
        for companion in _COMPANIONS:
            beside = file.with_name(file.name + companion)
            if beside.is_file():
                shutil.copyfile(beside, copy.with_name(copy.name + companion))
        return _verify_copy(copy)


def _verify_backup(file: Path) -> Verdict:
    try:
        manifest = backup.check_file(file)
    except StorageError as error:
        if error.code != "backup_damaged":
            raise
        return Verdict("backup", findings=(_red("backup_damaged"),))
    return Verdict("backup", blobs=sum(name.startswith("blobs/") for name in manifest["files"]))


def _verify_copy(copy: Path) -> Verdict:
    opened = sqlcipher3.connect(str(copy), isolation_level=None)
    try:
        findings = _problems(opened)
        rows = _row_counts(opened) if not findings else {}
    except sqlcipher3.DatabaseError as error:
        return Verdict("sqlite", findings=(_red("database_damaged", detail=str(error)),))
    finally:
        opened.close()
    return Verdict("sqlite", rows, 0, tuple(findings))


def _problems(opened: Connection) -> list[Finding]:
    try:
        told = [str(row[0]) for row in opened.execute(f"PRAGMA integrity_check({_SHOWN})")]
        keyed = [str(row[0]) for row in opened.execute("PRAGMA cipher_integrity_check")] if _encrypted(opened) else []
    except sqlcipher3.DatabaseError as error:
        return [_red("database_damaged", detail=str(error))]
    problems = [problem.replace("\n", " ") for problem in (*told, *keyed[:_SHOWN]) if problem != "ok"]
    return [_red("database_damaged", detail=problem) for problem in problems[:_SHOWN]]


def _encrypted(opened: Connection) -> bool:
    path = Path(opened.execute("PRAGMA database_list").fetchone()[2])
    with path.open("rb") as file:
        return file.read(len(_SQLITE_MAGIC)) != _SQLITE_MAGIC


def _row_counts(opened: Connection) -> dict[str, int]:
    names = opened.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' "
        "AND coalesce(sql, '') NOT LIKE 'CREATE VIRTUAL%' ORDER BY name"
    ).fetchall()
    quoted = [(name, '"' + name.replace('"', '""') + '"') for (name,) in names]
    return {name: opened.execute(f"SELECT count(*) FROM {safe}").fetchone()[0] for name, safe in quoted}


def _damaged(store: Store, sha256: bytes) -> bool:
    try:
        store.blobs.get(sha256)
    except StorageError as error:
        if error.code != "blob_damaged":
            raise
        return True
    return False


def _red(code: str, **params: object) -> Finding:
    return Finding(code, Severity.RED, params=dict(params))


def damaged_profile(code: str) -> Verdict:
    """The verdict on a profile that does not even open; `code` is the error's."""
    return Verdict("profile", findings=(_red(code, detail=code),))
