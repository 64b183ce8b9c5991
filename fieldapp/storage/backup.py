"""Backups: one file, encrypted like the profile, made while it is in use, checked before it gets its name.

The file is a ZIP without compression: manifest.json (hashes), profile.json, keys.json, data.db and, when
asked for, blobs. Users never copy the live database (its newest part lies in the write-ahead log).
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import secrets
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from fieldapp.errors import StorageError
from fieldapp.storage import connection, faults, files, profile
from fieldapp.storage.store import Store

SUFFIX = ".fieldapp-backup"
MANIFEST = "manifest.json"
_FORMAT = 1
_PIECE_BYTES = 1 << 20
_NAMES = re.compile(r"(profile\.json|keys\.json|data\.db|blobs/[0-9a-f]{2}/[0-9a-f]{64})")
_ZIP_HEAD, _ZIP_END, _ZIP_END_BYTES = b"PK\x03\x04", b"PK\x05\x06", 22
_NEEDED = {profile.PROFILE_FILE, profile.KEYS_FILE, profile.DATABASE}


def backup(store: Store, out: Path, *, photos: bool = False) -> Path:
    """Writes a checked backup to `out`, which must not exist yet; other work on the profile goes on meanwhile.

    In a folder that is there the backup gets a name of its own: laptop, day and time, no name of a person.
    """
    if out.is_dir():
        out = out / _name(store)
    if out.exists():
        raise StorageError("file_exists", name=out.name)
    temporary = out.with_name(f"{out.name}.{secrets.token_hex(4)}{files.TEMPORARY}")
    copy = store.folder / profile.BACKUPS / f"{secrets.token_hex(8)}.db"
    with faults.told():
        try:
            copy.parent.mkdir(exist_ok=True)
            connection.copy_database(store.connection, store.key, copy)
            _write(store, temporary, copy, photos=photos)
            check_file(temporary)
            os.replace(temporary, out)
            files.sync_folder(out.absolute().parent)
        finally:
            temporary.unlink(missing_ok=True)
            for leftover in copy.parent.glob(copy.name + "*"):
                leftover.unlink()
    return out


def _name(store: Store) -> str:
    """A name that sorts by time and says nothing of people."""
    kind = "practice-" if store.practice else ""
    return f"fieldapp-{kind}{store.tag}-{time.strftime('%Y-%m-%d-%H%M%S')}{SUFFIX}"


def restore(file: Path, folder: Path) -> None:
    """Makes a profile in `folder` from a backup; never writes over a profile. It goes on as a new laptop."""
    if profile.is_profile(folder):
        raise StorageError("profile_exists")
    check_file(file)
    with faults.told(), zipfile.ZipFile(file) as archive:
        folder.mkdir(parents=True, exist_ok=True)
        for part in (profile.BLOBS, profile.BACKUPS):
            (folder / part).mkdir(exist_ok=True)
        names = [name for name in archive.namelist() if name not in (MANIFEST, profile.PROFILE_FILE)]
        for name in names:
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            files.write_whole(target, _pieces(archive, name))
        for leftover in ("-wal", "-shm"):
            (folder / (profile.DATABASE + leftover)).unlink(missing_ok=True)
        marks = json.loads(archive.read(profile.PROFILE_FILE))
        # Written last: a folder is a profile when everything else in it is whole.
        files.write_whole(
            folder / profile.PROFILE_FILE, (json.dumps({**marks, "restored": True}, indent=1).encode("utf-8"),)
        )


def check_file(file: Path) -> dict[str, Any]:
    """The manifest of a backup whose every part is what it was. Raises StorageError `backup_damaged`."""
    if not file.is_file():
        raise StorageError("file_missing", name=file.name)
    try:
        _check_ends(file)
        with faults.told(), zipfile.ZipFile(file) as archive:
            manifest = json.loads(archive.read(MANIFEST))
            expected: dict[str, str] = manifest["files"]
            names = set(archive.namelist()) - {MANIFEST}
            if names != set(expected) or not names >= _NEEDED or not all(map(_NAMES.fullmatch, names)):
                raise StorageError("backup_damaged")
            for name, wanted in expected.items():
                digest = hashlib.sha256()
                for piece in _pieces(archive, name):
                    digest.update(piece)
                if digest.hexdigest() != wanted:
                    raise StorageError("backup_damaged")
    except (zipfile.BadZipFile, KeyError, ValueError, EOFError, NotImplementedError, RuntimeError):
        raise StorageError("backup_damaged") from None
    return dict(manifest)


def _check_ends(file: Path) -> None:
    """A ZIP reader forgives what somebody put before or behind the archive; a backup is whole or it is not."""
    with faults.told(), file.open("rb") as source:
        head = source.read(len(_ZIP_HEAD))
        source.seek(-min(_ZIP_END_BYTES, file.stat().st_size), os.SEEK_END)
        if head != _ZIP_HEAD or source.read(len(_ZIP_END)) != _ZIP_END:
            raise StorageError("backup_damaged")


def _pieces(archive: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    with archive.open(name) as member:
        while piece := member.read(_PIECE_BYTES):
            yield piece


def _write(store: Store, out: Path, copy: Path, *, photos: bool) -> None:
    members = [
        (profile.KEYS_FILE, store.folder / profile.KEYS_FILE),
        (profile.DATABASE, copy),
        (profile.PROFILE_FILE, store.folder / profile.PROFILE_FILE),
    ]
    if photos:
        blobs = store.blobs.folder
        members += [(f"blobs/{path.parent.name}/{path.name}", path) for path in sorted(blobs.glob("??/" + "?" * 64))]
    hashes = {}
    with out.open("wb") as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
            for name, path in members:
                with path.open("rb") as source:
                    hashes[name] = hashlib.file_digest(source, "sha256").hexdigest()
                archive.write(path, name)
            manifest = {"format": _FORMAT, "made_ms": time.time_ns() // 10**6, "files": hashes}
            archive.writestr(MANIFEST, json.dumps(manifest, indent=1))
        file.flush()
        os.fsync(file.fileno())
