"""A code for named villages: a laptop holds no others, and what it records anywhere still arrives."""

from __future__ import annotations

import dataclasses

import msgpack
import pytest
import sqlalchemy as sa

from fieldapp.cli import main
from fieldapp.server import running
from fieldapp.server.running import RunningServer
from fieldapp.server.schema import CLAIM
from fieldapp.storage import counting, profile, reads
from fieldapp.sync import engine, wire
from tests.server.conftest import CODE, Client
from tests.server.test_serve import serving
from tests.server.test_sinks import read
from tests.sync.village import enrolled, record_household, sync

OTHER = "522633100202"


def test_a_laptop_gets_the_villages_of_its_code_and_no_other(server: RunningServer, client: Client) -> None:
    here = client.op("household", head_name="Yang")
    there = dataclasses.replace(client.op("household", head_name="Wu"), village_code=OTHER)
    client.push(here)
    client.sync(frames=[wire.encode([there])], claims={OTHER: [[there.record_id, 0, 0.0, "m"]]}, settle=True)
    narrow = Client(server, CODE)
    mine = dataclasses.replace(narrow.op("household", head_name="Long"), village_code=OTHER)
    asked = {"everything": True, "settle": True, "own": [OTHER], "cursors": {OTHER: 0, CODE: 0}}
    answer = narrow.sync(frames=[wire.encode([mine])], claims={OTHER: [[mine.record_id, 0, 0.0, "m"]]}, **asked)
    assert (set(answer["villages"]), answer["closed"]) == ({CODE}, [OTHER])
    assert len(answer["villages"][CODE]["frames"]) == 1
    assert (answer["acknowledged"], len(answer["receipts"])) == ([[narrow.device, 1]], 1)
    assert read(server, sa.select(CLAIM.c.household_id)) == [(there.record_id,)]  # nobody's claims are replaced by it
    assert set(client.sync(everything=True)["villages"]) == {CODE, OTHER}
    narrow.http.close()


def test_enrolled_anew_it_gets_what_the_new_code_opens(server: RunningServer, client: Client) -> None:
    client.push(client.op("household", head_name="Yang"))
    narrow = Client(server, OTHER)
    assert narrow.sync(everything=True)["villages"] == {}
    made = {"practice": False, "device": narrow.device, "fieldapp": "0.1.0"}
    again = msgpack.unpackb(narrow.post("/v1/enrol", code=server.new_code(), **made).content)
    narrow.http.headers["Authorization"] = f"Bearer {again['token']}"
    assert set(narrow.sync(everything=True)["villages"]) == {CODE}
    narrow.http.close()


def test_a_sync_with_such_a_code_ends_well_and_says_what_was_not_compared(tmp_path, estimator) -> None:
    stores = []
    for name in ("all", "narrow"):
        profile.create(tmp_path / name, person=name, pin=None, practice=True)
        stores.append(profile.open_store(tmp_path / name, pin=None, estimator=estimator))
    every, narrow = stores
    with running.start(tmp_path / "server", estimator=estimator, practice=True) as server:
        for village in (CODE, OTHER):
            record_household(every, village=village)
        sync(enrolled(every, server))
        record_household(narrow, village=OTHER)
        engine.enrol(narrow, server.url, server.new_code(CODE))
        report = sync(narrow)
        assert (report.converged, report.closed, set(report.villages)) == (True, [OTHER], {CODE})
        assert report.sinks_compared
        now = counting.status(narrow)
        assert (now.ops_confirmed, now.households) == (now.ops_total, 2)  # its own, and the one of its village
        assert sync(every).ops_received == now.ops_total
        assert len(reads.households(every, OTHER)) == 2
    for store in stores:
        store.close()


def test_serve_gives_codes_for_villages(tmp_path) -> None:
    with serving(tmp_path / "data", "--village", CODE, "--village", OTHER) as (_, facts):
        assert facts["villages"] == [CODE, OTHER]
        assert len(facts["enrol_codes"]) == 1


@pytest.mark.parametrize("code", ["", "52263310020", "000000000000", "５２２６３３１００２０１"])
def test_a_slip_in_the_code_is_told(tmp_path, code: str) -> None:
    assert main(["serve", "--data", str(tmp_path), "--port", "0", "--village", code]) == 2
