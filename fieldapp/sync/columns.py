"""Columns of a frame: many values of one field, packed so that the compressor finds what repeats.

Every column says how it was packed, so a reader needs no schema: a field of a newer version survives.
All packings are lossless; what fits no packing travels as plain msgpack values.
"""

from __future__ import annotations

import math
import sys
from array import array
from collections.abc import Callable, Sequence
from enum import IntEnum
from itertools import accumulate, compress, repeat
from operator import sub
from typing import Any

import msgpack

from fieldapp.domain.ops import Value

ID_BYTES = 16
HASH_BYTES = 32
MAX_DECIMALS = 7
_WIDTHS = ((1, "b"), (2, "h"), (4, "i"), (8, "q"))
_TYPECODE = dict(_WIDTHS)


class Packing(IntEnum):
    """First element of a packed column."""

    PLAIN = 0  # msgpack values as they are
    NONE = 1  # every value is empty
    INTEGERS = 2
    SCALED = 3  # decimals, integers
    REALS = 4  # float64
    STRINGS = 5  # dictionary, integers
    REFS = 6  # integers that point into the frame's id table
    HASHES = 7
    SPARSE = 8  # which rows hold a value, packed column of those


class IdTable:
    """The frame's 16-byte ids, each once: records and what they point at."""

    def __init__(self) -> None:
        self.ids: dict[bytes, int] = {}

    def indexes(self, ids: Sequence[Any]) -> list[int]:
        """The place of each id in the table; unknown ids are appended."""
        table = self.ids
        for one in ids:
            if one not in table:
                table[one] = len(table)
        return [table[one] for one in ids]

    def pack(self) -> list[Any]:
        """Timestamps of UUIDv7 as deltas, the random rest raw (nothing compresses it)."""
        ids = list(self.ids)
        return [pack_integers([int.from_bytes(one[:6], "big") for one in ids]), b"".join(one[6:] for one in ids)]


def unpack_ids(packed: Sequence[Any]) -> list[bytes]:
    """The id table of a frame. Raises ValueError when its parts do not fit together."""
    heads, tails = unpack_integers(packed[0]), packed[1]
    rest = ID_BYTES - 6
    if len(tails) != len(heads) * rest:
        raise ValueError("id table")
    return [head.to_bytes(6, "big") + tails[i * rest : i * rest + rest] for i, head in enumerate(heads)]


def pack_integers(values: Sequence[int]) -> list[Any]:
    """[width, first value, differences]: byte planes of the narrowest signed width that holds every difference."""
    if not values:
        return [0, 0, b""]
    deltas = list(map(sub, values[1:], values))
    low, high = min(deltas, default=0), max(deltas, default=0)
    if low == high:  # an arithmetic run: its step and length say everything
        return [0, values[0], msgpack.packb([low, len(values)])] if -(1 << 63) <= low < 1 << 63 else _wide(values)
    for width, typecode in _WIDTHS:
        bound = 1 << (8 * width - 1)
        if -bound <= low and high < bound:
            return [width, values[0], _planes(array(typecode, deltas), width)]
    return _wide(values)


def _wide(values: Sequence[int]) -> list[Any]:
    return [9, 0, msgpack.packb(list(values))]


def _planes(deltas: array[int], width: int) -> bytes:
    if sys.byteorder == "big":
        deltas.byteswap()
    raw = deltas.tobytes()
    return raw if width == 1 else b"".join(raw[i::width] for i in range(width))


def unpack_integers(packed: Sequence[Any], limit: int = 1 << 20) -> list[int]:
    """The integers of a packed column. Raises ValueError for a column that is none."""
    width, first, data = packed
    if width == 0:
        if not data:
            return []
        step, count = msgpack.unpackb(data)
        if not 0 < count <= limit or not type(first) is type(step) is int:
            raise ValueError("run length")
        return [first] * count if step == 0 else list(range(first, first + step * count, step))
    if width == 9:
        found = list(msgpack.unpackb(data))
        if not all(type(one) is int for one in found):
            raise ValueError("integer column")
        return found
    if type(first) is not int:
        raise ValueError("integer column")
    deltas = array(_TYPECODE[width])
    count, odd = divmod(len(data), width)
    if odd:
        raise ValueError("integer column")
    if width > 1:
        raw = bytearray(len(data))
        for i in range(width):
            raw[i::width] = data[i * count : i * count + count]
        data = raw
    deltas.frombytes(data)
    if sys.byteorder == "big":
        deltas.byteswap()
    return list(accumulate(deltas, initial=first))


def pack(values: Sequence[Value], ids: IdTable) -> list[Any]:
    """Packs one field's values, one per operation."""
    kinds = set(map(type, values))
    if type(None) in kinds:
        return _pack_sparse(values, ids) if len(kinds) > 1 else [Packing.NONE]
    packer = _PACKERS.get(kinds.pop()) if len(kinds) == 1 else None
    packed = packer(values, ids) if packer is not None else None
    return [Packing.PLAIN, list(values)] if packed is None else packed


def _pack_sparse(values: Sequence[Value], ids: IdTable) -> list[Any]:
    present = bytes(value is not None for value in values)
    return [Packing.SPARSE, present, pack(list(compress(values, present)), ids)]


def _pack_ints(values: Sequence[Any], _: IdTable) -> list[Any] | None:
    fits = min(values) >= -(1 << 62) and max(values) < 1 << 62
    return [Packing.INTEGERS, pack_integers(values)] if fits else None


def _pack_reals(values: Sequence[Any], _: IdTable) -> list[Any]:
    for decimals in range(MAX_DECIMALS + 1):
        scaled = _scale(values, 10**decimals)
        if scaled is not None:
            return [Packing.SCALED, decimals, pack_integers(scaled)]
    floats = array("d", values)
    if sys.byteorder == "big":
        floats.byteswap()
    return [Packing.REALS, floats.tobytes()]


def _scale(values: Sequence[float], scale: int) -> list[int] | None:
    """Integers that give back exactly these floats when divided by `scale`, or None."""
    if not all(map(math.isfinite, values)) or max(map(abs, values)) * scale > 1 << 53:
        return None
    scaled = [round(value * scale) for value in values]
    if [one / scale for one in scaled] != list(values):
        return None
    negative_zero = any(value == 0 and math.copysign(1, value) < 0 for value in values) if 0 in scaled else False
    return None if negative_zero else scaled


def _pack_strings(values: Sequence[Any], _: IdTable) -> list[Any]:
    places: dict[str, int] = {}
    for one in values:
        if one not in places:
            places[one] = len(places)
    return [Packing.STRINGS, list(places), pack_integers([places[one] for one in values])]


def _pack_bytes(values: Sequence[Any], ids: IdTable) -> list[Any] | None:
    lengths = set(map(len, values))
    if lengths == {ID_BYTES}:
        return [Packing.REFS, pack_integers(ids.indexes(values))]
    if lengths == {HASH_BYTES}:
        return [Packing.HASHES, b"".join(values)]
    return None


_PACKERS: dict[type, Callable[[Sequence[Any], IdTable], list[Any] | None]] = {
    int: _pack_ints,
    float: _pack_reals,
    str: _pack_strings,
    bytes: _pack_bytes,
}


def unpack(packed: Sequence[Any], count: int, ids: Sequence[bytes]) -> list[Any]:
    """The `count` values of a packed column. Raises ValueError for a column that is none."""
    values = _unpack(packed, count, ids)
    if len(values) != count:
        raise ValueError("column length")
    return values


def _unpack(packed: Sequence[Any], count: int, ids: Sequence[bytes]) -> list[Any]:
    packing = Packing(packed[0])
    if packing is Packing.NONE:
        return [None] * count
    if packing is Packing.SPARSE:
        return _unpack_sparse(packed[1], packed[2], ids)
    if packing is Packing.SCALED:
        scale = 10 ** _in_range(packed[1], MAX_DECIMALS)
        return [one / scale for one in unpack_integers(packed[2])]
    if packing is Packing.REALS:
        return _unpack_reals(packed[1])
    if packing is Packing.HASHES:
        return [packed[1][i : i + HASH_BYTES] for i in range(0, len(packed[1]), HASH_BYTES)]
    if packing is Packing.INTEGERS:
        return unpack_integers(packed[1])
    if packing is Packing.PLAIN:
        return [_checked(one) for one in packed[1]]
    table = packed[1] if packing is Packing.STRINGS else ids
    places = unpack_integers(packed[2] if packing is Packing.STRINGS else packed[1])
    if places and min(places) < 0:
        raise ValueError("dictionary place")
    return list(map(table.__getitem__, places))


def _in_range(value: int, highest: int) -> int:
    if not 0 <= value <= highest:
        raise ValueError(value)
    return value


def _checked(value: Any) -> Value:
    if value is not None and not isinstance(value, (str, int, float, bytes)):
        raise ValueError("value of no known type")
    return value


def _unpack_reals(data: bytes) -> list[float]:
    floats = array("d")
    floats.frombytes(data)
    if sys.byteorder == "big":
        floats.byteswap()
    return list(floats)


def _unpack_sparse(present: bytes, packed: Sequence[Any], ids: Sequence[bytes]) -> list[Any]:
    held = iter(unpack(packed, sum(present), ids))
    if present.strip(b"\x00\x01"):
        raise ValueError("presence column")
    return [next(held) if here else nothing for here, nothing in zip(present, repeat(None))]
