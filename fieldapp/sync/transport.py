"""The only HTTP client: every request, its answer held within bounds of size and time."""

from __future__ import annotations

import base64
import ipaddress
import secrets
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import httpx
import msgpack

from fieldapp import __version__
from fieldapp.domain.ids import DeviceId
from fieldapp.errors import PauseError, UsageError, VersionError
from fieldapp.sync import answers
from fieldapp.sync.answers import Answer, Enrolled, Hello
from fieldapp.sync.refusals import refusal, settings_refused, translated, unpack
from fieldapp.sync.wire import MEDIA_TYPE, NONCE_BYTES, OLDEST_PROTOCOL, PROTOCOL

_TUS = {"Tus-Resumable": "1.0.0"}
_CONNECT_S, _READ_S = 10.0, 60.0
_MAX_ANSWER_BYTES = 64 << 20
_LEAST_BYTES_PER_S = 500  # slower than this is no network but somebody who holds us


class Transport:
    """A connection to one server; used from one thread at a time."""

    def __init__(self, url: str, token: str = "", *, timeout_s: float = _READ_S) -> None:
        self.url = normal_url(url)
        self._known = {"Authorization": f"Bearer {token}"} if token else {}
        self._timeout_s = timeout_s
        # Our answers are packed already; compressed ones could swell to any size.
        headers = {"User-Agent": f"fieldapp/{__version__}", "Accept-Encoding": "identity"}
        with settings_refused():
            self._client = httpx.Client(
                base_url=self.url,
                headers=headers,
                timeout=httpx.Timeout(timeout_s, connect=min(_CONNECT_S, timeout_s)),
                follow_redirects=False,
                trust_env=not _on_this_machine(self.url),
            )
        self.bytes_sent = 0
        self.bytes_received = 0

    def close(self) -> None:
        """Closes the connection."""
        self._client.close()

    def hello(self) -> Hello:
        """Asks who the server is, without the token. Raises VersionError when both have no protocol in common."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        found = answers.hello(self._msgpack("GET", f"/v1/hello?nonce={nonce.hex()}", open_to_all=True), nonce)
        if found.protocol_oldest > PROTOCOL:
            raise VersionError("client_too_old")
        if found.protocol_newest < OLDEST_PROTOCOL:
            raise VersionError("server_too_old")
        return found

    def enrol(self, code: str, device: DeviceId, *, practice: bool) -> Enrolled:
        """Exchanges an enrolment code for a token."""
        asked = {"protocol": PROTOCOL, "fieldapp": __version__, "practice": practice, "code": code, "device": device}
        return answers.enrolled(self._msgpack("POST", "/v1/enrol", asked, open_to_all=True))

    def sync(self, request: Mapping[str, Any]) -> Answer:
        """One request that pushes and pulls."""
        return answers.answer(self._msgpack("POST", "/v1/sync", {"protocol": PROTOCOL, **request}))

    def announce(self, sha256: bytes, size_bytes: int) -> tuple[str, int]:
        """Announces a file; returns where to send it and how much of it the server has already."""
        name = base64.b64encode(sha256.hex().encode()).decode()
        headers = _TUS | {"Upload-Length": str(size_bytes), "Upload-Metadata": f"sha256 {name}"}
        response = self._request("POST", "/v1/blobs", headers=headers)
        return self._path(response.headers.get("Location", "")), _offset(response, size_bytes, default="0")

    def offset(self, location: str, size_bytes: int) -> int:
        """How much of an announced file has arrived."""
        return _offset(self._request("HEAD", self._path(location), headers=_TUS), size_bytes)

    def send(self, location: str, offset: int, data: bytes, size_bytes: int) -> int:
        """Sends a piece; returns how much of the file has arrived now."""
        headers = _TUS | {"Upload-Offset": str(offset), "Content-Type": "application/offset+octet-stream"}
        self.bytes_sent += len(data)
        return _offset(self._request("PATCH", self._path(location), headers=headers, content=data), size_bytes)

    def download(self, sha256: bytes, start: int = 0) -> bytes:
        """The bytes of a file from `start` on."""
        headers = {"Range": f"bytes={start}-"} if start else {}
        response = self._request("GET", f"/v1/blobs/{sha256.hex()}", headers=headers)
        if response.status_code != (206 if start else 200):
            raise PauseError("server_nonsense")
        self.bytes_received += len(response.content)
        return response.content

    def _path(self, location: str) -> str:
        """The path of an address that the server gave; the server may know itself by another name than we do."""
        try:
            path = urlsplit(location).path
        except ValueError as error:
            raise PauseError("server_nonsense") from error
        if not path.startswith("/"):
            raise PauseError("server_nonsense")
        return path

    def _msgpack(
        self, method: str, path: str, content: Mapping[str, Any] | None = None, *, open_to_all: bool = False
    ) -> Any:
        body = None if content is None else msgpack.packb(content)
        self.bytes_sent += len(body or b"")
        headers = {"Content-Type": MEDIA_TYPE} if body is not None else {}
        greeting = method == "GET"
        response = self._request(
            method, path, content=body, headers=headers, open_to_all=open_to_all, greeting=greeting
        )
        self.bytes_received += len(response.content)
        return unpack(response)

    def _request(
        self,
        method: str,
        path: str,
        *,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        open_to_all: bool = False,
        greeting: bool = False,
    ) -> httpx.Response:
        """One request; those that are open to all go without the token, as it may be a stranger who answers."""
        sent = {**(headers or {}), **({} if open_to_all else self._known)}
        with translated(greeting=greeting), self._client.stream(method, path, content=content, headers=sent) as coming:
            response = _whole(coming, self._timeout_s)
        if response.is_success:
            return response
        raise refusal(response)


def normal_url(text: str) -> str:
    """A server's address as people write it, as a URL. Raises UsageError `server_url`."""
    url = text.strip()
    if "://" not in url:
        url = f"http://{url}"
    try:
        parts, _ = urlsplit(url), httpx.URL(url)  # each refuses what the other takes
        # a name and password in it would stand in the place of the laptop's token, and be shown with the address
        plain = parts.scheme in ("http", "https") and parts.username is None
        valid = plain and bool(parts.hostname) and parts.port != 0
    except (ValueError, httpx.InvalidURL):
        valid = False
    if not valid:
        raise UsageError("server_url")
    return url.rstrip("/")


def _on_this_machine(url: str) -> bool:
    """Whether the server runs on this very laptop, where no proxy is wanted."""
    host = urlsplit(url).hostname or ""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _whole(coming: httpx.Response, timeout_s: float) -> httpx.Response:
    """The answer with its body, as long as it stays within bounds of size and time."""
    if coming.headers.get("Content-Encoding", "identity") != "identity":
        raise PauseError("server_nonsense")
    body, began = bytearray(), time.monotonic()
    for piece in coming.iter_raw():
        body += piece
        if len(body) > _MAX_ANSWER_BYTES:
            raise PauseError("server_nonsense")
        if time.monotonic() - began > timeout_s + len(body) / _LEAST_BYTES_PER_S:
            raise PauseError("server_silent")
    return httpx.Response(coming.status_code, headers=coming.headers, content=bytes(body), request=coming.request)


def _offset(response: httpx.Response, size_bytes: int, default: str = "") -> int:
    text = response.headers.get("Upload-Offset", default)
    if not (text.isascii() and text.isdigit() and len(text) < 19) or int(text) > size_bytes:
        raise PauseError("server_nonsense")
    return int(text)
