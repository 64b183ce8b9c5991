"""docs/protocol.md held against the server by a client that was written from that page alone."""

from __future__ import annotations

import re
from pathlib import Path

import httpx
import msgpack
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fieldapp.domain.ids import DeviceId, RecordId
from fieldapp.domain.ops import Op, OpKind, OpRef
from fieldapp.sync import wire
from tests.server import other_client as other

PROJECT = Path(__file__).resolve().parents[2]
PAGE = (PROJECT / "docs" / "protocol.md").read_text("utf-8")
MEDIA_TYPE = "application/vnd.fieldapp+msgpack"
VILLAGE = "522633100201"
ME, SHE = bytes(range(16)), bytes(range(16, 32))
CLOCK = 1_700_000_000_000 << 16


def ask(server, path: str, token: str = "", **content) -> dict:
    """A request as the page describes it."""
    headers = {"Content-Type": MEDIA_TYPE} | ({"Authorization": f"Bearer {token}"} if token else {})
    body = msgpack.packb({"protocol": 1, "practice": False, **content})
    answer = httpx.post(server.url + path, content=body, headers=headers, trust_env=False, timeout=20)
    assert answer.status_code == 200, answer.content
    assert answer.headers["Content-Type"] == MEDIA_TYPE
    return msgpack.unpackb(answer.content, strict_map_key=False)


def enrol(server, device: bytes) -> dict:
    """A laptop that is new to the server."""
    code = server.new_code().upper().replace("-", " ")
    return ask(server, "/v1/enrol", code=code, device=device, fieldapp="other")


def op(counter: int, record: str, kind: int, record_id: bytes, seen=(), **fields) -> dict:
    """An operation of a laptop."""
    return {"counter": counter, "clock": CLOCK + counter, "record": record, "kind": kind, "id": record_id,
            "person": "p", "fields": fields, "seen": list(seen)}  # fmt: skip


def test_the_example_and_everything_around_it(server) -> None:
    mine, hers = enrol(server, ME), enrol(server, SHE)
    trees = [bytes([9, n]) + bytes(14) for n in (1, 2)]
    ops = [op(n, "tree", 0, trees[n - 1], tag=f"T{n}", number=n, species=None) for n in (1, 2)]
    body = other.frame(ME, VILLAGE, ops)
    answer = ask(server, "/v1/sync", mine["token"], frames=[body], cursors={VILLAGE: 0}, settle=True)
    assert (answer["acknowledged"], answer["held"], answer["refused"]) == ([[ME, 2]], [], [])
    assert (answer["restamps"], answer["wanted"]) == ([], [])
    ((signed, signature),) = answer["receipts"]
    Ed25519PublicKey.from_public_bytes(mine["public_key"]).verify(signature, b"fieldapp receipt 1\0" + signed)
    receipt = msgpack.unpackb(signed)
    assert (receipt["v"], receipt["server"], receipt["device"]) == (1, mine["server"], ME)
    assert (receipt["ops"], receipt["blobs"]) == ([[ME, 1, 2]], [])

    change = op(1, "tree", 1, trees[0], [("species", [(ME, 1)])], species="杉木")
    ask(server, "/v1/sync", hers["token"], frames=[other.frame(SHE, VILLAGE, [change])], settle=True)
    village = ask(server, "/v1/sync", mine["token"], everything=True, settle=True)["villages"][VILLAGE]
    ((cursor, frame, stamp),) = village["frames"]
    assert (cursor, stamp, village["cursor"], village["more"], village["applied"]) == (2, None, 2, False, True)
    assert other.read(frame) == (SHE, VILLAGE, [change])
    versions = [other.name(ME, 1) + msgpack.packb({"species": other.name(SHE, 1)}), other.name(ME, 2)]
    held = [{"tag": "T1", "number": 1, "species": "杉木"}, {"tag": "T2", "number": 2}]
    total = sum(other.digest("tree", *parts) for parts in zip(trees, versions, held, strict=True))
    assert (village["rows"], village["digest"]) == (2, f"{total % 2**64:016x}")
    own = ask(server, "/v1/sync", mine["token"], cursors={VILLAGE: 0}, own=[VILLAGE])["villages"][VILLAGE]["frames"]
    assert next(frame for _, frame, _ in own) == body  # byte for byte


def test_a_gap_and_a_cut_across_it(server) -> None:
    mine = enrol(server, ME)
    ops = [op(n, "tree", 0, bytes([n]) * 16, tag="t") for n in range(1, 7)]
    first = ask(server, "/v1/sync", mine["token"], frames=[other.frame(ME, VILLAGE, ops[3:5])])
    assert (first["acknowledged"], first["held"]) == ([[ME, 0]], [[ME, 4, 5]])
    damaged = bytearray(other.frame(ME, VILLAGE, ops[5:]))
    damaged[-1] ^= 1
    second = ask(server, "/v1/sync", mine["token"], frames=[other.frame(ME, VILLAGE, ops[:4]), bytes(damaged)])
    assert sorted(second["refused"]) == [[0, "frame_overlaps"], [1, "frame_damaged"]]
    third = ask(server, "/v1/sync", mine["token"], frames=[other.frame(ME, VILLAGE, ops[:3] + ops[5:])])
    assert (third["acknowledged"], third["held"]) == ([[ME, 6]], [])


def test_a_clock_that_runs_ahead(server) -> None:
    mine, hers = enrol(server, ME), enrol(server, SHE)
    wrong = {**op(1, "tree", 0, bytes(16), tag="t"), "clock": 4_000_000_000_000 << 16}
    answer = ask(server, "/v1/sync", mine["token"], frames=[other.frame(ME, VILLAGE, [wrong])])
    ((device, first, last, base),) = answer["restamps"]
    assert (device, first, last) == (ME, 1, 1)
    assert abs((base >> 16) - answer["time_ms"]) < 60_000
    ((_, _, stamp),) = ask(server, "/v1/sync", hers["token"], everything=True)["villages"][VILLAGE]["frames"]
    assert stamp == [1, base]


FIELDS = st.dictionaries(
    st.sampled_from(["tag", "area", "photo", "owner", "n"]),
    st.one_of(
        st.none(), st.text(max_size=5), st.integers(-(2**63), 2**63 - 1), st.floats(allow_nan=False),
        st.decimals(-400, 400, places=1).map(float), st.binary(min_size=16, max_size=16),
        st.binary(min_size=32, max_size=32),
    ),
)  # fmt: skip


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    rows=st.lists(st.tuples(FIELDS, st.integers(0, 2**63), st.integers(1, 9), st.booleans()), min_size=1, max_size=9)
)
def test_frames_of_the_program_read_by_the_page(rows) -> None:
    ops, counter = [], 0
    for fields, clock, step, edited in rows:
        counter += step
        record_id = RecordId(bytes([counter % 3]) * 16)
        seen = {name: (OpRef(DeviceId(SHE), counter),) for name in fields} if edited else {}
        kind = OpKind.EDIT if edited else OpKind.ADD
        ops.append(Op(DeviceId(ME), counter, clock, VILLAGE, "tree", record_id, kind, fields, seen, "p", 1))
    device, village, found = other.read(wire.encode(ops))
    assert (device, village) == (ME, VILLAGE)
    assert found == [
        {"counter": one.counter, "clock": one.hlc, "record": "tree", "kind": int(one.kind), "id": one.record_id,
         "person": "p", "fields": dict(one.fields), "seen": [(name, list(refs)) for name, refs in one.seen.items()]}
        for one in ops
    ]  # fmt: skip
    assert wire.decode(other.frame(ME, VILLAGE, found)).ops() == ops


def refusals() -> set[tuple[int, str]]:
    """Every status and code that the server's sources can answer with."""
    sources = "".join(path.read_text("utf-8") for path in (PROJECT / "fieldapp" / "server").glob("*.py"))
    found = {(int(status), code) for status, code in re.findall(r'Refusal\((\d+), "(\w+)"', sources)}
    return found | {(507, "server_full"), (507, "server_storage")}


@pytest.mark.parametrize(("status", "code"), sorted(refusals()))
def test_every_refusal_stands_on_the_page(status: int, code: str) -> None:
    rows = [line for line in PAGE.splitlines() if line.startswith("| ") and f"`{code}`" in line]
    assert any(str(status) in line.split("|")[1] or f"`{code}` ({status})" in line for line in rows)
