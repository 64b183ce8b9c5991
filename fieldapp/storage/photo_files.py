"""Whether the photo files of a profile are there and whole, held against what its records say."""

from __future__ import annotations

from collections.abc import Mapping

from fieldapp.errors import Finding, Severity, StorageError
from fieldapp.storage.blobs import BlobStore
from fieldapp.storage.store import Store

_SHORT = 12  # signs of a hash that tell files apart for a person
_CONFIRMED = "confirmed"


def on_server(store: Store) -> set[bytes]:
    """Files of a size that counts whose receipt of the server is held; thumbnails are never among them."""
    sql = f"SELECT sha256 FROM transfer WHERE state = '{_CONFIRMED}' AND rendition <> 'thumbnail'"
    return {row[0] for row in store.rows(sql)}


def only_here(store: Store) -> set[bytes]:
    """Files that this laptop made and whose receipt is not held."""
    sql = f"SELECT sha256 FROM transfer WHERE direction = 'up' AND state <> '{_CONFIRMED}'"
    return {row[0] for row in store.rows(sql)}


def missing(blobs: BlobStore, wanted: Mapping[bytes, str]) -> list[Finding]:
    """Files that should be there and are not; `wanted` gives how far the transfer of each has come.

    What the server has confirmed is no loss, only a walk to the server.
    """
    if not blobs.is_there:
        only_here = sum(state != _CONFIRMED for state in wanted.values())
        params = {"n": len(wanted), "only_here": only_here}
        return [Finding("photo_folder_missing", Severity.RED if wanted else Severity.AMBER, params=params)]
    held = set(blobs.all_hashes())
    gone = sorted((sha256, state) for sha256, state in wanted.items() if sha256 not in held)
    elsewhere = sum(state == _CONFIRMED for _, state in gone)
    lost = [_finding("blob_missing", sha256, Severity.RED) for sha256, state in gone if state != _CONFIRMED]
    return lost + ([left_to_server(elsewhere)] if elsewhere else [])


def left_to_server(n: int) -> Finding:
    """Files that lie on the server alone, as a backup without them or a full laptop leaves them: no damage."""
    return Finding("blob_only_on_server", Severity.AMBER, params={"n": n})


def damaged(blobs: BlobStore) -> list[Finding]:
    """Files whose bytes are not what was stored; every one of them is read."""
    return [
        _finding("blob_damaged", sha256, Severity.RED) for sha256 in blobs.all_hashes() if _is_damaged(blobs, sha256)
    ]


def _is_damaged(blobs: BlobStore, sha256: bytes) -> bool:
    try:
        blobs.get(sha256)
    except StorageError as error:
        if error.code != "blob_damaged":
            raise
        return True
    return False


def _finding(code: str, sha256: bytes, severity: Severity) -> Finding:
    return Finding(code, severity, params={"name": sha256.hex()[:_SHORT]})
