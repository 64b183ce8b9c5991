"""The pages of the enrolled laptops: a new code lets one in, a revoked token shuts one out at once."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from fieldapp.server import asked, devices, queries
from fieldapp.server.station import Station
from fieldapp.server.trouble import TROUBLE, is_full, refusal

if TYPE_CHECKING:
    from fieldapp.server.web import Pages


class DevicePages:
    """The list, and the forms that change it."""

    def __init__(self, station: Station, pages: Pages) -> None:
        self._station = station
        self._pages = pages

    def routes(self) -> list[Route]:
        """Every page about laptops."""
        return [
            Route("/devices", self._list),
            Route("/devices/{tag}/revoke", self._ask, methods=["GET"]),
            Route("/devices/{tag}/revoke", self._revoke, methods=["POST"]),
            Route("/codes", self._codes, methods=["GET", "POST"]),
        ]

    async def _list(self, request: Request) -> Response:
        rows = await self._pages.read(queries.devices, asked.page(request))
        return self._pages.show(request, "devices", rows=rows, new_code="")

    async def _codes(self, request: Request) -> Response:
        if request.method == "GET":  # read again, or its language switched: a code is shown once
            return RedirectResponse("/devices", 303)
        if not self._may_change(request):
            return RedirectResponse("/login", 303)
        try:
            code = await asyncio.to_thread(self._station.new_code)
        except TROUBLE as error:
            return self._trouble(request, error)
        return self._pages.show(request, "devices", rows=await self._pages.read(queries.devices, 0), new_code=code)

    async def _ask(self, request: Request) -> Response:
        """What revoking means, before it is done; without a script a question is a page of its own."""
        laptop = await self._pages.read(queries.device, _tag(request))
        if laptop is None or laptop["revoked"]:
            return RedirectResponse("/devices", 303)
        return self._pages.show(request, "revoke", laptop=laptop)

    async def _revoke(self, request: Request) -> Response:
        if not self._may_change(request):
            return RedirectResponse("/login", 303)
        try:
            await asyncio.wrap_future(self._station.database.submit(devices.revoke, _tag(request)))
        except TROUBLE as error:
            return self._trouble(request, error)
        return RedirectResponse("/devices", 303)

    def _trouble(self, request: Request, error: BaseException) -> Response:
        """That nothing was done, in words for who pressed the button: a full disk is no fault of the page."""
        refused = refusal(error)
        kind = "full" if is_full(error) else "storage"
        return self._pages.show(request, "trouble", status=refused.status, kind=kind)

    def _may_change(self, request: Request) -> bool:
        return self._pages.may(request) and asked.same_origin(request)


def _tag(request: Request) -> str:
    """The laptop that the address names; none for what no tag can be, such as a NUL that PostgreSQL does not take."""
    text = str(request.path_params["tag"])
    return text if text.isascii() and text.isalnum() else ""
