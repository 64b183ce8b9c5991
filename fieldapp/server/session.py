"""Who may see the pages: one password, a signed cookie, and patience with those who guess."""

from __future__ import annotations

import hashlib
import hmac
from collections import deque

import argon2
from argon2.exceptions import InvalidHashError, VerificationError
from starlette.requests import Request
from starlette.responses import Response

from fieldapp.server.identity import Identity

COOKIE = "fieldapp_session"
_VALID_MS = 12 * 3600 * 1000
_WINDOW_MS = 15 * 60 * 1000
_MOST_FAILURES = 5
_MOST_FAILURES_TOGETHER = 50


class Sessions:
    """Signs cookies and counts failures; a changed password ends every session."""

    def __init__(self, identity: Identity) -> None:
        self._hash = identity.password_hash
        self._secret = hashlib.sha256(identity.session_secret + identity.password_hash.encode()).digest()
        self._failures: dict[str, deque[int]] = {}
        self._ended: dict[str, int] = {}  # cookies of those who signed out, until they expire by themselves

    def valid(self, request: Request, now_ms: int) -> bool:
        """Whether the request carries a cookie that was signed here and has not expired."""
        cookie = request.cookies.get(COOKIE, "")
        expires, _, signature = cookie.partition(".")
        signed = hmac.compare_digest(self._sign(expires).encode(), signature.encode())
        return signed and int(expires) > now_ms and cookie not in self._ended

    def end(self, request: Request, now_ms: int) -> None:
        """Nobody signs in with this cookie again, not even who copied it."""
        if self.valid(request, now_ms):
            self._ended = {cookie: until for cookie, until in self._ended.items() if until > now_ms}
            self._ended[request.cookies[COOKIE]] = now_ms + _VALID_MS

    def open(self, response: Response, now_ms: int, *, secure: bool) -> None:
        """Puts a fresh cookie on the answer."""
        expires = str(now_ms + _VALID_MS)
        response.set_cookie(
            COOKIE,
            f"{expires}.{self._sign(expires)}",
            max_age=_VALID_MS // 1000,
            httponly=True,
            samesite="strict",
            secure=secure,
        )

    def throttled(self, client: str, now_ms: int) -> bool:
        """Whether this address, or all together, guessed wrong too often of late."""
        for held in self._failures.values():
            while held and held[0] < now_ms - _WINDOW_MS:
                held.popleft()
        self._failures = {address: held for address, held in self._failures.items() if held}
        together = sum(map(len, self._failures.values()))
        return len(self._failures.get(client, ())) >= _MOST_FAILURES or together >= _MOST_FAILURES_TOGETHER

    def check(self, password: str) -> bool:
        """Whether the password is right; slow on purpose, so never call it on the event loop."""
        try:
            return argon2.PasswordHasher().verify(self._hash, password)
        except (VerificationError, InvalidHashError):
            return False

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
