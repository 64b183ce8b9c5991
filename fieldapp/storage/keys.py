"""The database key: 32 random bytes, wrapped for the person's PIN and for the office, never stored in the open.

A practice profile has no PIN; its key is wrapped by a constant that everybody may read, and it says so.
"""

from __future__ import annotations

import os
from typing import Any

from argon2.exceptions import HashingError
from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from fieldapp.errors import StorageError

KEY_BYTES = 32
_TIME_COST = 3
_MEMORY_KIB = 65_536
_LANES = 1
_MOST_TIME_COST, _MOST_MEMORY_KIB = 20, 1 << 20  # a damaged file must not ask for hours or for all memory
_PRACTICE_SECRET = b"fieldapp practice village: no personal data, no secret"

Wrap = dict[str, Any]


def new_key() -> bytes:
    """A fresh database key."""
    return os.urandom(KEY_BYTES)


def wrap_for_pin(key: bytes, pin: str) -> Wrap:
    """The key for a person, under argon2id."""
    salt = os.urandom(16)
    cost: Wrap = {"time_cost": _TIME_COST, "memory_kib": _MEMORY_KIB, "lanes": _LANES}
    return {"kind": "pin", "salt": salt.hex(), **cost, **_seal(_from_pin(pin, salt, cost), key, b"pin")}


def wrap_for_practice(key: bytes) -> Wrap:
    """The key of a practice profile, under the constant that everybody may read."""
    return {"kind": "practice", **_seal(_derive(_PRACTICE_SECRET, b"practice"), key, b"practice")}


def wrap_for_office(key: bytes, office_key: bytes) -> Wrap:
    """The key for the office's X25519 recovery key (its 32 public bytes), by an ephemeral exchange."""
    mine = X25519PrivateKey.generate()
    shared = mine.exchange(X25519PublicKey.from_public_bytes(office_key))
    public = mine.public_key().public_bytes_raw()
    secret = _derive(shared, b"office" + public + office_key)
    return {"kind": "office", "office_key": office_key.hex(), "public": public.hex(), **_seal(secret, key, b"office")}


def unwrap(wraps: list[Wrap], pin: str | None) -> bytes:
    """The database key for this PIN, or that of a practice profile.

    Raises StorageError `wrong_pin`, or `profile_damaged` for a wrap that nobody can have written.
    """
    try:
        for wrap in wraps:
            if wrap["kind"] == "practice":
                return _open(_derive(_PRACTICE_SECRET, b"practice"), wrap)
            if wrap["kind"] == "pin" and pin is not None:
                return _open(_from_pin(pin, bytes.fromhex(wrap["salt"]), wrap), wrap)
    except (KeyError, TypeError, ValueError, OverflowError, HashingError) as error:
        raise StorageError("profile_damaged") from error
    raise StorageError("wrong_pin")


def recover(wraps: list[Wrap], office_private_key: bytes) -> bytes:
    """The database key for the office's private X25519 key (32 bytes).

    Raises StorageError `wrong_pin` for another office's key, or `profile_damaged`.
    """
    office = X25519PrivateKey.from_private_bytes(office_private_key)
    own = office.public_key().public_bytes_raw()
    try:
        for wrap in wraps:
            if wrap["kind"] == "office" and wrap["office_key"] == own.hex():
                public = bytes.fromhex(wrap["public"])
                shared = office.exchange(X25519PublicKey.from_public_bytes(public))
                return _open(_derive(shared, b"office" + public + own), wrap)
    except (KeyError, TypeError, ValueError) as error:
        raise StorageError("profile_damaged") from error
    raise StorageError("wrong_pin")


def subkey(key: bytes, purpose: bytes) -> bytes:
    """A key of its own for another purpose, such as the photo files."""
    return _derive(key, purpose)


def _from_pin(pin: str, salt: bytes, cost: Wrap) -> bytes:
    if cost["time_cost"] > _MOST_TIME_COST or cost["memory_kib"] > _MOST_MEMORY_KIB:
        raise ValueError("cost")
    return hash_secret_raw(
        pin.encode("utf-8", "replace"),
        salt,
        time_cost=cost["time_cost"],
        memory_cost=cost["memory_kib"],
        parallelism=cost["lanes"],
        hash_len=KEY_BYTES,
        type=Type.ID,
    )


def _derive(secret: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=KEY_BYTES, salt=None, info=b"fieldapp " + purpose).derive(secret)


def _seal(secret: bytes, key: bytes, purpose: bytes) -> Wrap:
    nonce = os.urandom(12)
    return {"nonce": nonce.hex(), "sealed": AESGCM(secret).encrypt(nonce, key, purpose).hex()}


def _open(secret: bytes, wrap: Wrap) -> bytes:
    try:
        return AESGCM(secret).decrypt(
            bytes.fromhex(wrap["nonce"]), bytes.fromhex(wrap["sealed"]), wrap["kind"].encode("ascii")
        )
    except InvalidTag:
        raise StorageError("wrong_pin") from None
