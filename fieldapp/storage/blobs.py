"""Photo files by the SHA-256 of their plain bytes, encrypted, whole or absent, checked whenever they are read."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from fieldapp.errors import StorageError
from fieldapp.storage import faults, files, keys

_MAGIC = b"FAB1"
_NONCE_BYTES = 12
_TAG_BYTES = 16
_OVERHEAD = len(_MAGIC) + _NONCE_BYTES + _TAG_BYTES


class BlobStore:
    """The folder of a profile's files; safe to use from several threads at once."""

    def __init__(self, folder: Path, key: bytes) -> None:
        self.folder = folder
        self._cipher = AESGCM(keys.subkey(key, b"blobs"))

    @property
    def is_there(self) -> bool:
        """Whether the folder is where it was made; one that is gone is told and never silently made anew."""
        return self.folder.is_dir()

    def put(self, data: bytes) -> bytes:
        """Stores the bytes durably and returns their SHA-256; what is there already is not written again.

        Raises StorageError `photo_folder_missing`, disk_full, folder_read_only.
        """
        sha256 = hashlib.sha256(data).digest()
        path = self._path(sha256)
        if self.has(sha256):
            return sha256
        if not self.is_there:
            raise StorageError("photo_folder_missing")
        nonce = os.urandom(_NONCE_BYTES)
        sealed = self._cipher.encrypt(nonce, data, sha256)
        with faults.told():
            self._make_folder(path.parent)
        files.write_whole(path, (_MAGIC, nonce, sealed))
        return sha256

    def get(self, sha256: bytes) -> bytes:
        """The plain bytes. Raises StorageError `blob_missing` or `blob_damaged`."""
        try:
            stored = self._path(sha256).read_bytes()
        except FileNotFoundError:
            raise StorageError("blob_missing") from None
        except OSError as error:
            raise faults.from_os(error) from error
        start = len(_MAGIC) + _NONCE_BYTES
        if not stored.startswith(_MAGIC) or len(stored) < _OVERHEAD:
            raise StorageError("blob_damaged")
        try:
            return self._cipher.decrypt(stored[len(_MAGIC) : start], memoryview(stored)[start:], sha256)
        except InvalidTag:
            raise StorageError("blob_damaged") from None

    def has(self, sha256: bytes) -> bool:
        """Whether the file is there."""
        return self._path(sha256).is_file()

    def size(self, sha256: bytes) -> int:
        """Number of plain bytes, 0 when the file is not there."""
        try:
            return max(self._path(sha256).stat().st_size - _OVERHEAD, 0)
        except FileNotFoundError:
            return 0

    def all_hashes(self) -> list[bytes]:
        """Every file that is there, in order."""
        return sorted(bytes.fromhex(path.name) for path in self.folder.glob("??/" + "?" * 64))

    def _path(self, sha256: bytes) -> Path:
        name = sha256.hex()
        return self.folder / name[:2] / name

    def _make_folder(self, shard: Path) -> None:
        if not shard.is_dir():
            shard.mkdir(exist_ok=True)
            files.sync_folder(self.folder)
