"""The only HTTP client: foreign errors become ours here, once, and an answer that is none of ours is refused."""

from __future__ import annotations

import base64
import ipaddress
import random
import secrets
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import httpx
import msgpack

from fieldapp import __version__
from fieldapp.domain.ids import DeviceId
from fieldapp.errors import FieldappError, ItemError, PauseError, UsageError, VersionError
from fieldapp.sync import answers
from fieldapp.sync.answers import Answer, Enrolled, Hello
from fieldapp.sync.wire import MEDIA_TYPE, NONCE_BYTES, OLDEST_PROTOCOL, PROTOCOL

_TUS = {"Tus-Resumable": "1.0.0"}
_CONNECT_S, _READ_S = 10.0, 60.0
_MAX_RETRY_AFTER_S = 3_600
_MAX_ANSWER_BYTES = 64 << 20
# What the server calls a refusal -> the kind of error that it is here; texts stand under the same code.
_REFUSALS: dict[str, type[FieldappError]] = {
    "token_refused": PauseError,
    "enrol_code_refused": ItemError,
    "tag_taken": ItemError,
    "practice_mismatch": PauseError,
    "client_too_old": VersionError,
    "server_too_old": VersionError,
    "server_busy": PauseError,
    "server_storage": PauseError,
    "server_full": PauseError,
    "request_too_large": PauseError,
    "bad_request": PauseError,
    "upload_checksum": ItemError,
    "upload_offset": ItemError,
    "upload_unknown": ItemError,
    "upload_busy": PauseError,
    "blob_unknown": ItemError,
}
# An answer to HEAD has no body that could say it.
_HEAD_REFUSALS = {
    401: "token_refused",
    404: "upload_unknown",
    423: "upload_busy",
    503: "server_busy",
    507: "server_storage",
}


class Transport:
    """A connection to one server; used from one thread at a time."""

    def __init__(self, url: str, token: str = "", *, timeout_s: float = _READ_S) -> None:
        self.url = normal_url(url)
        self._known = {"Authorization": f"Bearer {token}"} if token else {}
        self._client = httpx.Client(
            base_url=self.url,
            headers={"User-Agent": f"fieldapp/{__version__}"},
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
        path = urlsplit(location).path
        if not path.startswith("/"):
            raise PauseError("server_nonsense")
        return path

    def _msgpack(
        self, method: str, path: str, content: Mapping[str, Any] | None = None, *, open_to_all: bool = False
    ) -> Any:
        body = None if content is None else msgpack.packb(content)
        self.bytes_sent += len(body or b"")
        headers = {"Content-Type": MEDIA_TYPE} if body is not None else {}
        response = self._request(method, path, content=body, headers=headers, open_to_all=open_to_all)
        self.bytes_received += len(response.content)
        return _unpack(response)

    def _request(
        self,
        method: str,
        path: str,
        *,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        open_to_all: bool = False,
    ) -> httpx.Response:
        """One request; those that are open to all go without the token, as it may be a stranger who answers."""
        sent = {**(headers or {}), **({} if open_to_all else self._known)}
        with _translated():
            response = self._client.request(method, path, content=content, headers=sent)
        if response.is_success:
            return response
        raise _refusal(response)


def normal_url(text: str) -> str:
    """A server's address as people write it, as a URL. Raises UsageError `server_url`."""
    url = text.strip()
    if "://" not in url:
        url = f"http://{url}"
    try:
        parts, _ = urlsplit(url), httpx.URL(url)  # each refuses what the other takes
        valid = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
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


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except httpx.TimeoutException as error:
        raise PauseError("server_silent") from error
    except httpx.ConnectError as error:
        raise PauseError("no_such_server" if _is_name_error(error) else "server_unreachable") from error
    except (httpx.NetworkError, httpx.RemoteProtocolError) as error:
        raise PauseError("connection_lost") from error
    except (httpx.TransportError, httpx.DecodingError, httpx.InvalidURL) as error:
        raise PauseError("server_nonsense") from error


def _is_name_error(error: BaseException) -> bool:
    found: BaseException | None = error
    while found is not None:
        if isinstance(found, socket.gaierror):
            return True
        found = found.__cause__ or found.__context__
    return False


def _unpack(response: httpx.Response) -> Any:
    if response.headers.get("Content-Type", "") != MEDIA_TYPE or len(response.content) > _MAX_ANSWER_BYTES:
        raise PauseError("server_nonsense")
    try:
        return msgpack.unpackb(response.content, strict_map_key=False)
    except (ValueError, msgpack.exceptions.UnpackException) as error:
        raise PauseError("server_nonsense") from error


def _refusal(response: httpx.Response) -> FieldappError:
    """The server's no in our words; a page of some portal, a redirect or a strange code is nonsense."""
    if response.request.method == "HEAD":
        told = _HEAD_REFUSALS.get(response.status_code, "server_nonsense")
        return _REFUSALS.get(told, PauseError)(told)
    found = _unpack(response)
    code = found.get("error") if isinstance(found, dict) else None
    kind = _REFUSALS.get(code) if isinstance(code, str) else None
    if kind is None or not isinstance(code, str):
        return PauseError("server_nonsense")
    wait = response.headers.get("Retry-After", "")
    if kind is PauseError and wait.isascii() and wait.isdigit():
        # Everybody who was sent away must not come back in the same second.
        return PauseError(code, retry_after_s=min(int(wait), _MAX_RETRY_AFTER_S) + random.random())
    return kind(code)


def _offset(response: httpx.Response, size_bytes: int, default: str = "") -> int:
    text = response.headers.get("Upload-Offset", default)
    if not (text.isascii() and text.isdigit()) or int(text) > size_bytes:
        raise PauseError("server_nonsense")
    return int(text)
