"""The server's pages: what arrived, masked, behind a password; Chinese and English, no script, nothing from outside."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

import sqlalchemy as sa
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from fieldapp import i18n
from fieldapp.domain import programme
from fieldapp.errors import Finding
from fieldapp.server import alike, asked, conflict_list, differences, doubts, people, photos, queries, sums, unread
from fieldapp.server.device_pages import DevicePages
from fieldapp.server.gate import Gate
from fieldapp.server.queries import PAGE
from fieldapp.server.refusal import Refusal
from fieldapp.server.rendering import Renderer
from fieldapp.server.station import Station
from fieldapp.server.sync_request import VILLAGE_CODE

_LANGUAGE = "fieldapp_language"
_HEADERS = {
    b"content-security-policy": b"default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    b"base-uri 'none'; frame-ancestors 'none'",
    b"x-content-type-options": b"nosniff",
    b"referrer-policy": b"same-origin",
    b"x-frame-options": b"DENY",
}


class SafeHeaders:
    """Puts the same strict headers on every answer."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), *_HEADERS.items()]
            await send(message)

        await self._app(scope, receive, with_headers)


class Pages:
    """The routes of the pages."""

    def __init__(self, station: Station) -> None:
        self._station = station
        self._renderer = Renderer(station)
        self._gate = Gate(station, self._render)

    def routes(self) -> list[Route]:
        """Every page; all but the first few stand behind the gate."""
        lists = {"receipts": queries.receipts, "quarantine": queries.quarantine, "conflicts": conflict_list.conflicts}
        behind = [
            Route("/", self._villages),
            Route("/villages/{village}", self._households),
            Route("/villages/{village}/households/{household}", self._household),
            *(Route(f"/{name}", self._list(name, read)) for name, read in lists.items()),
            *DevicePages(self._station, self).routes(),
            Route("/photos/{sha256}", self._photo),
        ]
        return [
            *self._gate.routes(),
            Route("/language/{language}", self._language),
            Route("/style.css", self._css),
            *map(self._gate.behind, behind),
        ]

    async def nowhere(self, request: Request, _: Exception) -> Response:
        """The answer to an address that is no page's: words for people, none for strangers, a code for programs."""
        if request.url.path.startswith("/v1/"):
            return Refusal(404, "server_too_old").response()  # a request that only later servers know
        return await self._gate.guard(self._missing)(request)

    async def _missing(self, request: Request) -> Response:
        return self.show(request, "missing", status=404)

    async def _css(self, request: Request) -> Response:
        return FileResponse(self._renderer.style, media_type="text/css")

    async def _villages(self, request: Request) -> Response:
        rows = await self.read(queries.villages, asked.page(request))
        villages = [row["village_code"] for row in rows[:PAGE]]
        found = await self.read(self._station.sums.by_village, villages)
        counties = await self.read(self._station.sums.by_county)
        names = await self.read(queries.county_names)
        return self.show(
            request, "villages", rows=rows, sums=found, counties=sorted(counties.items()), county_names=names
        )

    async def _households(self, request: Request) -> Response:
        village = str(request.path_params["village"])
        if not VILLAGE_CODE.fullmatch(village) or not await self.read(queries.is_village, village):
            return await self._missing(request)
        rows = await self.read(queries.households, village, asked.page(request))
        compared = await self.read(differences.compare, village, self._station.settings.methods)
        shown = [row["id"] for row in rows[:PAGE]]
        whole = await self.read(self._station.sums.by_village, [village])
        return self.show(
            request,
            "households",
            rows=rows,
            claims={one.household_id: one for one in compared},
            sums=await self.read(sums.by_household, self._station.estimator, village, shown),
            doubtful=doubts.by_household(await self.read(doubts.doubts, programme.load(), village)),
            whole=whole.get(village, sums.NOTHING),
            shared=await self.read(_others, village, shown),
            unread=await self.read(unread.unread, village, shown),
            village=village,
            village_name=await self.read(queries.village_name, village),
        )

    async def _household(self, request: Request) -> Response:
        village, household_id = (
            str(request.path_params["village"]),
            asked.from_hex(str(request.path_params["household"])),
        )
        household = await self.read(queries.household, village, household_id)
        if household is None:
            return await self._missing(request)
        rows = await self.read(queries.trees, village, household_id, asked.page(request))
        shown = [row["id"] for row in rows]
        found = await self.read(photos.photos, village, [household_id, *shown])
        compared = await self.read(differences.compare, village, self._station.settings.methods, household_id)
        own = await self.read(sums.by_household, self._station.estimator, village, [household_id])
        return self.show(
            request,
            "household",
            rows=rows,
            whole=own.get(household_id, sums.NOTHING),
            doubts=await self.read(doubts.doubts, programme.load(), village, [household_id]),
            area_mu=await self.read(sums.area_mu, village, household_id),
            photos=found,
            claim=compared[0] if compared else None,
            shared=(await self.read(_others, village, [household_id])).get(household_id, ()),
            unread=(await self.read(unread.unread, village, [household_id])).get(household_id, {}),
            household=household,
            village=village,
            village_name=await self.read(queries.village_name, village),
        )

    def _list(self, name: str, read: Callable[..., list[Any]]) -> Callable[[Request], Any]:
        async def handle(request: Request) -> Response:
            return self.show(request, name, rows=await self.read(read, asked.page(request)))

        return handle

    async def _photo(self, request: Request) -> Response:
        sha256 = asked.from_hex(str(request.path_params["sha256"]))
        size = await asyncio.to_thread(self._station.blobs.size, sha256)
        if size is None:
            return await self._missing(request)
        data = await asyncio.to_thread(self._station.blobs.read, sha256, 0, size)
        if not data.startswith(b"\xff\xd8\xff"):  # only JPEG leaves this way, whatever somebody uploaded
            return Response(status_code=415)
        return Response(data, media_type="image/jpeg", headers={"Cache-Control": "no-store"})

    async def _language(self, request: Request) -> Response:
        wanted = str(request.path_params["language"])
        response = RedirectResponse(asked.way_back(request.headers.get("Referer", "/")), 303)
        if wanted in i18n.LANGUAGES:
            response.set_cookie(_LANGUAGE, wanted, max_age=365 * 86400, httponly=True, samesite="strict")
        return response

    async def read(self, work: Callable[..., Any], *args: Any) -> Any:
        """What the database has, read on a thread."""
        return await asyncio.to_thread(self._station.database.read, work, *args)

    def show(self, request: Request, page: str, status: int = 200, rows: Any = (), **content: Any) -> Response:
        """A page with the part of its rows that was asked for."""
        number = asked.page(request)
        more = len(rows) > PAGE
        return self._render(request, page, status, rows=rows[:PAGE], page_number=number, more=more, **content)

    def _render(self, request: Request, page: str, status: int, **content: Any) -> Response:
        html = self._renderer.html(page, request.cookies.get(_LANGUAGE, ""), **content)
        return HTMLResponse(html, status, {"Cache-Control": "no-store"})


def _others(connection: sa.Connection, village: str, households: Sequence[bytes]) -> dict[bytes, list[Finding]]:
    """By household: who else has its people's numbers, and which household may be the same one."""
    numbers, names = people.shared(connection, village, households), alike.alike(connection, village, households)
    return {key: numbers.get(key, []) + names.get(key, []) for key in households}
