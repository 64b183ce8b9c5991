"""Identities: client-made UUIDv7 as 16 bytes, so that two laptops never collide and inserts stay in order."""

from __future__ import annotations

import os
import time
import uuid
from typing import NewType

RecordId = NewType("RecordId", bytes)
DeviceId = NewType("DeviceId", bytes)

_NAMESPACE = uuid.UUID("6f1d3c52-3a57-5b0e-9c7e-52a1f0c4b9d1")
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford base 32: no I, L, O, U to misread on a tag


def new_id(now_ms: int | None = None) -> RecordId:
    """A fresh UUIDv7 (RFC 9562) as 16 bytes; its first 48 bits are milliseconds since 1970."""
    ms = time.time_ns() // 1_000_000 if now_ms is None else now_ms
    random = bytearray(os.urandom(10))
    random[0] = 0x70 | (random[0] & 0x0F)
    random[2] = 0x80 | (random[2] & 0x3F)
    return RecordId((ms & 0xFFFF_FFFF_FFFF).to_bytes(6, "big") + bytes(random))


def derived_id(*parts: str) -> RecordId:
    """The same 16 bytes on every laptop for the same parts: for things that exist once, such as a village."""
    return RecordId(uuid.uuid5(_NAMESPACE, "\x1f".join(parts)).bytes)


def device_tag(device: DeviceId) -> str:
    """Four characters that stand for a laptop inside household and tree codes."""
    value = int.from_bytes(device[-4:], "big")
    return "".join(_ALPHABET[(value >> shift) & 31] for shift in (15, 10, 5, 0))
