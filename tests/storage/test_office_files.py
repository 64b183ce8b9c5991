"""The office's recovery key in every form in which people keep it; which half a file holds is never guessed."""

from __future__ import annotations

from functools import cache

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

from fieldapp.errors import ItemError
from fieldapp.storage.office_files import KeyPair, describe, make_pair, number, private_key, public_key, public_line

KEY = X25519PrivateKey.from_private_bytes(bytes(range(32)))
PRIVATE, PUBLIC = KEY.private_bytes_raw(), KEY.public_key().public_bytes_raw()
PEM, DER = (KEY.private_bytes(form, PrivateFormat.PKCS8, NoEncryption()) for form in (Encoding.PEM, Encoding.DER))
LOCKED, LOCKED_DER = (
    KEY.private_bytes(form, PrivateFormat.PKCS8, BestAvailableEncryption(b"a long secret"))
    for form in (Encoding.PEM, Encoding.DER)
)
PUBLIC_PEM, PUBLIC_DER = (
    KEY.public_key().public_bytes(form, PublicFormat.SubjectPublicKeyInfo) for form in (Encoding.PEM, Encoding.DER)
)
LINE = public_line(PUBLIC).encode()
OTHER_KIND = Ed25519PrivateKey.generate()


@cache
def pair() -> KeyPair:
    return make_pair("four words of mine")


@pytest.mark.parametrize(
    "data", [PRIVATE, PRIVATE.hex().encode(), f" {PRIVATE.hex()}\n".encode(), PEM, DER], ids=range(5)
)
def test_the_private_half_is_read(data: bytes) -> None:
    assert private_key(data) == PRIVATE
    assert private_key(data, "typed all the same") == PRIVATE


@pytest.mark.parametrize(
    "data", [PUBLIC_PEM, PUBLIC_DER, LINE, b"\xef\xbb\xbf# for laptops\r\n" + LINE + b"\r\n"], ids=range(4)
)
def test_the_public_half_is_read(data: bytes) -> None:
    assert public_key(data) == PUBLIC
    assert describe(data) == ("public", number(PUBLIC))


@pytest.mark.parametrize("data", [PEM, DER, LOCKED, LOCKED_DER], ids=range(4))
def test_the_private_half_is_never_taken_for_the_public_one(data: bytes) -> None:
    with pytest.raises(ItemError, match="office_key_private"):
        public_key(data)
    assert describe(data)[0] == "private"


@pytest.mark.parametrize("data", [PRIVATE.hex().encode(), PUBLIC.hex().upper().encode(), PUBLIC, PRIVATE])
def test_bare_digits_might_be_either_half_and_are_no_public_key(data: bytes) -> None:
    with pytest.raises(ItemError, match="office_key_bare"):
        public_key(data)


def test_a_line_that_was_miscopied_is_told() -> None:
    slip = LINE[:24] + (b"B" if LINE[24:25] == b"A" else b"A") + LINE[25:]
    for wrong in (slip, LINE[:-1], LINE[:-9], b"fieldapp-office-key:"):
        with pytest.raises(ItemError, match="office_key_slip"):
            public_key(wrong)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff" * 31,
        b"no key",
        b"-----BEGIN PUBLIC KEY-----\nnonsense\n-----END PUBLIC KEY-----",
        OTHER_KIND.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
        public_line(bytes(32)).encode(),  # no exchange with it gives a secret
    ],
    ids=range(6),
)
def test_anything_else_is_no_public_key(data: bytes) -> None:
    with pytest.raises(ItemError, match="office_key_none"):
        public_key(data)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"no key", "office_key_none"),
        (OTHER_KIND.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()), "office_key_none"),
        (b'{"format": "fieldapp-office-private-key-1"}', "passphrase_wanted"),
        (PUBLIC_PEM, "office_key_public"),
        (LINE, "office_key_public"),
        (LOCKED, "passphrase_wanted"),
        (LOCKED_DER, "passphrase_wanted"),
    ],
    ids=range(7),
)
def test_what_is_no_private_half_is_told(data: bytes, code: str) -> None:
    with pytest.raises(ItemError, match=code):
        private_key(data)


@pytest.mark.parametrize("data", [LOCKED, LOCKED_DER], ids=range(2))
def test_a_passphrase_of_its_own_opens_the_private_half(data: bytes) -> None:
    assert private_key(data, "a long secret") == PRIVATE
    with pytest.raises(ItemError, match="passphrase_wrong"):
        private_key(data, "another")


def test_a_new_pair_fits_together_and_is_under_its_passphrase() -> None:
    private = pair().private_text.encode()
    found = X25519PrivateKey.from_private_bytes(private_key(private, "four words of mine"))
    assert found.public_key().public_bytes_raw() == public_key(pair().public_line.encode())
    assert describe(private) == ("private", pair().number)
    for code, passphrase in (("passphrase_wanted", ""), ("passphrase_wrong", "other words")):
        with pytest.raises(ItemError, match=code):
            private_key(private, passphrase)
    with pytest.raises(ItemError, match="office_key_private"):
        public_key(private)


def test_a_short_passphrase_makes_no_key() -> None:
    with pytest.raises(ItemError, match="passphrase_short"):
        make_pair("elf letters")
