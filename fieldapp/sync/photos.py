"""Photo files: thumbnails before working copies, in pieces that go on where a broken connection left off."""

from __future__ import annotations

import hashlib
from functools import partial

from fieldapp.errors import ItemError, PauseError, StorageError
from fieldapp.storage import transfers
from fieldapp.storage.transfers import DOWN, Transfer
from fieldapp.sync import wire
from fieldapp.sync.answers import GARBLED
from fieldapp.sync.session import Session

_PIECE = 512 << 10
_ROUNDS = 3
_BEGIN_AGAIN = frozenset({"upload_offset", "upload_unknown", "upload_checksum"})


def send_photos(session: Session) -> None:
    """Uploads what the server lacks until its receipt names every file that is here."""
    for _ in range(_ROUNDS):
        wanted = _offer(session, transfers.waiting(session.store, limit=1_000_000))
        if not wanted:
            return
        _send_all(session, wanted)


def relay_thumbnails(session: Session) -> None:
    """Uploads what was fetched of other laptops' photos, to a server that lacked their records too."""
    _send_all(session, _offer(session, transfers.fetched(session.store)))


def _offer(session: Session, left: list[Transfer]) -> list[Transfer]:
    """Tells the server which files are here; those that it holds come back in a receipt, the others are wanted."""
    wanted = []
    for start in range(0, len(left), wire.MAX_OFFERED):
        some = left[start : start + wire.MAX_OFFERED]
        answer = session.ask(session.request(offered=[one.sha256 for one in some]))
        wanted += [one for one in some if one.sha256 in answer.wanted]
    transfers.want_again(session.store, [one.sha256 for one in wanted if one.state == transfers.SENT])
    return [one for one in wanted if session.store.blobs.has(one.sha256)]


def _send_all(session: Session, wanted: list[Transfer]) -> None:
    for done, one in enumerate(wanted):
        session.tell("photos", done, len(wanted))
        _send(session, one)


def _send(session: Session, one: Transfer) -> None:
    """One file; a file that cannot be sent is left for the next time and hinders nobody."""
    try:
        data = session.store.blobs.get(one.sha256)
    except StorageError as error:
        if error.code not in ("blob_missing", "blob_damaged"):
            raise
        return  # `verify` tells about it; the server's copy may come from the laptop that took the photo
    _Upload(session, one, data).run()
    transfers.mark_sent(session.store, [one.sha256])
    session.report.files_sent += 1


class _Upload:
    """The way of one file to the server; patience is measured by progress, not by the number of broken connections."""

    def __init__(self, session: Session, one: Transfer, data: bytes) -> None:
        self._session = session
        self._one = one
        self._data = data
        self._location = one.location if one.offset_bytes else ""
        self._offset = 0
        self._furthest = one.offset_bytes
        self._attempt = 0

    def run(self) -> None:
        """Sends until the server has every byte."""
        arrived = False
        while not arrived:
            try:
                self._find_place()
                while self._offset < len(self._data):
                    piece, before = self._data[self._offset : self._offset + _PIECE], self._offset
                    self._reach(self._session.transport.send(self._location, before, piece, len(self._data)))
                    if self._offset <= before:
                        raise PauseError(GARBLED)  # it took a piece and says that it has none
                arrived = True
            except PauseError as error:
                self._session.pause(self._session.wait_s(error, self._attempt))
                self._attempt += 1
            except ItemError as error:
                if self._attempt >= _ROUNDS or error.code not in _BEGIN_AGAIN:
                    raise
                self._attempt += 1
                self._location = ""

    def _find_place(self) -> None:
        """Goes on at the remembered place when the server still knows it, else announces the file."""
        transport = self._session.transport
        if self._location:
            self._reach(transport.offset(self._location, len(self._data)))
        else:
            self._location, offset = transport.announce(self._one.sha256, len(self._data))
            self._reach(offset)

    def _reach(self, offset: int) -> None:
        self._offset = offset
        transfers.note_offset(self._session.store, self._one.sha256, offset, self._location)
        if offset > self._furthest:
            self._furthest, self._attempt = offset, 0


def fetch_thumbnails(session: Session) -> None:
    """Downloads the thumbnails of photos that others took, as far as the server has them."""
    left = transfers.waiting(session.store, direction=DOWN, renditions=("thumbnail",), limit=1_000_000)
    _fetch_all(session, left, "thumbnails")


def fetch_missing(session: Session) -> None:
    """Downloads what a backup left to the server and a restored profile therefore lacks; begun again it goes on."""
    if not session.store.blobs.is_there:
        return  # `verify` tells about it; the folder may come back with its disk
    held = set(session.store.blobs.all_hashes())
    lacking = [one for one in transfers.confirmed(session.store) if one.sha256 not in held]
    _fetch_all(session, lacking, "missing")


def _fetch_all(session: Session, left: list[Transfer], step: str) -> None:
    for done, one in enumerate(left):
        session.tell(step, done, len(left))
        try:
            data = session.patiently(partial(session.transport.download, one.sha256))
        except ItemError:
            continue  # its laptop has sent the rows but not the photo yet: next time
        if hashlib.sha256(data).digest() != one.sha256:
            raise PauseError("server_nonsense")
        session.store.blobs.put(data)
        transfers.confirm(session.store, [one.sha256])
        session.report.files_received += 1
