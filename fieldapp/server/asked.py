"""What a browser asks, read as something that anybody may have written."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

from starlette.requests import Request

_MAX_FORM = 4_096
_PAGE_DIGITS = 6


def page(request: Request) -> int:
    """The number of the page of a list; anything that is none is the first."""
    text = request.query_params.get("page", "0")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _PAGE_DIGITS else 0


def from_hex(text: str) -> bytes:
    """The bytes that an address names; none when it names nothing."""
    try:
        return bytes.fromhex(text)
    except ValueError:
        return b""


def same_origin(request: Request) -> bool:
    """Whether a form was sent by a page of this server: the browser says so, or else names the site it comes from.

    Behind a proxy that hands on another Host only the first is of use; browsers say it over TLS.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = request.headers.get("Origin")
    return origin is None or origin.partition("://")[2] == request.headers.get("Host")


def way_back(referer: str) -> str:
    """The place on this server that the browser came from; never another server's, whatever the header says."""
    try:
        back = urlsplit(referer)
    except ValueError:
        return "/"
    return "/" + back.path.lstrip("/\\") + (f"?{back.query}" if back.query else "")


async def form_value(request: Request, name: str) -> str:
    """One field of a small form; empty when the form is none, or too large."""
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > _MAX_FORM:
            return ""
    return parse_qs(body.decode("utf-8", "replace")).get(name, [""])[0]
