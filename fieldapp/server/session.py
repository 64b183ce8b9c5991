"""Who may see the pages: one password, a signed cookie, and patience with those who guess."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections import deque

import sqlalchemy as sa
from starlette.requests import Request
from starlette.responses import Response

from fieldapp.server.bulk import upsert
from fieldapp.server.identity import Identity, fits
from fieldapp.server.schema import ENDED_SESSION

COOKIE = "fieldapp_session"
_VALID_MS = 12 * 3600 * 1000
_WINDOW_MS = 15 * 60 * 1000
_MOST_FAILURES = 5
_MOST_FAILURES_TOGETHER = 50


def is_ended(connection: sa.Connection, cookie: str) -> bool:
    """Whether somebody signed out of this session, at whatever server of the database."""
    query = sa.select(ENDED_SESSION.c.expires_at).where(ENDED_SESSION.c.cookie_sha256 == _sha256(cookie))
    return connection.execute(query).first() is not None


def end(connection: sa.Connection, cookie: str, now_ms: int) -> None:
    """Nobody signs in with this cookie again, not even who copied it; those that expired are forgotten."""
    connection.execute(sa.delete(ENDED_SESSION).where(ENDED_SESSION.c.expires_at <= now_ms))
    upsert(connection, ENDED_SESSION, {"cookie_sha256": _sha256(cookie), "expires_at": now_ms + _VALID_MS})


def _sha256(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()


class Sessions:
    """Signs cookies and counts failures; a changed password ends every session."""

    def __init__(self, identity: Identity) -> None:
        self._hash = identity.password_hash
        self._secret = hashlib.sha256(identity.session_secret + identity.password_hash.encode()).digest()
        self._failures: dict[str, deque[int]] = {}

    def cookie(self, request: Request, now_ms: int) -> str:
        """The cookie of a request that was signed here and has not expired; "" for any other."""
        cookie = request.cookies.get(COOKIE, "")
        text, _, signature = cookie.partition(".")
        signed = hmac.compare_digest(self._sign(text).encode(), signature.encode())
        return cookie if signed and int(text.partition("-")[0]) > now_ms else ""

    def open(self, response: Response, now_ms: int, *, secure: bool) -> None:
        """Puts a fresh cookie on the answer."""
        text = f"{now_ms + _VALID_MS}-{secrets.token_hex(8)}"  # two who sign in at once have two sessions
        response.set_cookie(
            COOKIE,
            f"{text}.{self._sign(text)}",
            max_age=_VALID_MS // 1000,
            httponly=True,
            samesite="strict",
            secure=secure,
        )

    def throttled(self, client: str, now_ms: int) -> bool:
        """Whether this address guessed wrong too often of late, or at all while many addresses do.

        Who has not guessed wrong is let in with the right password, however many others try theirs.
        """
        for held in self._failures.values():
            while held and held[0] < now_ms - _WINDOW_MS:
                held.popleft()
        self._failures = {address: held for address, held in self._failures.items() if held}
        together = sum(map(len, self._failures.values()))
        most = 1 if together >= _MOST_FAILURES_TOGETHER else _MOST_FAILURES
        return len(self._failures.get(client, ())) >= most

    def check(self, password: str) -> bool:
        """Whether the password is right; slow on purpose, so never call it on the event loop."""
        return fits(self._hash, password)

    def begin(self, client: str, now_ms: int) -> None:
        """Counts a guess before it is checked, or many at the same moment would all be checked."""
        self._failures.setdefault(client, deque()).append(now_ms)

    def forgive(self, client: str) -> None:
        """The guess was right: it was no failure."""
        held = self._failures.get(client)
        if held:
            held.pop()

    def _sign(self, text: str) -> str:
        return hmac.new(self._secret, text.encode(), hashlib.sha256).hexdigest()
