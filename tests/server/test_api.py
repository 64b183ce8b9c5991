"""Every request of the protocol: what it gives, what it refuses, and how."""

from __future__ import annotations

import dataclasses

import httpx
import msgpack
import pytest
import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from fieldapp.domain.ids import DeviceId, derived_id, new_id
from fieldapp.server import running
from fieldapp.server.schema import QUARANTINE, RECORDS
from fieldapp.sync import wire
from tests.server.conftest import CODE, Client


def rows(server, table, *columns):
    """The rows of a table."""
    query = sa.select(*(table.c[name] for name in columns))
    return server.server.station.database.read(lambda connection: connection.execute(query).all())


def test_hello_tells_who_it_is(server, client) -> None:
    hello = msgpack.unpackb(client.http.get("/v1/hello").content)
    assert hello["protocol"] == [1, 1]
    assert hello["practice"] is False
    assert len(hello["server"]) == 16
    assert hello["time_ms"] > 1_600_000_000_000


@pytest.mark.parametrize("token", ["", "Bearer", "Bearer wrong", "Basic eA=="])
def test_without_a_token_nothing_is_told(lasting_client, token) -> None:
    lasting_client.http.headers["Authorization"] = token
    for method, path in (("POST", "/v1/sync"), ("POST", "/v1/blobs"), ("GET", "/v1/blobs/" + "00" * 32)):
        answer = lasting_client.http.request(method, path, content=b"", headers={"Content-Type": wire.MEDIA_TYPE})
        assert answer.status_code == 401
        assert msgpack.unpackb(answer.content) == {"error": "token_refused"}


def test_a_code_enrols_one_laptop_once(server, client) -> None:
    code = server.new_code()
    first = DeviceId(new_id())
    asked = {"code": f" {code.upper()} ", "device": first}
    assert client.post("/v1/enrol", **asked).status_code == 200
    assert client.post("/v1/enrol", **asked).status_code == 200  # only the answer was lost
    other = client.post("/v1/enrol", code=code, device=DeviceId(new_id()))
    assert (other.status_code, msgpack.unpackb(other.content)) == (403, {"error": "enrol_code_refused"})


def test_a_code_expires(tmp_path, estimator) -> None:
    now = [1_700_000_000_000]
    with running.start(tmp_path / "s", estimator=estimator, now_ms=lambda: now[0], code_valid_ms=1_000) as server:
        code = server.new_code()
        now[0] += 2_000
        body = msgpack.packb({"protocol": 1, "practice": False, "code": code, "device": new_id()})
        with httpx.Client(base_url=server.url, trust_env=False) as http:
            late = http.post("/v1/enrol", content=body, headers={"Content-Type": wire.MEDIA_TYPE})
    assert (late.status_code, msgpack.unpackb(late.content)) == (403, {"error": "enrol_code_refused"})


def test_a_laptop_with_a_taken_tag_is_refused(server, client) -> None:
    twin = DeviceId(bytes(12) + client.device[-4:])
    answer = client.post("/v1/enrol", code=server.new_code(), device=twin)
    assert (answer.status_code, msgpack.unpackb(answer.content)) == (409, {"error": "tag_taken"})


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"protocol": 0}, 426, "client_too_old"),
        ({"protocol": 2}, 426, "server_too_old"),
        ({"protocol": "x"}, 400, "bad_request"),
        ({"practice": True}, 409, "practice_mismatch"),
        ({"frames": 5}, 400, "bad_request"),
        ({"cursors": [1]}, 400, "bad_request"),
        ({"offered": [b"short"]}, 400, "bad_request"),
        ({"claims": {"x": [[b"short", 1, 1.0, ""]]}}, 400, "bad_request"),
    ],
)
def test_wrong_requests_are_named(lasting_client, change, status, code) -> None:
    answer = lasting_client.post("/v1/sync", **change)
    assert (answer.status_code, msgpack.unpackb(answer.content)) == (status, {"error": code})


@pytest.mark.parametrize(
    "body", [b"", b"\xc1", b"<html>", msgpack.packb([1, 2]), b"\x81\xa8protocol", b"\x81\x91\x01\x01"]
)
def test_bodies_that_are_none_are_refused(lasting_client, body) -> None:
    answer = lasting_client.http.post("/v1/sync", content=body, headers={"Content-Type": wire.MEDIA_TYPE})
    assert (answer.status_code, msgpack.unpackb(answer.content)) == (400, {"error": "bad_request"})


def test_a_damaged_frame_is_refused_alone(server, client) -> None:
    good, bad = wire.encode([client.op("tree", tag="1")]), bytearray(wire.encode([client.op("tree", tag="2")]))
    bad[-1] ^= 1
    answer = client.sync(frames=[bytes(bad), good], settle=True)
    assert answer["refused"] == [[0, "frame_damaged"]]
    assert [row.tag for row in rows(server, RECORDS["tree"], "tag")] == ["1"]


def test_the_receipt_names_what_is_durable_and_is_signed(server, client) -> None:
    hello = client.post("/v1/enrol", code=server.new_code(), device=client.device)
    made = msgpack.unpackb(hello.content)
    client.http.headers["Authorization"] = f"Bearer {made['token']}"
    answer = client.push(client.op("tree", tag="1"), client.op("tree", tag="2"))
    ((body, signature),) = answer["receipts"]
    Ed25519PublicKey.from_public_bytes(made["public_key"]).verify(signature, wire.RECEIPT_CONTEXT + body)
    read = msgpack.unpackb(body)
    assert read["ops"] == [[client.device, 1, 2]]
    assert (read["device"], read["server"]) == (client.device, made["server"])


def test_one_poisonous_operation_among_many_is_set_aside(server, client) -> None:
    ops = [client.op("tree", tag=f"T{i}", number=i) for i in range(1_000)]
    ops[500] = client.op("tree", tag=12345, number=500)  # a number where a text belongs
    ops.sort(key=lambda op: op.counter)
    answer = client.push(*ops)
    assert answer["acknowledged"] == [[client.device, 500]]  # counter 501 was never sent
    assert answer["villages"][CODE]["rows"] == 999
    (aside,) = rows(server, QUARANTINE, "code", "counter", "record")
    assert tuple(aside) == ("bad_value", 1_001, "tree")


def test_unknown_records_and_fields_are_kept_and_passed_on(server, client) -> None:
    strange = client.op("drone_flight", altitude_m=120.5)
    tree = client.op("tree", tag="1", canopy_m=3.25)
    client.push(strange, tree)
    other = Client(server)
    found = other.sync(everything=True)["villages"][CODE]
    other.http.close()
    ((_, body, _),) = found["frames"]
    assert wire.decode(body).ops() == [strange, tree]
    assert msgpack.unpackb(rows(server, RECORDS["tree"], "unknown")[0][0]) == {"canopy_m": 3.25}
    assert rows(server, QUARANTINE, "code")[0][0] == "unknown_record"


def test_a_fact_is_never_changed(server, client) -> None:
    fact = client.op("measurement", dbh_cm=6.0)
    client.push(fact)
    client.push(client.edit("measurement", fact.record_id, dbh_cm=9.0))
    client.push(client.op("measurement", fact.record_id, dbh_cm=9.0))
    assert [row.dbh_cm for row in rows(server, RECORDS["measurement"], "dbh_cm")] == [6.0]
    assert sorted(row.code for row in rows(server, QUARANTINE, "code")) == ["fact_edited", "fact_exists"]


def test_an_edit_may_come_before_what_it_edits(server, client) -> None:
    add = client.op("tree", tag="1", species="杉木")
    edit = client.edit("tree", add.record_id, seen=(add,), species="马尾松")
    early = client.push(edit)
    assert early["villages"][CODE]["rows"] == 0
    late = client.push(add)
    assert late["villages"][CODE]["rows"] == 1
    assert [row.species for row in rows(server, RECORDS["tree"], "species")] == ["马尾松"]


def test_too_many_at_once_are_told_when_to_come_again(tmp_path, estimator) -> None:
    with running.start(tmp_path / "s", estimator=estimator, most_at_once=0) as server:
        answer = httpx.get(f"{server.url}/v1/hello", trust_env=False)
    assert answer.status_code == 503
    assert 2 <= int(answer.headers["Retry-After"]) <= 15


def test_a_server_that_stopped_before_applying_goes_on_at_its_start(tmp_path, estimator) -> None:
    folder = tmp_path / "s"
    with running.start(folder, estimator=estimator) as first:
        client = Client(first)
        ops = [client.op("tree", tag=str(i)) for i in range(30)]
        client.push(*ops[:10])
        station = first.server.station
        frames = [(wire.decode(data), data) for data in (wire.encode(ops[10:20]), wire.encode(ops[20:]))]
        station.database.write(station.accept, frames)  # durable, and then the power goes
        client.http.close()
    with running.start(folder, estimator=estimator) as second:
        second.server.station.database.run_on_writer(lambda: None).result()
        assert len(rows(second, RECORDS["tree"], "id")) == 30


def test_the_last_claims_about_a_village_replace_all_earlier_ones(server, client) -> None:
    other = Client(server)
    made = [client.op("household", head_name="x"), client.op("household", head_name="y")]
    client.push(*made)
    first = client.sync(claims={CODE: [[op.record_id, 1, 10.0, "m"] for op in made]}, cursors={CODE: 0}, settle=True)
    assert len(first["villages"][CODE]["differences"]) == 2
    claim = [made[1].record_id, 2, 20.0, "m"]
    second = other.sync(claims={CODE: [claim, claim]}, cursors={CODE: 0}, settle=True)
    assert [one[:3] for one in second["villages"][CODE]["differences"]] == [claim[:3]]
    assert client.sync(claims={CODE: []}, cursors={CODE: 0}, settle=True)["villages"][CODE]["differences"] == []
    other.http.close()


@pytest.mark.parametrize(
    "claim", [[bytes(16), 1, float("nan"), "m"], [bytes(16), 2**63, 1.0, "m"], [bytes(16), -1, 1.0, "m"]]
)
def test_a_claim_that_is_no_number_is_a_bad_request(lasting_client, claim) -> None:
    assert lasting_client.post("/v1/sync", claims={CODE: [claim]}).status_code == 400
    assert lasting_client.post("/v1/sync", claims={"../../etc": []}).status_code == 400


@pytest.mark.parametrize("code", ["", "../../etc", "<b>x</b>", "5" * 255, "000000000000", "５２２６３３１００２０１"])
def test_a_frame_of_no_village_is_refused_alone(lasting_client, code) -> None:
    op = dataclasses.replace(lasting_client.op("household", head_name="x"), village_code=code)
    answer = lasting_client.sync(frames=[wire.encode([op])])
    assert answer["refused"] == [[0, "frame_damaged"]]
    assert code not in answer["villages"]


@pytest.mark.parametrize(("told", "refused"), [(None, False), (0, False), (1, True), (True, True)])
def test_practice_data_is_never_stored_by_a_real_server(server, client, told, refused) -> None:
    answer = client.push(client.op("village", derived_id("village", CODE), name="x", practice=told))
    assert answer["refused"] == ([[0, "practice_mismatch"]] if refused else [])
    assert (CODE in answer["villages"]) != refused
