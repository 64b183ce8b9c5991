"""The pages of the enrolled laptops: a new code lets one in, a revoked token shuts one out at once."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from fieldapp.domain.numbers import plain_width
from fieldapp.server import asked, devices, queries
from fieldapp.server.station import Station
from fieldapp.server.sync_request import VILLAGE_CODE
from fieldapp.server.trouble import TROUBLE, is_full, refusal

if TYPE_CHECKING:
    from fieldapp.server.web import Pages

_BETWEEN = re.compile(r"[\s,;，；、]+")


@dataclass(frozen=True, slots=True)
class _Code:
    """What the page says of a code: a new one and the villages that it opens, or why there is none."""

    new: str = ""
    villages: str = ""
    problem: str = ""


_NO_CODE = _Code()


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
        return await self._devices(request, asked.page(request))

    async def _devices(self, request: Request, page: int = 0, code: _Code = _NO_CODE) -> Response:
        rows = await self._pages.read(queries.devices, page)
        return self._pages.show(request, "devices", rows=rows, code=code)

    async def _codes(self, request: Request) -> Response:
        if request.method == "GET":  # read again, or its language switched: a code is shown once
            return RedirectResponse("/devices", 303)
        if not asked.same_origin(request):
            return RedirectResponse("/login", 303)
        typed = plain_width(await asked.form_value(request, "villages"))
        villages = [code for code in _BETWEEN.split(typed) if code]
        if not all(map(VILLAGE_CODE.fullmatch, villages)):
            return await self._devices(request, code=_Code(villages=typed, problem="server.code.villages_wrong"))
        try:
            code = await asyncio.to_thread(self._station.new_code, villages)
        except TROUBLE as error:
            return self._trouble(request, error)
        return await self._devices(request, code=_Code(code, " ".join(villages)))

    async def _ask(self, request: Request) -> Response:
        """What revoking means, before it is done; without a script a question is a page of its own."""
        laptop = await self._pages.read(queries.device, _tag(request))
        if laptop is None:
            return self._pages.show(request, "missing", status=404)
        if laptop["revoked"]:
            return RedirectResponse("/devices", 303)
        return self._pages.show(request, "revoke", laptop=laptop)

    async def _revoke(self, request: Request) -> Response:
        if not asked.same_origin(request):
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


def _tag(request: Request) -> str:
    """The laptop that the address names; none for what no tag can be, such as a NUL that PostgreSQL does not take."""
    text = str(request.path_params["tag"])
    return text if text.isascii() and text.isalnum() else ""
