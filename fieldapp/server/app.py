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

    routes = [*Api(station).routes(), *Pages(station).routes()]
    app = Starlette(routes=routes, lifespan=lifespan, middleware=[Middleware(SafeHeaders)])
    app.state.station = station
    return app
