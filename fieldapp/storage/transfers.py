"""Which photo files have to travel, how far each one is, and which of them the server has confirmed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fieldapp.domain.ids import RecordId
from fieldapp.domain.ops import Value
from fieldapp.storage.blobs import BlobStore
from fieldapp.storage.connection import Connection

if TYPE_CHECKING:
    from fieldapp.storage.store import Store

RENDITIONS = ("thumbnail", "working", "original")  # in the order in which they travel
UP, DOWN = "up", "down"
WANTED, SENT, CONFIRMED = "wanted", "sent", "confirmed"
_HASH_FIELDS = {"thumbnail": "thumbnail_sha256", "working": "working_sha256", "original": "sha256"}
_EXPECT_SQL = (
    "INSERT OR IGNORE INTO transfer (sha256, photo_id, rendition, village_code, direction, state, size_bytes) "
    "VALUES (?, ?, ?, ?, ?, 'wanted', ?)"
)
_SELECT = "SELECT sha256, rendition, village_code, state, size_bytes, offset_bytes, location FROM transfer"


@dataclass(frozen=True, slots=True)
class Transfer:
    """One file on its way; `location` is the address that the other side gave for going on."""

    sha256: bytes
    rendition: str
    village_code: str
    state: str
    size_bytes: int
    offset_bytes: int
    location: str


def expect_upload(
    connection: Connection, village_code: str, photo_id: RecordId, values: Mapping[str, Value], blobs: BlobStore
) -> None:
    """Notes the files of a photo taken here; in the transaction of the photo."""
    for rendition, name in _HASH_FIELDS.items():
        sha256 = values.get(name)
        if isinstance(sha256, bytes):
            size = blobs.size(sha256)
            connection.execute(_EXPECT_SQL, (sha256, photo_id, rendition, village_code, UP, size))


def expect_download(connection: Connection, village_code: str, photo_id: RecordId, values: Mapping[str, Value]) -> None:
    """Notes the thumbnail of a photo that another laptop took; its size is not known yet."""
    sha256 = values.get("thumbnail_sha256")
    if isinstance(sha256, bytes):
        connection.execute(_EXPECT_SQL, (sha256, photo_id, "thumbnail", village_code, DOWN, 0))


def waiting(
    store: Store, *, direction: str = UP, renditions: Iterable[str] = ("thumbnail", "working"), limit: int = 1000
) -> list[Transfer]:
    """What still has to travel, in the order of `renditions`, oldest first."""
    found: list[Transfer] = []
    for rendition in renditions:
        rows = store.rows(
            f"{_SELECT} WHERE direction = ? AND state IN ('wanted', 'sent') AND rendition = ? "
            "ORDER BY state DESC, photo_id LIMIT ?",
            (direction, rendition, limit - len(found)),
        )
        found += [Transfer(*row) for row in rows]
    return found


def fetched(store: Store) -> list[Transfer]:
    """Files of other laptops that are here, for bringing them to a server that lacks them."""
    rows = store.rows(f"{_SELECT} WHERE direction = ? AND state = 'confirmed' ORDER BY photo_id", (DOWN,))
    return [Transfer(*row) for row in rows]


def confirmed(store: Store) -> list[Transfer]:
    """Files that should be both here and on the server, thumbnails first."""
    rows = store.rows(f"{_SELECT} WHERE state = 'confirmed' AND rendition <> 'original' ORDER BY rendition, photo_id")
    return [Transfer(*row) for row in rows]


def transfer(store: Store, sha256: bytes) -> Transfer | None:
    """The state of one file."""
    rows = store.rows(f"{_SELECT} WHERE sha256 = ?", (sha256,))
    return Transfer(*rows[0]) if rows else None


def note_offset(store: Store, sha256: bytes, offset_bytes: int, location: str) -> None:
    """How far a file has come; survives a restart."""
    store.write("UPDATE transfer SET offset_bytes = ?, location = ? WHERE sha256 = ?", (offset_bytes, location, sha256))


def mark_sent(store: Store, hashes: Iterable[bytes]) -> None:
    """The other side has every byte, its receipt is still missing."""
    _set_state(store, "state = 'sent', offset_bytes = size_bytes", [(h,) for h in hashes], "state = 'wanted'")


def confirm(store: Store, hashes: Iterable[bytes]) -> None:
    """A signed receipt names these files (or a download is here and checked)."""
    _set_state(store, "state = 'confirmed'", [(h,) for h in hashes], "true")


def want_again(store: Store, hashes: Iterable[bytes]) -> None:
    """The server says that it does not hold these files, whatever we believed."""
    _set_state(store, "state = 'wanted', offset_bytes = 0, location = ''", [(h,) for h in hashes], "true")


def offer_again(store: Store) -> None:
    """It is not certain any more that the server holds what was taken here: every file is offered to it again."""
    store.write("UPDATE transfer SET state = 'wanted', offset_bytes = 0, location = '' WHERE direction = ?", (UP,))


def _set_state(store: Store, change: str, hashes: list[tuple[bytes]], condition: str) -> None:
    store.write_many(f"UPDATE transfer SET {change} WHERE sha256 = ? AND {condition}", hashes)
