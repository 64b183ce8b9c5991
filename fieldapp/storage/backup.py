"""Backups: one file, encrypted like the profile, made while it is in use, checked before it gets its name.

The file is a ZIP without compression: manifest.json (hashes), profile.json, keys.json, data.db and blobs: every
photo file that is nowhere else, or, when asked for, all. Users never copy the live database (its newest part lies in
the write-ahead log).
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import re
import secrets
import time
import zipfile
import zlib
from collections.abc import Collection, Generator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from fieldapp.errors import ItemError, StorageError
from fieldapp.storage import connection, faults, files, outside, photo_files, profile
from fieldapp.storage.aside import made_aside, refuse_foreign
from fieldapp.storage.store import Store

SUFFIX = ".fieldapp-backup"
MANIFEST = "manifest.json"
_FORMAT = 1
_PIECE_BYTES = 1 << 20
_NAMES = re.compile(r"(profile\.json|keys\.json|data\.db|blobs/[0-9a-f]{2}/[0-9a-f]{64})")
_ZIP_HEAD, _ZIP_END, _ZIP_END_BYTES = b"PK\x03\x04", b"PK\x05\x06", 22
_NEEDED = {profile.PROFILE_FILE, profile.KEYS_FILE, profile.DATABASE}
_ASIDE = "restore.making"


@dataclass(frozen=True, slots=True)
class Contents:
    """The photo files that a backup holds, those it left to the server, and those that nobody could give it."""

    photos: int
    photo_bytes: int
    left_out: int
    left_out_bytes: int
    missing: int


def backup(store: Store, out: Path, *, photos: bool = False) -> Path:
    """Writes a checked backup to `out`, which must not exist yet; other work on the profile goes on meanwhile.

    In a folder that is there the backup gets a name of its own: laptop, day and time, no name of a person.
    Photo files whose receipt of the server is held are left out, except thumbnails, unless `photos` asks for all.
    Raises StorageError file_exists, backup_disk_full and others.
    """
    if out.is_dir():
        out = out / _name(store)
    if out.exists():
        raise StorageError("file_exists", name=out.name)
    temporary = out.with_name(f"{out.name}.{secrets.token_hex(4)}{files.TEMPORARY}")
    with faults.full_disk_is(StorageError("backup_disk_full")), faults.told():
        try:
            before = photo_files.on_server(store)
            with _copied(store, out.absolute().parent) as copy:
                # what was confirmed before and after the copy is confirmed in it
                spared = set() if photos else before & photo_files.on_server(store)
                _write(store, temporary, copy, spared)
            check_file(temporary)
            os.replace(temporary, out)
            files.sync_folder(out.absolute().parent)
        finally:
            temporary.unlink(missing_ok=True)
    return out


@contextmanager
def _copied(store: Store, beside: Path) -> Generator[Path, None, None]:
    """A copy of the database, taken away afterwards; where the backup goes when the profile's own disk is full."""
    name = f"{secrets.token_hex(8)}.db{files.TEMPORARY}"
    places = [store.folder / profile.BACKUPS / name, beside / name]
    try:
        places[0].parent.mkdir(exist_ok=True)
        try:
            copy = places[0]
            connection.copy_database(store.connection, store.key, copy)
        except StorageError as error:
            if error.code not in ("disk_full", "disk_failed"):
                raise
            _take_away(copy)
            copy = places[1]
            connection.copy_database(store.connection, store.key, copy)
        yield copy
    finally:
        for place in places:
            _take_away(place)


def _take_away(copy: Path) -> None:
    for part in copy.parent.glob(copy.name + "*"):
        part.unlink()


def _name(store: Store) -> str:
    """A name that sorts by time and says nothing of people."""
    kind = "practice-" if store.practice else ""
    return f"fieldapp-{kind}{store.tag}-{time.strftime('%Y-%m-%d-%H%M%S')}{SUFFIX}"


def restore(file: Path, folder: Path) -> Contents:
    """Makes a profile in `folder` from a backup; never writes over anything. It goes on as a new laptop.

    Raises StorageError profile_exists, folder_not_empty, file_missing, restore_disk_full and others; ItemError
    backup_damaged, not_a_backup. A restore that fails leaves nothing behind.
    """
    if profile.is_profile(folder):
        raise StorageError("profile_exists")
    refuse_foreign(folder, _ASIDE)
    manifest = check_file(file)
    megabytes = f"{file.stat().st_size / 1e6:.0f}"
    with (
        faults.full_disk_is(StorageError("restore_disk_full", megabytes=megabytes)),
        made_aside(folder, _ASIDE) as aside,
    ):
        _unpack(file, aside)
    return _told(manifest)


def _unpack(file: Path, folder: Path) -> None:
    with faults.told(), zipfile.ZipFile(file) as archive:
        for part in (profile.BLOBS, profile.BACKUPS):
            (folder / part).mkdir()
        names = [name for name in archive.namelist() if name not in (MANIFEST, profile.PROFILE_FILE)]
        for name in names:
            target = folder / name
            target.parent.mkdir(exist_ok=True)
            with closing(_pieces(archive, name)) as pieces:  # a full disk ends in the middle of them
                files.write_whole(target, pieces)
        marks = json.loads(archive.read(profile.PROFILE_FILE))
        files.write_whole(
            folder / profile.PROFILE_FILE, (json.dumps({**marks, "restored": True}, indent=1).encode("utf-8"),)
        )


def contents(file: Path) -> Contents:
    """What a backup that has been checked holds."""
    with faults.told(), zipfile.ZipFile(file) as archive:
        return _told(json.loads(archive.read(MANIFEST)))


def _told(manifest: Mapping[str, Any]) -> Contents:
    """An earlier backup says nothing of what it left out."""
    photos = sum(name.startswith("blobs/") for name in manifest["files"])
    names = ("photo_bytes", "left_out", "left_out_bytes", "missing")
    return Contents(photos, *(int(manifest.get(name, 0)) for name in names))


def check_file(file: Path) -> dict[str, Any]:
    """The manifest of a backup whose every part is what it was.

    Raises ItemError `backup_damaged`, or `not_a_backup` for a file that neither is called one nor begins as one.
    """
    with outside.reading(file):
        try:
            _check_ends(file)
            with zipfile.ZipFile(file) as archive:
                return _checked(archive)
        except (zipfile.BadZipFile, zlib.error, KeyError, ValueError, EOFError, NotImplementedError, RuntimeError):
            raise ItemError("backup_damaged") from None
        except OSError as error:
            if error.errno != errno.EINVAL:
                raise
            raise ItemError("backup_damaged") from None  # a piece is missing: the list lies before byte 0


def _checked(archive: zipfile.ZipFile) -> dict[str, Any]:
    manifest = json.loads(archive.read(MANIFEST))
    if not isinstance(manifest, dict) or not isinstance(manifest.get("files"), dict):
        raise ItemError("backup_damaged")
    expected: dict[str, str] = manifest["files"]
    names = set(archive.namelist()) - {MANIFEST}
    if names != set(expected) or not names >= _NEEDED or not all(map(_NAMES.fullmatch, names)):
        raise ItemError("backup_damaged")
    for name, wanted in expected.items():
        digest = hashlib.sha256()
        for piece in _pieces(archive, name):
            digest.update(piece)
        if digest.hexdigest() != wanted:
            raise ItemError("backup_damaged")
    return manifest


def _check_ends(file: Path) -> None:
    """A ZIP reader forgives what somebody put before or behind the archive; a backup is whole or it is not."""
    with file.open("rb") as source:
        head = source.read(len(_ZIP_HEAD))
        source.seek(-min(_ZIP_END_BYTES, file.stat().st_size), os.SEEK_END)
        if head != _ZIP_HEAD and not file.name.endswith(SUFFIX):
            raise ItemError("not_a_backup")
        if head != _ZIP_HEAD or source.read(len(_ZIP_END)) != _ZIP_END:
            raise ItemError("backup_damaged")


def _pieces(archive: zipfile.ZipFile, name: str) -> Generator[bytes, None, None]:
    with archive.open(name) as member:
        while piece := member.read(_PIECE_BYTES):
            yield piece


def _write(store: Store, out: Path, copy: Path, spared: Collection[bytes]) -> None:
    """Writes the file; the photo files `spared` are counted and left out."""
    held = store.blobs.all_hashes()
    taken = [sha256 for sha256 in held if sha256 not in spared]
    left = [sha256 for sha256 in held if sha256 in spared]
    about = {
        "format": _FORMAT,
        "made_ms": time.time_ns() // 10**6,
        "photo_bytes": sum(map(store.blobs.size, taken)),
        "left_out": len(left),
        "left_out_bytes": sum(map(store.blobs.size, left)),
        "missing": len(photo_files.only_here(store).difference(held)),
    }
    members = [(name, store.folder / name) for name in (profile.KEYS_FILE, profile.PROFILE_FILE)]
    members.append((profile.DATABASE, copy))
    members += [(f"blobs/{name[:2]}/{name}", store.blobs.folder / name[:2] / name) for name in map(bytes.hex, taken)]
    with out.open("wb") as file:
        _pack(file, members, about)
        file.flush()
        os.fsync(file.fileno())


def _pack(file: BinaryIO, members: list[tuple[str, Path]], about: dict[str, Any]) -> None:
    hashes = {}
    # a laptop whose clock stands before 1980 gets its backup too
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED, strict_timestamps=False) as archive:
        for name, path in members:
            with path.open("rb") as source:
                hashes[name] = hashlib.file_digest(source, "sha256").hexdigest()
            archive.write(path, name)
        archive.writestr(zipfile.ZipInfo(MANIFEST), json.dumps({**about, "files": hashes}, indent=1))
