"""The server computes a parcel's trees again when a person chooses another equation for it, and when it is cleared."""

from __future__ import annotations

import sqlalchemy as sa

from fieldapp.carbon.registry import load
from fieldapp.server.running import RunningServer
from fieldapp.server.schema import SINK
from tests.server.conftest import Client


def equations(server: RunningServer) -> set[str]:
    """The equations behind the server's sinks."""
    return set(server.server.station.database.read(lambda c: list(c.execute(sa.select(SINK.c.equation_id)).scalars())))


def test_another_equation_of_the_parcel_reaches_its_trees(server: RunningServer, client: Client) -> None:
    registry = load()
    species = registry.species("杉木")
    assert species is not None
    household = client.op("household", head_name="Yang")
    parcel = client.op("parcel", household_id=household.record_id, species="杉木")
    trees = [client.op("tree", parcel_id=parcel.record_id, tag=str(n)) for n in range(3)]
    measured = [client.op("measurement", tree_id=tree.record_id, dbh_cm=6.5 + n) for n, tree in enumerate(trees)]
    client.push(household, parcel, *trees, *measured)
    automatic = equations(server)
    other = next(e.id for e in registry.equations_for(species) if e.use == "choice" and e.id not in automatic)
    chosen = client.edit("parcel", parcel.record_id, (), equation_id=other)
    client.push(chosen, client.edit("parcel", parcel.record_id, (), equation_reason="a local sample"))
    assert equations(server) == {other}
    client.push(client.edit("parcel", parcel.record_id, (chosen,), equation_id=None))
    assert equations(server) == automatic
