"""A server on a free port and requests as any client could make them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import msgpack
import pytest

from fieldapp.carbon.estimate import RegistryEstimator
from fieldapp.carbon.registry import load
from fieldapp.domain.ids import DeviceId, RecordId, new_id
from fieldapp.domain.ops import Op, OpKind, Value, hlc_of
from fieldapp.server import running
from fieldapp.server.running import RunningServer
from fieldapp.sync import wire

CODE = "522633100201"
PASSWORD = "three-word-pass"


class Client:
    """A laptop that knows nothing but the protocol."""

    def __init__(self, server: RunningServer, *villages: str) -> None:
        self.device = DeviceId(new_id())
        self.http = httpx.Client(base_url=server.url, trust_env=False, timeout=20)
        made = self.post(
            "/v1/enrol", practice=False, code=server.new_code(*villages), device=self.device, fieldapp="0.1.0"
        )
        self.http.headers["Authorization"] = f"Bearer {msgpack.unpackb(made.content)['token']}"
        self._counter = 0

    def post(self, path: str, **content: Any) -> httpx.Response:
        """A request of the protocol."""
        body = msgpack.packb({"protocol": 1, "practice": False, **content})
        return self.http.post(path, content=body, headers={"Content-Type": wire.MEDIA_TYPE})

    def sync(self, **content: Any) -> dict[str, Any]:
        """A sync request that must succeed."""
        response = self.post("/v1/sync", **content)
        assert response.status_code == 200, response.content
        found: dict[str, Any] = msgpack.unpackb(response.content, strict_map_key=False)
        return found

    def op(self, record: str, record_id: RecordId | None = None, **fields: Value) -> Op:
        """The next operation of this laptop: it adds a record."""
        self._counter += 1
        stamp = hlc_of(1_700_000_000_000 + self._counter)
        made = RecordId(new_id()) if record_id is None else record_id
        return Op(self.device, self._counter, stamp, CODE, record, made, OpKind.ADD, fields)

    def edit(self, record: str, record_id: RecordId, seen: tuple[Op, ...] = (), **fields: Value) -> Op:
        """The next operation of this laptop: it changes fields that were seen as `seen` wrote them."""
        self._counter += 1
        refs = {name: tuple(op.ref for op in seen) for name in fields}
        stamp = hlc_of(1_700_000_000_000 + self._counter)
        return Op(self.device, self._counter, stamp, CODE, record, record_id, OpKind.EDIT, fields, refs)

    def push(self, *ops: Op) -> dict[str, Any]:
        """Sends operations in one frame and waits until they are in the tables."""
        return self.sync(frames=[wire.encode(ops)], settle=True, everything=True, claims={})


@pytest.fixture(scope="session")
def estimator() -> RegistryEstimator:
    """The product's own estimator."""
    return RegistryEstimator(load())


@pytest.fixture
def server(tmp_path: Path, estimator: RegistryEstimator) -> Iterator[RunningServer]:
    """A real (not a practice) server."""
    with running.start(tmp_path / "server", estimator=estimator, password=PASSWORD) as started:
        yield started


@pytest.fixture
def client(server: RunningServer) -> Iterator[Client]:
    """An enrolled client."""
    made = Client(server)
    yield made
    made.http.close()


@pytest.fixture(scope="session")
def lasting_server(tmp_path_factory: pytest.TempPathFactory, estimator: RegistryEstimator) -> Iterator[RunningServer]:
    """One server for all tests of requests that change nothing."""
    with running.start(tmp_path_factory.mktemp("server"), estimator=estimator, password=PASSWORD) as started:
        yield started


@pytest.fixture
def lasting_client(lasting_server: RunningServer) -> Iterator[Client]:
    """A client of the server that all such tests share."""
    made = Client(lasting_server)
    yield made
    made.http.close()
