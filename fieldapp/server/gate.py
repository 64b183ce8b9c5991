"""The gate before the pages: who has not signed in gets the form that asks for the password, and nothing else."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from fieldapp.server import asked, session
from fieldapp.server.session import COOKIE, Sessions
from fieldapp.server.station import Station
from fieldapp.server.trouble import TROUBLE

_LOG = logging.getLogger(__name__)

Handler = Callable[[Request], Awaitable[Response]]


class Gate:
    """Signing in and out, and the check that every other page stands behind."""

    def __init__(self, station: Station, render: Callable[..., Response]) -> None:
        self._station = station
        self._render = render
        self._sessions = Sessions(station.identity)

    def routes(self) -> list[Route]:
        """What is open to everybody."""
        return [
            Route("/login", self._login, methods=["GET", "POST"]),
            Route("/logout", self._logout, methods=["POST"]),
        ]

    def behind(self, route: Route) -> Route:
        """The same page for those alone who have signed in; nothing is read for anybody else."""

        return Route(route.path, self.guard(route.endpoint), methods=list(route.methods or ()))

    def guard(self, handler: Handler) -> Handler:
        """The same handler for those alone who have signed in."""

        async def guarded(request: Request) -> Response:
            if not await self._is_open(request):
                return RedirectResponse("/login", 303)
            return await handler(request)

        return guarded

    async def _is_open(self, request: Request) -> bool:
        cookie = self._sessions.cookie(request, self._station.settings.now_ms())
        if not cookie:
            return False
        return not await asyncio.to_thread(self._station.database.read, session.is_ended, cookie)

    async def _login(self, request: Request) -> Response:
        now = self._station.settings.now_ms()
        if request.method == "GET":
            return self._render(request, "login", 200, problem="")
        if not asked.same_origin(request):  # another site's form is nobody's guess: it must lock nobody out
            return self._render(request, "login", 403, problem="server.login.foreign")
        client = request.client.host if request.client else ""
        if self._sessions.throttled(client, now):
            return self._render(request, "login", 429, problem="server.login.throttled")
        self._sessions.begin(client, now)
        password = await asked.form_value(request, "password")
        if not await asyncio.to_thread(self._sessions.check, password):
            _LOG.warning("a wrong password for the pages from %s", client)
            return self._render(request, "login", 403, problem="server.login.wrong")
        self._sessions.forgive(client)
        response = RedirectResponse("/", 303)
        self._sessions.open(response, now, secure=request.url.scheme == "https")
        return response

    async def _logout(self, request: Request) -> Response:
        now = self._station.settings.now_ms()
        cookie = self._sessions.cookie(request, now)
        if cookie:
            try:
                await asyncio.wrap_future(self._station.database.submit(session.end, cookie, now))
            except TROUBLE:  # a full disk: this browser forgets its cookie all the same
                _LOG.warning("a session could not be ended for good", exc_info=True)
        response = RedirectResponse("/login", 303)
        response.delete_cookie(COOKIE, httponly=True, samesite="strict")
        return response
