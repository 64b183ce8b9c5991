"""Frames as somebody else would write and read them who has nothing but docs/protocol.md: no import of the project."""

from __future__ import annotations

import hashlib
import itertools
import struct
from typing import Any

import msgpack
import zstandard

HEAD = struct.Struct(">4sBBH16sQQIII")


def frame(device: bytes, village: str, ops: list[dict[str, Any]]) -> bytes:
    """A frame in the plainest packing; an operation: counter, clock, record, kind, id, person, fields, seen."""
    ids = list(
        dict.fromkeys(one for op in ops for one in (op["id"], *(ref[0] for _, refs in op["seen"] for ref in refs)))
    )
    sections = [_section(op, ids) for op in ops]
    table = [_plain([int.from_bytes(one[:6], "big") for one in ids]), b"".join(one[6:] for one in ids)]
    raw = msgpack.packb([table, sections])
    payload = zstandard.ZstdCompressor(level=3).compress(raw)
    place = village.encode()
    counters = [op["counter"] for op in ops]
    span = (min(counters), max(counters), len(ops), len(raw), len(payload))
    head = HEAD.pack(b"FAF1", 1, 0, 1, device, *span) + bytes([len(place)]) + place
    return head + hashlib.sha256(head + payload).digest() + payload


def _plain(numbers: list[int]) -> list[Any]:
    return [9, 0, msgpack.packb(numbers)]


def _section(op: dict[str, Any], ids: list[bytes]) -> list[Any]:
    seen = None
    if op["seen"]:
        refs = [ref for _, held in op["seen"] for ref in held]
        seen = [
            _plain([len(op["seen"])]),
            [0, [name for name, _ in op["seen"]]],
            _plain([len(held) for _, held in op["seen"]]),
            _plain([ids.index(device) for device, _ in refs]),
            _plain([counter for _, counter in refs]),
        ]
    columns = [[0, [value]] for value in op["fields"].values()]
    numbers = (_plain([op["counter"]]), _plain([op["clock"]]), _plain([ids.index(op["id"])]))
    return [op["record"], op["kind"], 1, list(op["fields"]), *numbers, [0, [op["person"]]], columns, seen]


def read(data: bytes) -> tuple[bytes, str, list[dict[str, Any]]]:
    """Device, village and operations of a frame in any packing, by counter."""
    magic, codec, _, _, device, first, last, count, raw_bytes, packed_bytes = HEAD.unpack_from(data)
    assert (magic, codec) == (b"FAF1", 1)
    end = HEAD.size + 1 + data[HEAD.size]
    payload = data[end + 32 :]
    assert len(payload) == packed_bytes
    assert hashlib.sha256(data[:end] + payload).digest() == data[end : end + 32]
    raw = zstandard.ZstdDecompressor().decompress(payload, max_output_size=raw_bytes)
    assert len(raw) == raw_bytes
    table, sections = msgpack.unpackb(raw, strict_map_key=False)
    ids = [head.to_bytes(6, "big") + table[1][10 * i : 10 * i + 10] for i, head in enumerate(integers(table[0]))]
    ops = sorted((op for one in sections for op in _ops(one, ids)), key=lambda op: op["counter"])
    assert (ops[0]["counter"], ops[-1]["counter"], len(ops)) == (first, last, count)
    return device, data[HEAD.size + 1 : end].decode(), ops


def _ops(section: list[Any], ids: list[bytes]) -> list[dict[str, Any]]:
    record, kind, _, names, counters, clocks, places, persons, columns, seen = section
    numbers = integers(counters)
    n = len(numbers)
    values = [column(one, n, ids) for one in columns]
    saw = _seen(seen, ids) if seen is not None else [[] for _ in numbers]
    rows = zip(numbers, integers(clocks), integers(places), column(persons, n, ids), saw, strict=True)
    return [
        {"counter": counter, "clock": clock, "record": record, "kind": kind, "id": ids[place], "person": person,
         "fields": {name: held[i] for name, held in zip(names, values, strict=True)}, "seen": held_seen}
        for i, (counter, clock, place, person, held_seen) in enumerate(rows)
    ]  # fmt: skip


def _seen(packed: list[Any], ids: list[bytes]) -> list[list[Any]]:
    fields_per_op = integers(packed[0])
    names = iter(column(packed[1], sum(fields_per_op), ids))
    sizes = iter(integers(packed[2]))
    refs = iter(
        [(ids[place], counter) for place, counter in zip(integers(packed[3]), integers(packed[4]), strict=True)]
    )
    return [[(next(names), list(itertools.islice(refs, next(sizes)))) for _ in range(n)] for n in fields_per_op]


def integers(packed: list[Any]) -> list[int]:
    """The numbers of an integer column."""
    width, first, data = packed
    if width == 9:
        return list(msgpack.unpackb(data))
    if width == 0:
        step, count = msgpack.unpackb(data) if data else (0, 0)
        return [first + i * step for i in range(count)]
    n = len(data) // width
    steps = [int.from_bytes(bytes(data[p * n + i] for p in range(width)), "little", signed=True) for i in range(n)]
    return list(itertools.accumulate(steps, initial=first))


def column(packed: list[Any], n: int, ids: list[bytes]) -> list[Any]:
    """The values of a column of `n` operations."""
    kind, *rest = packed
    if kind == 8:
        held = iter(column(rest[1], sum(rest[0]), ids))
        return [next(held) if here else None for here in rest[0]]
    return {
        0: lambda: list(rest[0]),
        1: lambda: [None] * n,
        2: lambda: integers(rest[0]),
        3: lambda: [one / 10 ** rest[0] for one in integers(rest[1])],
        4: lambda: [one for (one,) in struct.iter_unpack("<d", rest[0])],
        5: lambda: [rest[0][place] for place in integers(rest[1])],
        6: lambda: [ids[place] for place in integers(rest[0])],
        7: lambda: [rest[0][i : i + 32] for i in range(0, len(rest[0]), 32)],
    }[kind]()


def digest(record: str, record_id: bytes, version: bytes, fields: dict[str, Any]) -> int:
    """A record's digest."""
    held = [[name, value] for name, value in sorted(fields.items()) if value is not None]
    body = msgpack.packb([record, record_id, version, held])
    return int.from_bytes(hashlib.blake2b(body, digest_size=8).digest(), "big", signed=True)


def name(device: bytes, counter: int) -> bytes:
    """An operation's name, 24 bytes."""
    return device + counter.to_bytes(8, "big")
