"""Who this server is: its number, its signing key, its kind, its page's password. Made once, kept for ever."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

import argon2
import msgpack
import sqlalchemy as sa
from argon2.exceptions import InvalidHashError, VerificationError
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from fieldapp.errors import UsageError
from fieldapp.server.bulk import insert_new, upsert
from fieldapp.server.schema import SETTING
from fieldapp.sync.wire import HELLO_CONTEXT, RECEIPT_CONTEXT

_FEWEST_CHARACTERS = 8  # of a password that somebody chose: all ID numbers of the township lie behind it
_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"  # nothing that is misread from a screen


@dataclass(frozen=True)
class Identity:
    """The server's lasting facts; `new_password` is set only when it was made up or changed just now."""

    server_id: bytes
    key: Ed25519PrivateKey
    practice: bool
    password_hash: str
    session_secret: bytes
    new_password: str

    @property
    def public_key(self) -> bytes:
        """The 32 bytes that laptops pin at enrolment."""
        return self.key.public_key().public_bytes_raw()

    def sign(self, receipt: bytes) -> bytes:
        """The Ed25519 signature of a receipt."""
        return self.key.sign(RECEIPT_CONTEXT + receipt)

    def prove(self, nonce: bytes) -> bytes:
        """The Ed25519 signature of a laptop's question, which only this server can give."""
        return self.key.sign(HELLO_CONTEXT + nonce + self.server_id)


def load(connection: sa.Connection, *, practice: bool, password: str) -> Identity:
    """Reads the identity, making what is missing.

    Raises UsageError when a practice folder is opened as a real one, and for a password that is soon guessed.
    """
    if password and len(password) < _FEWEST_CHARACTERS:
        raise UsageError("server_password_short", fewest=_FEWEST_CHARACTERS)
    made = {
        "server_id": secrets.token_bytes(16),
        "key": Ed25519PrivateKey.generate().private_bytes_raw(),
        "practice": b"1" if practice else b"0",
        "session_secret": secrets.token_bytes(32),
    }
    for key, value in made.items():
        insert_new(connection, SETTING, ("key", "value"), [(key, value)])
    held = {row.key: row.value for row in connection.execute(sa.select(SETTING.c.key, SETTING.c.value))}
    if (held["practice"] == b"1") != practice:
        raise UsageError("server_practice_folder" if not practice else "server_real_folder")
    new_password = password or ("" if "password_hash" in held else make_password())
    # the same password given again keeps its hash: a new one would end every session, here and at a second server
    if new_password and not ("password_hash" in held and fits(held["password_hash"].decode(), new_password)):
        held["password_hash"] = argon2.PasswordHasher().hash(new_password).encode()
        upsert(connection, SETTING, {"key": "password_hash", "value": held["password_hash"]})
    return Identity(
        server_id=held["server_id"],
        key=Ed25519PrivateKey.from_private_bytes(held["key"]),
        practice=practice,
        password_hash=held["password_hash"].decode(),
        session_secret=held["session_secret"],
        new_password=new_password,
    )


def fits(password_hash: str, password: str) -> bool:
    """Whether it is the password of this hash; slow on purpose, so never call it on the event loop."""
    try:
        return argon2.PasswordHasher().verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False


def make_password(groups: int = 3) -> str:
    """A password or code that can be read aloud: groups of four characters."""
    return "-".join("".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(groups))


def receipt_body(
    identity: Identity,
    device: bytes,
    ranges: list[list[object]],
    frames: list[list[object]],
    blobs: list[bytes],
    at: int,
) -> bytes:
    """What a receipt says: these frames, all in all these runs of operations, and these files lie durably here."""
    told = {"server": identity.server_id, "device": device, "at": at, "ops": ranges, "frames": frames, "blobs": blobs}
    body: bytes = msgpack.packb({"v": 1, **told})
    return body
