"""The protocol's requests over HTTP; docs/protocol.md describes them so that another client can be written."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable
from typing import Any

import msgpack
import sqlalchemy as sa
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from fieldapp import __version__
from fieldapp.domain.ids import DeviceId, device_tag
from fieldapp.domain.records import SCHEMA
from fieldapp.server import devices, differences, exchange, sync_request, trouble
from fieldapp.server.asked import from_hex
from fieldapp.server.devices import Laptop
from fieldapp.server.refusal import Refusal, answer
from fieldapp.server.station import Station
from fieldapp.server.tus import TusUploads
from fieldapp.sync.wire import CODEC, MEDIA_TYPE, NONCE_BYTES, OLDEST_PROTOCOL, PROTOCOL

_LOG = logging.getLogger(__name__)
_MAX_SMALL_BODY = 4_096

Handler = Callable[[Request], Awaitable[Response]]


class Api:
    """The routes under /v1."""

    def __init__(self, station: Station) -> None:
        self._station = station
        self._tus = TusUploads(station)
        self._active = 0

    def routes(self) -> list[Route]:
        """Every route of the protocol."""
        return [
            Route("/v1/hello", self._told(self._hello), methods=["GET"]),
            Route("/v1/enrol", self._told(self._enrol), methods=["POST"]),
            Route("/v1/sync", self._told(self._sync), methods=["POST"]),
            Route("/v1/blobs", self._told(self._blobs), methods=["POST", "OPTIONS"]),
            Route("/v1/blobs/uploads/{upload_id}", self._told(self._upload), methods=["HEAD", "PATCH"], name="upload"),
            Route("/v1/blobs/{sha256}", self._told(self._blob), methods=["GET", "HEAD"]),
        ]

    def _told(self, handler: Handler) -> Handler:
        """Puts refusals into answers and turns work away, with a time to come again, when there is too much."""

        async def handle(request: Request) -> Response:
            if self._active >= self._station.settings.most_at_once:
                return Refusal(503, "server_busy", random.randint(2, 15)).response()
            self._active += 1
            try:
                return await handler(request)
            except Refusal as refusal:
                return refusal.response()
            except trouble.TROUBLE as error:
                _LOG.exception("a request found disk or database in the way")
                return trouble.refusal(error).response()
            except (sa.exc.DataError, ClientDisconnect):  # what PostgreSQL cannot hold; whom nobody answers any more
                return Refusal(400, "bad_request").response()
            finally:
                self._active -= 1

        return handle

    async def _hello(self, request: Request) -> Response:
        own = self._station.identity
        told: dict[str, object] = {
            "fieldapp": __version__,
            "protocol": [OLDEST_PROTOCOL, PROTOCOL],
            "codec": CODEC,
            "schema": [1, SCHEMA],
            "server": own.server_id,
            "public_key": own.public_key,
            "practice": own.practice,
            "time_ms": self._station.settings.now_ms(),
        }
        nonce = from_hex(request.query_params.get("nonce", ""))
        if len(nonce) == NONCE_BYTES:
            told["proof"] = own.prove(nonce)
        return answer(told)

    async def _enrol(self, request: Request) -> Response:
        asked = _unpack(await _body(request, _MAX_SMALL_BODY))
        self._check_kind(asked)
        code, device = asked.get("code"), asked.get("device")
        if not isinstance(code, str) or not isinstance(device, bytes) or len(device) != 16:
            raise Refusal(400, "bad_request")
        work = self._station.database.submit(
            devices.enrol, code, DeviceId(device), str(asked.get("fieldapp", "")), self._station.settings.now_ms()
        )
        token = await asyncio.wrap_future(work)
        own = self._station.identity
        return answer(
            {
                "token": token,
                "server": own.server_id,
                "public_key": own.public_key,
                "tag": device_tag(DeviceId(device)),
                "practice": own.practice,
            }
        )

    async def _sync(self, request: Request) -> Response:
        laptop = await self._laptop(request)
        body = await _body(request, exchange.MAX_BODY_BYTES)
        self._check_kind(_unpack(body))
        asked = await asyncio.to_thread(sync_request.parse, body, practice=self._station.identity.practice)
        database = self._station.database
        stored = await asyncio.wrap_future(database.submit(exchange.store, self._station, laptop, asked))
        if stored.accepted:
            _LOG.info("%s brought %d new frames", laptop.tag, len(stored.accepted))
        self._station.apply(stored.accepted)
        if asked.settle:
            await self._station.settle(sinks=bool(asked.claims))
            if asked.claims:
                await asyncio.wrap_future(database.submit(differences.forget_strangers, list(asked.claims)))
        pulled = await asyncio.to_thread(database.read, exchange.pull, laptop, asked, self._station.settings.methods)
        return answer(stored.answer | pulled)

    async def _blobs(self, request: Request) -> Response:
        if request.method == "OPTIONS":
            return self._tus.options()
        return await self._tus.create(request, await self._laptop(request))

    async def _upload(self, request: Request) -> Response:
        laptop = await self._laptop(request)
        return await (self._tus.head if request.method == "HEAD" else self._tus.patch)(request, laptop)

    async def _blob(self, request: Request) -> Response:
        await self._laptop(request)
        try:
            sha256 = bytes.fromhex(str(request.path_params["sha256"]))
        except ValueError as error:
            raise Refusal(404, "blob_unknown") from error
        size = await asyncio.to_thread(self._station.blobs.size, sha256)
        if size is None:
            raise Refusal(404, "blob_unknown")
        start, end = _range(request.headers.get("Range", ""), size)
        data = (
            b"" if request.method == "HEAD" else await asyncio.to_thread(self._station.blobs.read, sha256, start, end)
        )
        headers = {"Accept-Ranges": "bytes", "Content-Length": str(end - start), "ETag": f'"{sha256.hex()}"'}
        whole = end - start == size
        if not whole:
            headers["Content-Range"] = f"bytes {start}-{end - 1}/{size}"
        return Response(data, 200 if whole else 206, headers, "application/octet-stream")

    async def _laptop(self, request: Request) -> Laptop:
        header = request.headers.get("Authorization", "")
        return await asyncio.to_thread(self._station.database.read, devices.laptop_of, header)

    def _check_kind(self, asked: dict[str, Any]) -> None:
        """A practice laptop and a real server (or the other way round) refuse each other; so do strangers in age."""
        protocol = asked.get("protocol")
        if not isinstance(protocol, int):
            raise Refusal(400, "bad_request")
        if protocol < OLDEST_PROTOCOL:
            raise Refusal(426, "client_too_old")
        if protocol > PROTOCOL:
            raise Refusal(426, "server_too_old")
        if bool(asked.get("practice")) != self._station.identity.practice:
            raise Refusal(409, "practice_mismatch")


def _unpack(body: bytes) -> dict[str, Any]:
    try:
        asked = msgpack.unpackb(body, strict_map_key=False)
    except (ValueError, TypeError, msgpack.exceptions.UnpackException) as error:  # TypeError: a list as a key
        raise Refusal(400, "bad_request") from error
    if not isinstance(asked, dict):
        raise Refusal(400, "bad_request")
    return asked


async def _body(request: Request, most: int) -> bytes:
    """The whole body, but never more than `most` bytes of anybody's."""
    if request.headers.get("Content-Type") != MEDIA_TYPE:
        raise Refusal(415, "bad_request")
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > most:
            raise Refusal(413, "request_too_large")
    return bytes(body)


def _range(header: str, size: int) -> tuple[int, int]:
    """Start and end of the one range that is asked for; the whole file when none is."""
    unit, _, wanted = header.partition("=")
    first, dash, last = wanted.partition("-")
    numbers = [part for part in (first, last) if part]
    if unit != "bytes" or not dash or not numbers or not all(one.isascii() and one.isdigit() for one in numbers):
        return 0, size
    if not first:
        return max(size - int(last), 0), size
    start, end = int(first), min(int(last) + 1, size) if last else size
    if start >= size or end <= start:
        raise Refusal(416, "range_outside")
    return start, end
