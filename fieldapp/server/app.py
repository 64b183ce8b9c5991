"""Composition root of the server: settings and an estimator in, an ASGI application out."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.middleware import Middleware

from fieldapp.carbon.estimate import RegistryEstimator
from fieldapp.server.api import Api
from fieldapp.server.settings import ServerSettings
from fieldapp.server.station import Station
from fieldapp.server.web import Pages, SafeHeaders


def create_app(settings: ServerSettings, estimator: RegistryEstimator) -> Starlette:
    """The application; `app.state.station` is its station, closed when the application stops."""
    station = Station(settings, estimator)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        yield
        station.close()

    pages = Pages(station)
    app = Starlette(
        routes=[*Api(station).routes(), *pages.routes()],
        lifespan=lifespan,
        middleware=[Middleware(SafeHeaders)],
        exception_handlers={404: pages.nowhere},
    )
    app.state.station = station
    return app
