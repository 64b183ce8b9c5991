"""The order-independent digest by which laptop and server see whether they hold the same records of a village."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from hashlib import blake2b

import msgpack

from fieldapp.domain.ids import RecordId
from fieldapp.domain.ops import Value

_SIZE = 8
_MODULUS = 1 << (8 * _SIZE)
_PACK = msgpack.Packer(buf_size=4096).pack  # a new packer for every call costs more than what it packs


def record_digest(record: str, record_id: RecordId, version: bytes, values: Mapping[str, Value]) -> int:
    """A signed 64-bit integer that stands for one record's state: its visible values and the ops behind them.

    Empty fields do not count, so that a field that only a newer program declares changes nothing until it is used.
    """
    held = sorted([(name, value) for name, value in values.items() if value is not None])
    body: bytes = _PACK([record, record_id, version, held])
    return int.from_bytes(blake2b(body, digest_size=_SIZE).digest(), "big", signed=True)


def combine(digests: Iterable[int]) -> str:
    """The digest of a whole village from its records' digests in any order, as 16 hexadecimal digits."""
    return hex_digest(sum(digests))


def hex_digest(total: int) -> str:
    """A sum of record digests as 16 hexadecimal digits."""
    return f"{total % _MODULUS:016x}"
