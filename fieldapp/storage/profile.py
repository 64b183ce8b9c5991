"""A profile folder: one person's work on one laptop, encrypted from its first byte.

profile.json   format and marks, no personal data          data.db   the database
keys.json      the database key, wrapped                   blobs/    photo files
profile.lock   one program at a time                       backups/  made before a migration and on demand
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import sys
import time
from pathlib import Path
from typing import Any

from fieldapp.domain.ids import DeviceId
from fieldapp.domain.sinks import Estimator
from fieldapp.errors import StorageError, VersionError
from fieldapp.storage import (
    connection,
    faults,
    files,
    keys,
    methodology,
    migrations,
    renumbering,
    retrying,
    settling,
    whereabouts,
)
from fieldapp.storage.blobs import BlobStore
from fieldapp.storage.lock import ProfileLock
from fieldapp.storage.methods import Methods
from fieldapp.storage.store import Store

FORMAT = 1
_ROOM_BYTES = 1 << 20  # less than this is a full disk
PROFILE_FILE, KEYS_FILE, DATABASE, BLOBS, BACKUPS = "profile.json", "keys.json", "data.db", "blobs", "backups"


def default_folder() -> Path:
    """Where a person's profile lies when no folder is named."""
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    else:
        base = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
    return base / "fieldapp" / "default"


def is_profile(folder: Path) -> bool:
    """Whether the folder holds a profile."""
    return (folder / PROFILE_FILE).is_file()


def create(
    folder: Path, *, person: str, pin: str | None, office_key: bytes | None = None, practice: bool = False
) -> None:
    """Makes a profile; without a PIN it must be a practice profile. Never writes over one that is there.

    What lies in the folder of a profile without its marks, or of a creation that was cut off, moves into a folder
    `found-...` beside it: with its `profile.json` put back it can be opened again.
    """
    if is_profile(folder):
        raise StorageError("profile_exists")
    if not practice and not pin:
        raise StorageError("pin_missing")
    key = keys.new_key()
    wraps = [keys.wrap_for_pin(key, pin) if pin else keys.wrap_for_practice(key)]
    if office_key is not None:
        wraps.append(keys.wrap_for_office(key, office_key))
    with faults.told():
        _set_aside(folder)
        for part in (folder, folder / BLOBS, folder / BACKUPS):
            part.mkdir(parents=True, exist_ok=True)
        files.keep_private(folder)
    _write_json(folder / KEYS_FILE, {"format": FORMAT, "wraps": wraps})
    _fill(folder / DATABASE, key, person, practice)
    # Written last: a folder is a profile when everything else in it is whole.
    _write_json(folder / PROFILE_FILE, {"format": FORMAT, "practice": practice, "created_ms": time.time_ns() // 10**6})


def _set_aside(folder: Path) -> None:
    parts = [folder / name for name in (KEYS_FILE, DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm", BLOBS)]
    found = [part for part in parts if part.is_file() or (part.is_dir() and any(part.iterdir()))]
    if found:
        place = folder / f"found-{secrets.token_hex(4)}"
        place.mkdir()
        for part in found:
            os.replace(part, place / part.name)


def open_store(folder: Path, *, pin: str | None, estimator: Estimator) -> Store:
    """Opens a profile, which goes on with the methodology that it keeps; `estimator` is what the program brings.

    Raises StorageError no_profile, wrong_pin, profile_in_use, database_damaged, disk_full, folder_read_only;
    VersionError newer_database.
    """
    marks = read_marks(folder)
    key = unlock(folder, pin)
    lock = ProfileLock(folder)
    try:
        opened = _open_database(folder, key)
        blobs = BlobStore(folder / BLOBS, key)
        store = Store(opened, folder=folder, key=key, lock=lock, methods=Methods(estimator), blobs=blobs)
    except BaseException:
        lock.release()
        raise
    try:
        if marks.get("restored") or whereabouts.copied(store):
            _become_new_device(store, marks)
        renumbering.settle(store, _new_device())
        whereabouts.note(store)
        settling.catch_up(store)
        methodology.settle(store)
        retrying.retry_once(store)
        connection.grow_log(opened, folder / DATABASE)
    except BaseException:
        store.close()
        raise
    return store


def unlock(folder: Path, pin: str | None) -> bytes:
    """The database key, by the PIN. Raises StorageError no_profile, profile_damaged, wrong_pin."""
    return keys.unwrap(_wraps(folder), pin)


def open_to_look(folder: Path, key: bytes) -> connection.Connection:
    """The database of a profile as it is, older schemas too; for looking at it only.

    Raises StorageError database_damaged, database_missing, opening_disk_full; VersionError newer_database.
    """
    opened = _connect(folder, key)
    try:
        connection.check_whole(opened, folder / DATABASE)
        if connection.check_version(opened, migrations.NEWEST) == 0:
            raise StorageError("database_damaged")  # a profile's database was never without a schema
    except BaseException:
        opened.close()
        raise
    return opened


def _connect(folder: Path, key: bytes) -> connection.Connection:
    """SQLite needs some room to begin, and calls a disk without any a failing one."""
    try:
        return connection.connect(folder / DATABASE, key)
    except StorageError as error:
        if error.code == "disk_failed" and shutil.disk_usage(folder).free < _ROOM_BYTES:
            raise StorageError("opening_disk_full") from error
        raise


def _open_database(folder: Path, key: bytes) -> connection.Connection:
    opened = open_to_look(folder, key)
    try:
        migrations.keep_before(opened, key, folder / BACKUPS)
        migrations.migrate(opened)
    except BaseException:
        opened.close()
        raise
    return opened


def change_pin(folder: Path, *, pin: str | None, new_pin: str) -> None:
    """Wraps the key for a new PIN; the database itself stays as it is."""
    _rewrap(folder, keys.unwrap(_wraps(folder), pin), new_pin)


def recover_with_office_key(folder: Path, *, office_private_key: bytes, new_pin: str) -> None:
    """Gives the profile a new PIN by the office's private recovery key (32 bytes, X25519)."""
    _rewrap(folder, keys.recover(_wraps(folder), office_private_key), new_pin)


def needs_pin(folder: Path) -> bool:
    """Whether opening the profile takes a PIN."""
    return not any(wrap["kind"] == "practice" for wrap in _wraps(folder))


def office_can_open(folder: Path) -> bool:
    """Whether the office's recovery key opens the profile when its PIN is forgotten."""
    return any(wrap["kind"] == "office" for wrap in _wraps(folder))


def read_marks(folder: Path) -> dict[str, Any]:
    """The content of profile.json. Raises StorageError no_profile or profile_damaged, VersionError."""
    if not is_profile(folder):
        raise StorageError("no_profile")
    return _read_json(folder / PROFILE_FILE)


def _wraps(folder: Path) -> list[keys.Wrap]:
    if not is_profile(folder):
        raise StorageError("no_profile")
    wraps = _read_json(folder / KEYS_FILE).get("wraps")
    if not (isinstance(wraps, list) and wraps and all(isinstance(w, dict) and "kind" in w for w in wraps)):
        raise StorageError("profile_damaged")
    return wraps


def _rewrap(folder: Path, key: bytes, new_pin: str) -> None:
    kept = [wrap for wrap in _wraps(folder) if wrap["kind"] == "office"]
    _write_json(folder / KEYS_FILE, {"format": FORMAT, "wraps": [keys.wrap_for_pin(key, new_pin), *kept]})


def _fill(database: Path, key: bytes, person: str, practice: bool) -> None:
    opened = connection.connect(database, key, create=True)
    try:
        migrations.migrate(opened)
        with faults.told():
            opened.execute("BEGIN IMMEDIATE")
            opened.execute("INSERT INTO device (no, id, own) VALUES (1, ?, 1)", (_new_device(),))
            settings = (("person", person), ("practice", "1" if practice else ""), ("device_no", "1"))
            opened.executemany("INSERT INTO local (key, value) VALUES (?, ?)", settings)
            opened.execute("COMMIT")
    finally:
        opened.close()


def _new_device() -> DeviceId:
    return DeviceId(os.urandom(16))


def _become_new_device(store: Store, marks: dict[str, Any]) -> None:
    """A copy, restored or made by hand, must not number on where its original may still be writing."""
    store.replace_device(_new_device())
    whereabouts.note(store)
    if "restored" in marks:
        _write_json(store.folder / PROFILE_FILE, {name: value for name, value in marks.items() if name != "restored"})


def _read_json(path: Path) -> dict[str, Any]:
    """One of the two small files. Raises StorageError `profile_damaged`, VersionError `newer_database`."""
    try:
        read = json.loads(path.read_text("utf-8"))
    except (ValueError, RecursionError, FileNotFoundError):
        raise StorageError("profile_damaged") from None
    except OSError as error:
        raise faults.from_os(error) from error
    found = read.get("format", 0) if isinstance(read, dict) else None
    if not isinstance(found, int):
        raise StorageError("profile_damaged")
    if found > FORMAT:
        raise VersionError("newer_database", found=found, known=FORMAT)
    return dict(read)


def _write_json(path: Path, content: dict[str, Any]) -> None:
    files.write_whole(path, (json.dumps(content, indent=1).encode("utf-8"),))
