"""Runs a server: in the foreground for `fieldapp serve`, on a thread for tests, benchmarks and the headless day."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import uvicorn

from fieldapp.carbon.estimate import RegistryEstimator
from fieldapp.errors import StorageError
from fieldapp.server import trouble
from fieldapp.server.app import create_app
from fieldapp.server.settings import ServerSettings

_STOP_SECONDS = 30


@dataclass(frozen=True)
class Opened:
    """What somebody must know to use a server that has just started; `password` is empty when it is an old one."""

    url: str
    password: str
    practice: bool


class Server(uvicorn.Server):
    """A server on an open socket; `opened` is called as soon as it answers."""

    def __init__(
        self,
        settings: ServerSettings,
        estimator: RegistryEstimator,
        *,
        host: str,
        port: int,
        opened: Callable[[Opened], None],
    ) -> None:
        self._socket = _listen(host, port)
        try:
            with trouble.told_at_start(settings.data_dir):
                app = create_app(settings, estimator)
        except BaseException:
            self._socket.close()
            raise
        self.station = app.state.station
        self._opened = opened
        self._host = host
        config = uvicorn.Config(
            app,
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=bool(settings.proxies),  # from anybody else it is a name that a guesser gives himself
            forwarded_allow_ips=list(settings.proxies),
            lifespan="on",
            ws="none",
            timeout_keep_alive=30,
            timeout_graceful_shutdown=10,
        )
        super().__init__(config)

    def run_here(self) -> None:
        """Serves until it is told to stop (SIGTERM, Ctrl+C, `should_exit`)."""
        self.run(sockets=[self._socket])

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Tells that the server answers."""
        await super().startup(sockets)
        if self.started:
            self._opened(self._facts())

    def _facts(self) -> Opened:
        port = self._socket.getsockname()[1]
        shown = "127.0.0.1" if self._host in ("", "0.0.0.0") else self._host
        host = f"[{shown}]" if ":" in shown else shown
        own = self.station.identity
        return Opened(f"http://{host}:{port}", own.new_password, own.practice)


def _listen(host: str, port: int) -> socket.socket:
    """An open socket. Raises StorageError `port_taken` when somebody else holds the port."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        listening.close()
        raise StorageError("port_taken", host=host, port=port) from error
    return listening


@dataclass(frozen=True)
class RunningServer:
    """A server on a thread of this process."""

    url: str
    enrol_code: str
    password: str
    server: Server
    thread: threading.Thread

    def new_code(self, *villages: str) -> str:
        """Another enrolment code, for these villages or for all."""
        return str(self.server.station.new_code(villages))

    def stop(self) -> None:
        """Stops serving and closes the database."""
        self.server.should_exit = True
        self.thread.join(_STOP_SECONDS)

    def __enter__(self) -> RunningServer:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def start(
    data_dir: Path,
    *,
    estimator: RegistryEstimator,
    port: int = 0,
    practice: bool = False,
    host: str = "127.0.0.1",
    **settings: Any,
) -> RunningServer:
    """Starts a server on a thread and returns when it answers; further settings as in `ServerSettings`."""
    answered = threading.Event()
    facts: list[Opened] = []

    def opened(found: Opened) -> None:
        facts.append(found)
        answered.set()

    chosen = ServerSettings(data_dir=data_dir, practice=practice, **settings)
    server = Server(chosen, estimator, host=host, port=port, opened=opened)
    thread = threading.Thread(target=server.run_here, name="server", daemon=True)
    thread.start()
    answered.wait(_STOP_SECONDS)
    if not facts:
        raise StorageError("server_not_started")
    return RunningServer(facts[0].url, server.station.new_code(), facts[0].password, server, thread)
