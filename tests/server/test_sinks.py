"""The server computes a parcel's trees again when a person chooses another equation for it, and when it is cleared."""

from __future__ import annotations

import math
from typing import Any

import pytest
import sqlalchemy as sa

from fieldapp.carbon.estimate import RegistryEstimator
from fieldapp.carbon.height_curve import HeightCurve
from fieldapp.carbon.kept_curve import as_text
from fieldapp.carbon.registry import load
from fieldapp.domain.sinks import SinkInput
from fieldapp.server.running import RunningServer
from fieldapp.server.schema import CLAIM, SINK
from tests.server.conftest import CODE, Client


def read(server: RunningServer, query: sa.Select[Any]) -> list[tuple[Any, ...]]:
    """Rows of the server's tables once its sinks stand behind no record any more."""
    station = server.server.station
    station.sinks.settled().result()
    return [tuple(row) for row in station.database.read(lambda c: list(c.execute(query)))]


def equations(server: RunningServer) -> set[str]:
    """The equations behind the server's sinks."""
    return {equation for (equation,) in read(server, sa.select(SINK.c.equation_id))}


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


def flags(server: RunningServer) -> list[tuple[Any, ...]]:
    """CO2e and marks of the server's sinks."""
    return read(server, sa.select(SINK.c.co2e_kg, SINK.c.flags).order_by(SINK.c.dbh_cm))


def test_a_height_curve_of_the_parcel_gives_its_trees_the_laptops_bytes(server: RunningServer, client: Client) -> None:
    curve = as_text(HeightCurve("cunninghamia_lanceolata", 1.3, 0.21, 12, 5.0, 9.0, 0.7, "2026-11-23"))
    household = client.op("household", head_name="Yang")
    parcel = client.op("parcel", household_id=household.record_id, species="杉木")
    trees = [client.op("tree", parcel_id=parcel.record_id, tag=str(n)) for n in range(3)]
    measured = [client.op("measurement", tree_id=tree.record_id, dbh_cm=8.0 + n) for n, tree in enumerate(trees)]
    client.push(household, parcel, *trees, *measured)
    bare = flags(server)
    fitted = client.edit("parcel", parcel.record_id, (), height_curve=curve)
    client.push(fitted)
    laptop = [RegistryEstimator(load()).estimate(SinkInput("杉木", 8.0 + n, height_curve=curve)) for n in range(3)]
    assert flags(server) == [(sink.co2e_kg, ",".join(sink.flags)) for sink in laptop]
    assert ["height_curve_extrapolated" in marks for _kg, marks in flags(server)] == [False, False, True]
    client.push(client.edit("parcel", parcel.record_id, (fitted,), height_curve=None))
    assert flags(server) == bare


def test_the_stems_of_a_fork_are_added_up_to_the_laptops_bytes(server: RunningServer, client: Client) -> None:
    parcel = client.op("parcel", species="杉木")
    trees = [client.op("tree", parcel_id=parcel.record_id, tag=str(n)) for n in range(3)]
    kept = [("6.5+7.2", 9.7), ("C20.4", 20.4 / math.pi), (None, 12.0)]
    client.push(parcel, *trees, *(
        client.op("measurement", tree_id=tree.record_id, dbh_cm=dbh_cm, stems=stems)
        for tree, (stems, dbh_cm) in zip(trees, kept, strict=True)
    ))  # fmt: skip
    laptop = [RegistryEstimator(load()).estimate(SinkInput("杉木", dbh_cm, stems=stems)) for stems, dbh_cm in kept]
    by_size = sorted(zip(kept, laptop, strict=True), key=lambda pair: pair[0][1])
    assert flags(server) == [(sink.co2e_kg, ",".join(sink.flags)) for _kept, sink in by_size]
    assert "forked" in laptop[0].flags


def test_claims_belong_to_whoever_made_them_and_to_households_that_are_there(
    server: RunningServer, client: Client
) -> None:
    household = client.op("household", head_name="Yang")
    client.push(household)
    mine, stranger = [household.record_id, 3, 4.0, "x@1"], [b"s" * 16, 1, 1.0, "x@1"]
    told = client.sync(claims={CODE: [mine, stranger]}, settle=True, cursors={CODE: 0})["villages"][CODE]
    assert told["differences"] == [[household.record_id, 3, 4.0, 0, 0.0, ""]]
    assert read(server, sa.select(CLAIM.c.household_id)) == [(household.record_id,)]
    other = Client(server)
    told = other.sync(settle=True, cursors={CODE: 0})["villages"][CODE]
    other.http.close()
    assert told["differences"] == []


@pytest.mark.parametrize("method", [1, "x" * 201, "a\x1b[2J", "\0"])
def test_a_methodology_without_a_proper_name_is_refused(lasting_client: Client, method: object) -> None:
    claims = {CODE: [[b"s" * 16, 1, 1.0, method]]}
    assert lasting_client.post("/v1/sync", claims=claims).status_code == 400
