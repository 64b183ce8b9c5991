"""What went wrong between laptop and server, in our words: foreign errors and the server's no become ours here."""

from __future__ import annotations

import random
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import msgpack

from fieldapp.errors import FieldappError, ItemError, PauseError, VersionError
from fieldapp.sync.wire import MEDIA_TYPE

_HUNG_UP, _CUT_SHORT = "Server disconnected", "peer closed connection"  # as the HTTP client words it
_MAX_RETRY_AFTER_S = 3_600
_MOST_DIGITS = 18  # Python refuses to read numbers of thousands of digits
# What a machine in front of the server says when it does not reach it, or the server itself when it has a fault.
_TROUBLE = frozenset({429, 500, 502, 503, 504})
# What the server calls a refusal -> the kind of error that it is here; texts stand under the same code.
REFUSALS: dict[str, type[FieldappError]] = {
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
_HEADLESS = {
    401: "token_refused",
    404: "upload_unknown",
    423: "upload_busy",
    503: "server_busy",
    507: "server_storage",
}


@contextmanager
def translated(*, greeting: bool = False) -> Iterator[None]:
    """Every error of the HTTP client as one of ours; before the `greeting` is answered nobody knows who is there."""
    try:
        yield
    except httpx.TimeoutException as error:
        raise PauseError("server_silent") from error
    except httpx.ConnectError as error:
        raise PauseError(_why_unreachable(error)) from error
    except httpx.ProxyError as error:
        raise PauseError("proxy_refused") from error
    except (httpx.NetworkError, httpx.RemoteProtocolError) as error:
        raise PauseError(_why_broken(error) if greeting else "connection_lost") from error
    except (httpx.TransportError, httpx.DecodingError, httpx.InvalidURL) as error:
        raise PauseError("server_nonsense") from error


def _why_broken(error: httpx.TransportError) -> str:
    """A stranger on the port says something that is no HTTP, or hangs up on us; a network may break off an answer."""
    told = str(error)
    if isinstance(error, httpx.RemoteProtocolError) and not told.startswith((_HUNG_UP, _CUT_SHORT)):
        return "server_nonsense"
    return "connection_lost" if told.startswith(_CUT_SHORT) else "server_mute"


@contextmanager
def settings_refused() -> Iterator[None]:
    """Proxy or certificate settings of the system that make no sense are told, not a crash."""
    try:
        yield
    except (ValueError, ImportError, OSError, httpx.InvalidURL) as error:
        raise PauseError("proxy_settings") from error


def _why_unreachable(error: BaseException) -> str:
    found: BaseException | None = error
    while found is not None:
        if isinstance(found, socket.gaierror):
            return "no_such_server"
        if isinstance(found, ssl.SSLCertVerificationError):
            return "server_certificate"
        if isinstance(found, ssl.SSLError):
            return "server_no_tls"
        found = found.__cause__ or found.__context__
    return "server_unreachable"


def unpack(response: httpx.Response) -> Any:
    """The content of an answer of ours. Raises PauseError `server_nonsense`."""
    if response.headers.get("Content-Type", "") != MEDIA_TYPE:
        raise PauseError("server_nonsense")
    try:
        return msgpack.unpackb(response.content, strict_map_key=False)
    except (ValueError, TypeError, msgpack.exceptions.UnpackException) as error:  # TypeError: a list as a key
        raise PauseError("server_nonsense") from error


def refusal(response: httpx.Response) -> FieldappError:
    """The server's no in our words; a page of some portal, a redirect or a strange code is nonsense."""
    if response.request.method == "HEAD":
        told = _HEADLESS.get(response.status_code)
        return REFUSALS[told](told) if told else _foreign(response)
    if response.headers.get("Content-Type", "") != MEDIA_TYPE:
        return _foreign(response)
    found = unpack(response)
    code = found.get("error") if isinstance(found, dict) else None
    kind = REFUSALS.get(code) if isinstance(code, str) else None
    if kind is None or not isinstance(code, str):
        return PauseError("server_nonsense")
    return PauseError(code, **_come_again(response)) if kind is PauseError else kind(code)


def _foreign(response: httpx.Response) -> FieldappError:
    """A no that is not in our form: of a machine in front of the server, or of a stranger."""
    if response.status_code == 413:
        return PauseError("request_too_large")
    if response.status_code in _TROUBLE:
        return PauseError("server_trouble", status=response.status_code, **_come_again(response))
    if response.headers.get("Location", "").startswith(f"https://{response.request.url.host}"):
        return PauseError("server_wants_https")
    return PauseError("server_nonsense")


def _come_again(response: httpx.Response) -> dict[str, float]:
    """Everybody who was sent away must not come back in the same second."""
    wait = response.headers.get("Retry-After", "")
    if not (wait.isascii() and wait.isdigit()):
        return {}
    return {"retry_after_s": min(int(wait[:_MOST_DIGITS]), _MAX_RETRY_AFTER_S) + random.random()}
