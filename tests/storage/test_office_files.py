"""The office's recovery key in every form in which people keep it."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from fieldapp.storage.office_files import private_key, public_key

KEY = X25519PrivateKey.from_private_bytes(bytes(range(32)))
PRIVATE, PUBLIC = KEY.private_bytes_raw(), KEY.public_key().public_bytes_raw()
PEM = KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
PUBLIC_PEM = KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


@pytest.mark.parametrize("data", [PRIVATE, PRIVATE.hex().encode(), f" {PRIVATE.hex()}\n".encode(), PEM], ids=range(4))
def test_the_private_half_is_read(data: bytes) -> None:
    assert private_key(data) == PRIVATE


@pytest.mark.parametrize("data", [PUBLIC, PUBLIC.hex().encode(), PUBLIC_PEM], ids=range(3))
def test_the_public_half_is_read(data: bytes) -> None:
    assert public_key(data) == PUBLIC


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff" * 31,
        b"no key",
        b"-----BEGIN PUBLIC KEY-----\nnonsense\n-----END PUBLIC KEY-----",
        Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
        KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"secret")),
    ],
    ids=range(6),
)
def test_anything_else_is_no_key(data: bytes) -> None:
    assert private_key(data) is None
    assert public_key(data) is None


def test_the_private_half_is_never_taken_for_the_public_one() -> None:
    assert public_key(PEM) is None
    assert private_key(PUBLIC_PEM) is None
