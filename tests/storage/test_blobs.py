"""Photo files are whole or absent, encrypted, and checked when they are read."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from fieldapp.errors import StorageError
from fieldapp.storage.blobs import BlobStore

KEY = bytes(range(32))


@pytest.fixture
def blobs(tmp_path: Path) -> BlobStore:
    return BlobStore(tmp_path, KEY)


@pytest.mark.parametrize("data", [b"", b"x", bytes(3_000_000)])
def test_what_is_put_comes_back(blobs: BlobStore, data: bytes) -> None:
    sha256 = blobs.put(data)
    assert sha256 == hashlib.sha256(data).digest()
    assert blobs.put(data) == sha256
    assert blobs.get(sha256) == data
    assert blobs.has(sha256)
    assert blobs.size(sha256) == len(data)
    assert blobs.all_hashes() == [sha256]


def test_what_was_changed_on_disk_is_never_handed_out(blobs: BlobStore) -> None:
    sha256 = blobs.put(b"some photo")
    (path,) = blobs.folder.rglob("*" + sha256.hex())
    stored = bytearray(path.read_bytes())
    stored[20] ^= 1
    path.write_bytes(stored)
    with pytest.raises(StorageError, match="blob_damaged"):
        blobs.get(sha256)
    path.write_bytes(b"")
    with pytest.raises(StorageError, match="blob_damaged"):
        blobs.get(sha256)


def test_what_is_not_there_says_so(blobs: BlobStore) -> None:
    missing = bytes(32)
    assert not blobs.has(missing)
    assert blobs.size(missing) == 0
    with pytest.raises(StorageError, match="blob_missing"):
        blobs.get(missing)


def test_another_profiles_key_opens_nothing(blobs: BlobStore) -> None:
    sha256 = blobs.put(b"some photo")
    with pytest.raises(StorageError, match="blob_damaged"):
        BlobStore(blobs.folder, bytes(32)).get(sha256)
