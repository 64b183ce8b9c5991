"""Resumable uploads in tus 1.0 (core, creation, creation-with-upload, checksum): any tus client can send photos."""

from __future__ import annotations

import asyncio
import base64
import binascii
import hashlib
import hmac
from pathlib import Path

import sqlalchemy as sa
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from fieldapp.server.bulk import insert_new
from fieldapp.server.devices import Laptop
from fieldapp.server.inflow import Inflow, write_at
from fieldapp.server.refusal import Refusal
from fieldapp.server.schema import UPLOAD
from fieldapp.server.station import Station

MAX_BYTES = 512 << 20
_VERSION = {"Tus-Resumable": "1.0.0", "Cache-Control": "no-store"}
_OPTIONS = {
    "Tus-Version": "1.0.0",
    "Tus-Extension": "creation,creation-with-upload,checksum",
    "Tus-Checksum-Algorithm": "sha256,sha1",
    "Tus-Max-Size": str(MAX_BYTES),
}
_GRACE_S = 2.0  # so long a request whose connection has ended may take to store what arrived
_NAMES = ("id", "device", "sha256", "size_bytes", "metadata", "created_at")


class TusUploads:
    """Uploads that are under way; each lies in a file whose length is its offset."""

    def __init__(self, station: Station) -> None:
        self._station = station
        self._receiving: dict[str, asyncio.Task[int]] = {}

    def options(self) -> Response:
        """What this server can do."""
        return Response(status_code=204, headers=_VERSION | _OPTIONS)

    async def create(self, request: Request, laptop: Laptop) -> Response:
        """Announces a file; repeated after a lost answer it names the same place and how far that is."""
        _check_version(request)
        size = _number(request, "Upload-Length")
        if size > MAX_BYTES:
            raise Refusal(413, "blob_too_large")
        metadata = request.headers.get("Upload-Metadata", "")
        sha256 = _announced_hash(metadata)
        upload_id = hashlib.sha256(laptop.device + sha256).hexdigest()[:32]
        row = (upload_id, laptop.device, sha256, size, metadata, self._station.settings.now_ms())
        work = self._station.database.submit(lambda connection: insert_new(connection, UPLOAD, _NAMES, [row]))
        await asyncio.wrap_future(work)
        offset = await self._settled_offset(upload_id, sha256, size)
        if request.headers.get("Content-Type") == "application/offset+octet-stream" and offset == 0:
            offset = await self._receive(request, upload_id, sha256, size, 0)
        headers = {"Location": str(request.url_for("upload", upload_id=upload_id)), "Upload-Offset": str(offset)}
        return Response(status_code=201, headers=_VERSION | headers)

    async def head(self, request: Request, laptop: Laptop) -> Response:
        """How far an upload is."""
        _check_version(request)
        upload_id, sha256, size, metadata = await asyncio.to_thread(self._find, request, laptop)
        offset = await self._settled_offset(upload_id, sha256, size)
        headers = {"Upload-Offset": str(offset), "Upload-Length": str(size), "Upload-Metadata": metadata}
        return Response(status_code=200, headers=_VERSION | headers)

    async def patch(self, request: Request, laptop: Laptop) -> Response:
        """Goes on with an upload; what arrived before a cut is kept."""
        _check_version(request)
        if request.headers.get("Content-Type") != "application/offset+octet-stream":
            raise Refusal(415, "upload_content_type")
        upload_id, sha256, size, _ = await asyncio.to_thread(self._find, request, laptop)
        offset = await self._settled_offset(upload_id, sha256, size)
        if _number(request, "Upload-Offset") != offset:
            raise Refusal(409, "upload_offset")
        if offset < size:
            offset = await self._receive(request, upload_id, sha256, size, offset)
        return Response(status_code=204, headers=_VERSION | {"Upload-Offset": str(offset)})

    async def _settled_offset(self, upload_id: str, sha256: bytes, size: int) -> int:
        """How much is there once an earlier request for the same upload has stored what it got.

        Its connection may have gone without a word: after a moment of grace whoever asks anew takes its place.
        """
        earlier = self._receiving.get(upload_id)
        if earlier is not None:
            await asyncio.wait({earlier}, timeout=_GRACE_S)
            earlier.cancel()
            await asyncio.wait({earlier})
        return await asyncio.to_thread(self._offset, upload_id, sha256, size)

    async def _receive(self, request: Request, upload_id: str, sha256: bytes, size: int, start: int) -> int:
        if upload_id in self._receiving:
            raise Refusal(423, "upload_busy")
        task = asyncio.create_task(self._store(request, upload_id, sha256, size, start))
        self._receiving[upload_id] = task
        task.add_done_callback(lambda _: self._receiving.pop(upload_id))
        await asyncio.wait({task})
        if task.cancelled():
            raise Refusal(423, "upload_busy")
        return task.result()

    async def _store(self, request: Request, upload_id: str, sha256: bytes, size: int, start: int) -> int:
        path = self._path(upload_id)
        offset = await _append(request, path, size, start)
        if offset == size and not await asyncio.to_thread(self._station.blobs.adopt, path, sha256):
            raise Refusal(460, "upload_checksum")
        return offset

    def _find(self, request: Request, laptop: Laptop) -> tuple[str, bytes, int, str]:
        upload_id = str(request.path_params["upload_id"])
        query = sa.select(UPLOAD).where(UPLOAD.c.id == upload_id, UPLOAD.c.device == laptop.device)
        row = self._station.database.read(lambda connection: connection.execute(query).one_or_none())
        if row is None:
            raise Refusal(404, "upload_unknown")
        return upload_id, row.sha256, row.size_bytes, row.metadata

    def _offset(self, upload_id: str, sha256: bytes, size: int) -> int:
        if self._station.blobs.size(sha256) is not None:
            return size
        path = self._path(upload_id)
        offset = path.stat().st_size if path.exists() else 0
        if offset >= size and path.exists():  # its last byte arrived, but then the disk was full or the server ended
            return size if self._station.blobs.adopt(path, sha256) else 0
        return offset

    def _path(self, upload_id: str) -> Path:
        return self._station.blobs.uploads / upload_id


async def _append(request: Request, path: Path, size: int, start: int) -> int:
    """Writes the body behind `start`, also that of a request that breaks off; with a checksum all of it or nothing."""
    algorithm, expected = _announced_checksum(request)
    digest, inflow = hashlib.new(algorithm) if algorithm else None, Inflow(path, start)
    try:
        async for piece in request.stream():
            if inflow.offset + len(piece) > size:
                raise Refusal(413, "upload_too_long")
            if digest is not None:
                digest.update(piece)
            await inflow.take(piece)
    except (ClientDisconnect, Refusal, asyncio.CancelledError):
        await inflow.finish()
        if digest is not None:
            await asyncio.to_thread(write_at, path, start, b"")
        raise
    except OSError:  # the disk is full: what fitted is kept
        if digest is not None:
            await asyncio.to_thread(write_at, path, start, b"")
        raise
    offset = await inflow.finish()
    if digest is not None and not hmac.compare_digest(digest.digest(), expected):
        await asyncio.to_thread(write_at, path, start, b"")
        raise Refusal(460, "upload_checksum")
    return offset


def _check_version(request: Request) -> None:
    if request.headers.get("Tus-Resumable") != "1.0.0":
        raise Refusal(412, "tus_version")


def _number(request: Request, name: str) -> int:
    text = request.headers.get(name, "")
    if not (text.isascii() and text.isdigit()) or len(text) > 15:
        raise Refusal(400, "bad_request")
    return int(text)


def _announced_hash(metadata: str) -> bytes:
    """The `sha256` of Upload-Metadata: base64 of the hexadecimal digest, or of the 32 bytes."""
    for pair in metadata.split(","):
        name, _, value = pair.strip().partition(" ")
        if name == "sha256":
            raw = _base64(value)
            digest = raw if len(raw) == 32 else _hex(raw)
            if len(digest) == 32:
                return digest
    raise Refusal(400, "blob_hash_missing")


def _announced_checksum(request: Request) -> tuple[str, bytes]:
    header = request.headers.get("Upload-Checksum")
    if header is None:
        return "", b""
    algorithm, _, value = header.partition(" ")
    if algorithm not in ("sha256", "sha1"):
        raise Refusal(400, "upload_checksum_algorithm")
    return algorithm, _base64(value)


def _base64(text: str) -> bytes:
    try:
        return base64.b64decode(text.strip(), validate=True)
    except binascii.Error as error:
        raise Refusal(400, "bad_request") from error


def _hex(raw: bytes) -> bytes:
    try:
        return bytes.fromhex(raw.decode("ascii"))
    except ValueError as error:
        raise Refusal(400, "bad_request") from error
