"""Frames come back exactly as they were made, and nothing else is ever taken for a frame."""

from __future__ import annotations

import hashlib
import math
import struct
import tracemalloc

import msgpack
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from fieldapp.domain.ids import DeviceId, RecordId
from fieldapp.domain.ops import Op, OpKind, OpRef
from fieldapp.errors import ItemError, VersionError
from fieldapp.sync import wire

IDS = st.binary(min_size=16, max_size=16)
VALUES = st.one_of(
    st.none(),
    st.text(max_size=12),
    st.integers(min_value=-(1 << 63), max_value=(1 << 63) - 1),
    st.floats(allow_nan=False),
    st.decimals(min_value=-400, max_value=400, places=1).map(float),
    IDS,
    st.binary(min_size=32, max_size=32),
    st.binary(max_size=5),
)
NAMES = st.sampled_from(["tag", "species", "dbh_cm", "parcel_id", "removed", "a_field_of_a_newer_schema"])
DEVICE = DeviceId(bytes(range(16)))


@st.composite
def op_lists(draw: st.DrawFn) -> list[Op]:
    """Operations of one laptop in one village, with any fields, also such as no schema knows."""
    counters = sorted(draw(st.sets(st.integers(1, (1 << 40) - 1), min_size=1, max_size=12)))
    village = draw(st.sampled_from(["522633100201", "", "村"]))
    return [
        Op(
            device=DEVICE,
            counter=counter,
            hlc=draw(st.integers(0, (1 << 63) - 1)),
            village_code=village,
            record=draw(st.sampled_from(["tree", "measurement", "record_of_a_newer_schema"])),
            record_id=RecordId(draw(IDS)),
            kind=draw(st.sampled_from(OpKind)),
            fields=draw(st.dictionaries(NAMES, VALUES, max_size=4)),
            seen=draw(
                st.dictionaries(
                    NAMES,
                    st.lists(st.builds(OpRef, IDS.map(DeviceId), st.integers(1, (1 << 40) - 1)), max_size=2).map(tuple),
                )
            ),
            person=draw(st.text(max_size=4)),
            schema=draw(st.integers(1, 3)),
        )
        for counter in counters
    ]


def sample_ops(count: int) -> list[Op]:
    """Trees as a laptop records them."""
    return [
        Op(
            device=DEVICE,
            counter=i + 1,
            hlc=(1_760_000_000_000 + 5_000 * i) << 16,
            village_code="522633100201",
            record="tree",
            record_id=RecordId(hashlib.sha256(str(i).encode()).digest()[:16]),
            kind=OpKind.ADD,
            fields={"tag": f"A7K2-{i:04d}", "number": i, "state": "alive", "removed": None},
            person="surveyor",
        )
        for i in range(count)
    ]


@given(op_lists())
def test_operations_come_back_exactly(ops: list[Op]) -> None:
    found = wire.decode(wire.encode(ops)).ops()
    assert found == ops
    for before, after in zip(ops, found, strict=True):
        for name, value in before.fields.items():
            assert type(after.fields[name]) is type(value)
            if isinstance(value, float):
                assert struct.pack("d", after.fields[name]) == struct.pack("d", value)


def test_a_value_that_is_no_number_survives() -> None:
    op = sample_ops(1)[0]
    odd = [Op(**{**_as_dict(op), "fields": {"x": value}}) for value in (math.nan, math.inf, -0.0)]
    for one in odd:
        (found,) = wire.decode(wire.encode([one])).ops()
        assert struct.pack("d", found.fields["x"]) == struct.pack("d", one.fields["x"])


def _as_dict(op: Op) -> dict[str, object]:
    return {name: getattr(op, name) for name in Op.__slots__}


@given(st.data())
def test_a_flipped_bit_is_refused(data: st.DataObject) -> None:
    frame = bytearray(wire.encode(sample_ops(3)))
    bit = data.draw(st.integers(0, 8 * len(frame) - 1))
    frame[bit // 8] ^= 1 << (bit % 8)
    with pytest.raises(ItemError, match="frame_damaged"):
        wire.decode(bytes(frame))


def test_every_truncation_is_refused() -> None:
    frame = wire.encode(sample_ops(3))
    for length in range(len(frame)):
        with pytest.raises(ItemError, match="frame_damaged"):
            wire.decode(frame[:length])
    with pytest.raises(ItemError, match="frame_damaged"):
        wire.decode(frame + b"\0")


@given(st.binary(max_size=400))
def test_random_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(ItemError):
        wire.decode(data)


def _forged(payload: bytes, raw_bytes: int, count: int = 1, codec: int = wire.CODEC) -> bytes:
    """A frame whose hash is right and whose content is whatever somebody put there."""
    head = wire._HEAD.pack(wire.MAGIC, codec, 0, 1, DEVICE, 1, count, count, raw_bytes, len(payload), 0)
    return head + hashlib.sha256(head + payload).digest() + payload


def test_a_bomb_is_refused_before_it_opens() -> None:
    bomb = zstandard.compress(bytes(1 << 26))
    for claimed in (10, wire.MAX_RAW_BYTES, 1 << 30):
        with pytest.raises(ItemError, match="frame_damaged"):
            wire.decode(_forged(bomb, claimed))


def test_a_run_longer_than_its_frame_is_refused() -> None:
    run = [0, 1, msgpack.packb([0, 1 << 40])]
    section = ["tree", 0, 1, [], run, run, run, [0, [""]], [], None]
    raw = msgpack.packb([[run, b""], [section]])
    with pytest.raises(ItemError, match="frame_damaged"):
        wire.decode(_forged(zstandard.compress(raw), len(raw)))


@given(st.recursive(st.one_of(st.none(), st.integers(-9, 9), st.binary(max_size=3), st.text(max_size=2)), st.lists))
def test_any_content_under_a_right_hash_is_refused_cleanly(content: object) -> None:
    raw = msgpack.packb(content)
    with pytest.raises(ItemError, match="frame_damaged"):
        wire.decode(_forged(zstandard.compress(raw), len(raw)))


def test_a_newer_codec_says_so() -> None:
    with pytest.raises(VersionError, match="frame_newer"):
        wire.decode(_forged(b"", 0, codec=wire.CODEC + 1))


def test_frames_stay_near_their_target() -> None:
    ops = sample_ops(3_000)
    frames = list(wire.encode_within(ops, 8_000))
    assert max(map(len, frames)) <= 8_000
    assert [op for frame in frames for op in wire.decode(frame).ops()] == ops


def test_the_header_names_the_frame() -> None:
    ops = sample_ops(5)
    header = wire.read_header(wire.encode(ops))
    assert (header.device, header.first, header.last, header.n_ops) == (DEVICE, 1, 5, 5)
    assert header.village_code == "522633100201"


@pytest.mark.parametrize("promised", [0, 1_000])
def test_a_payload_that_swells_is_refused_unopened(promised: int) -> None:
    payload = zstandard.ZstdCompressor().compress(bytes(200 << 20))
    head = wire._HEAD.pack(wire.MAGIC, wire.CODEC, 0, 1, bytes(16), 1, 1, 1, promised, len(payload), 1) + b"5"
    frame = head + hashlib.sha256(head + payload).digest() + payload
    tracemalloc.start()
    try:
        with pytest.raises(ItemError, match="frame_damaged"):
            wire.decode(frame)
        assert tracemalloc.get_traced_memory()[1] < 1 << 20
    finally:
        tracemalloc.stop()
