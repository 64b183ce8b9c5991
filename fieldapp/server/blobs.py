"""Photo files of the server by SHA-256: a folder by default, an object store by its address when it grows."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path

import obstore
import sqlalchemy as sa
from obstore.exceptions import BaseError
from obstore.store import LocalStore, ObjectStore, from_url

from fieldapp.errors import StorageError, UsageError
from fieldapp.server.bulk import chunks, insert_new
from fieldapp.server.database import Database
from fieldapp.server.schema import BLOB
from fieldapp.server.settings import ServerSettings

_PIECE = 1 << 20
_STAGED = "#"  # obstore writes under the name with this and a number, then renames: what a kill has left is no photo


class Blobs:
    """Files that are whole: what is listed in the `blob` table lies durably in the store."""

    def __init__(self, database: Database, settings: ServerSettings) -> None:
        self._database = database
        self._settings = settings
        self._folder: Path | None = None
        self._store: ObjectStore
        if settings.blobs_url:
            self._store = _named(settings.blobs_url)
        else:
            self._folder = settings.data_dir / "blobs"
            self._folder.mkdir(parents=True, exist_ok=True)
            self._store = LocalStore(self._folder)
            for half in self._folder.glob(f"*/*{_STAGED}*"):
                half.unlink()
        self.uploads = settings.data_dir / "uploads"
        self.uploads.mkdir(parents=True, exist_ok=True)

    def adopt(self, upload: Path, sha256: bytes) -> bool:
        """Takes a finished upload over; False, and nothing kept, when its bytes are not what was announced."""
        if _hash_file(upload) != sha256:
            upload.unlink()
            return False
        size = upload.stat().st_size
        name = _name(sha256)
        try:
            obstore.put(self._store, name, upload)
        except BaseError as error:
            raise StorageError("server_blobs") from error
        if self._folder is not None:
            _sync(self._folder / name)
        row = (sha256, size, self._settings.now_ms())
        self._database.write(lambda c: insert_new(c, BLOB, ("sha256", "size_bytes", "stored_at"), [row]))
        upload.unlink()
        return True

    def size(self, sha256: bytes) -> int | None:
        """Number of bytes, None when the file is not here."""
        query = sa.select(BLOB.c.size_bytes).where(BLOB.c.sha256 == sha256)
        return self._database.read(lambda connection: connection.execute(query).scalar())

    def read(self, sha256: bytes, start: int, end: int) -> bytes:
        """The bytes from `start` up to and without `end`."""
        if end <= start:
            return b""
        try:
            return bytes(obstore.get_range(self._store, _name(sha256), start=start, end=end))
        except BaseError as error:
            raise StorageError("server_blobs") from error


def _named(url: str) -> ObjectStore:
    """The object store of an address. Raises UsageError `server_blobs_url`."""
    try:
        return from_url(url)
    except (BaseError, ValueError) as error:
        raise UsageError("server_blobs_url", url=url) from error


def held(connection: sa.Connection, hashes: Iterable[bytes]) -> set[bytes]:
    """Those of the hashes whose files lie here."""
    found: set[bytes] = set()
    for some in chunks(hashes):
        found.update(connection.execute(sa.select(BLOB.c.sha256).where(BLOB.c.sha256.in_(some))).scalars())
    return found


def _name(sha256: bytes) -> str:
    text = sha256.hex()
    return f"{text[:2]}/{text}"


def _hash_file(path: Path) -> bytes:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            digest.update(piece)
    return digest.digest()


def _sync(path: Path) -> None:
    """A receipt promises that the file survives a power cut."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())
    if os.name == "posix":
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
