"""The server lists trees that two laptops measured differently, and forgets them when somebody has decided."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
import sqlalchemy as sa

from fieldapp.domain.current import short
from fieldapp.server.merging import unpack_heads
from fieldapp.server.running import RunningServer
from fieldapp.server.schema import CONFLICT, SINK
from tests.server.conftest import PASSWORD, Client
from tests.server.test_sinks import read


@pytest.fixture
def other(server: RunningServer) -> Iterator[Client]:
    """A second laptop."""
    made = Client(server)
    yield made
    made.http.close()


def test_a_dispute_is_listed_until_it_is_decided(server: RunningServer, client: Client, other: Client) -> None:
    parcel = client.op("parcel", species="杉木")
    tree = client.op("tree", parcel_id=parcel.record_id, tag="0302", device_tag="A", number=302)
    first = client.op("measurement", tree_id=tree.record_id, dbh_cm=7.2, seen="")
    client.push(parcel, tree, first)
    known = short(first.record_id)
    second = other.op("measurement", tree_id=tree.record_id, dbh_cm=7.4, seen=known, measured_by="吴阿花")
    other.push(second)
    third = client.op("measurement", tree_id=tree.record_id, dbh_cm=7.9, seen=known, measured_by="韦小燕")
    client.push(third)
    ((record, record_id, field, held),) = read(
        server, sa.select(CONFLICT.c.record, CONFLICT.c.record_id, CONFLICT.c.field, CONFLICT.c.held)
    )
    assert (record, record_id, field) == ("measurement", tree.record_id, "dbh_cm")
    assert [(head["value"], head["device"]) for head in unpack_heads(held)] == [
        (7.4, other.device),
        (7.9, client.device),
    ]
    with httpx.Client(base_url=server.url, trust_env=False, follow_redirects=True) as browser:
        browser.post("/login", data={"password": PASSWORD})
        page = browser.get("/conflicts").text
    assert "0302" in page
    assert "7.4" in page
    assert "7.9" in page
    assert "吴阿花" not in page
    client.push(client.edit("tree", tree.record_id, (tree,), tag="0303"))
    assert len(read(server, sa.select(CONFLICT.c.field))) == 1
    seen = f"{short(second.record_id)} {short(third.record_id)}"
    client.push(client.op("measurement", tree_id=tree.record_id, dbh_cm=7.4, seen=seen))
    assert read(server, sa.select(CONFLICT.c.field)) == []
    assert read(server, sa.select(SINK.c.dbh_cm)) == [(7.4,)]
