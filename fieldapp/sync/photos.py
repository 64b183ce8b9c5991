"""Photo files: thumbnails before working copies, in pieces that go on where a broken connection left off."""

from __future__ import annotations

import hashlib

from fieldapp.errors import ItemError, PauseError, StorageError
from fieldapp.storage import transfers
from fieldapp.storage.transfers import DOWN, Transfer
from fieldapp.sync import wire
from fieldapp.sync.session import Session

_PIECE = 512 << 10
_ROUNDS = 3


def send_photos(session: Session) -> None:
    """Uploads what the server lacks until its receipt names every file that is here."""
    for _ in range(_ROUNDS):
        wanted = _offer(session)
        if not wanted:
            return
        for done, one in enumerate(wanted):
            session.tell("photos", done, len(wanted))
            _send(session, one)


def _offer(session: Session) -> list[Transfer]:
    """Tells the server which files are here; those that it holds come back in a receipt, the others are wanted."""
    wanted = []
    left = transfers.waiting(session.store, limit=1_000_000)
    for start in range(0, len(left), wire.MAX_OFFERED):
        some = left[start : start + wire.MAX_OFFERED]
        answer = session.ask(session.request(offered=[one.sha256 for one in some]))
        wanted += [one for one in some if one.sha256 in answer.wanted]
    transfers.want_again(session.store, [one.sha256 for one in wanted if one.state == transfers.SENT])
    return [one for one in wanted if session.store.blobs.has(one.sha256)]


def _send(session: Session, one: Transfer) -> None:
    """One file; a file that cannot be sent is left for the next time and hinders nobody."""
    try:
        data = session.store.blobs.get(one.sha256)
    except StorageError as error:
        if error.code not in ("blob_missing", "blob_damaged"):
            raise
        return  # `verify` tells about it; the server's copy may come from the laptop that took the photo
    location, offset = "", 0
    attempt = 0
    while not location or offset < len(data):
        try:
            location, offset = _where(session, one, len(data), location)
            transfers.note_offset(session.store, one.sha256, offset, location)
            while offset < len(data):
                offset = session.transport.send(location, offset, data[offset : offset + _PIECE], len(data))
                transfers.note_offset(session.store, one.sha256, offset, location)
                attempt = 0
        except PauseError as error:
            session.pause(session.wait_s(error, attempt))
            attempt += 1
        except ItemError as error:
            if attempt >= _ROUNDS or error.code not in ("upload_offset", "upload_unknown", "upload_checksum"):
                raise
            attempt += 1
            location, offset = "", 0
    transfers.mark_sent(session.store, [one.sha256])
    session.report.files_sent += 1


def _where(session: Session, one: Transfer, size_bytes: int, location: str) -> tuple[str, int]:
    """Where to go on: the remembered place when the server still knows it, else a new one."""
    known = location or (one.location if one.offset_bytes else "")
    if known:
        try:
            return known, session.transport.offset(known, size_bytes)
        except ItemError:
            pass  # the server has forgotten the upload; it is announced again
    return session.transport.announce(one.sha256, size_bytes)


def fetch_thumbnails(session: Session) -> None:
    """Downloads the thumbnails of photos that others took, as far as the server has them."""
    left = transfers.waiting(session.store, direction=DOWN, renditions=("thumbnail",), limit=1_000_000)
    for done, one in enumerate(left):
        session.tell("thumbnails", done, len(left))
        try:
            data = session.patiently(lambda one=one: session.transport.download(one.sha256))  # type: ignore[misc]
        except ItemError:
            continue  # its laptop has sent the rows but not the photo yet: next time
        if hashlib.sha256(data).digest() != one.sha256:
            raise PauseError("server_nonsense")
        session.store.blobs.put(data)
        transfers.confirm(session.store, [one.sha256])
        session.report.files_received += 1
