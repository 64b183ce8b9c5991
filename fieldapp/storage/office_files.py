"""The office's recovery key in files: which half a file holds is said by the file itself, never guessed.

32 bytes or 64 hexadecimal digits look the same for both halves. A profile made with the private half in place of the
public one could be opened by nobody, so such a file is no public key.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    load_der_private_key,
    load_der_public_key,
    load_pem_private_key,
    load_pem_public_key,
)

from fieldapp.errors import ItemError, StorageError
from fieldapp.storage import keys

KEY_BYTES = 32
LEAST_PASSPHRASE = 12  # characters: the file may lie on a stick for years
LABEL = "fieldapp-office-key"
_PRIVATE_FORMAT = "fieldapp-office-private-key-1"
_PEM = b"-----BEGIN"


@dataclass(frozen=True, slots=True)
class KeyPair:
    """Both halves as the text of their files; `number` is in both, for people to compare."""

    number: str
    public_line: str
    private_text: str


def make_pair(passphrase: str) -> KeyPair:
    """A new recovery key; its private half is under the passphrase (argon2id). Raises ItemError `passphrase_short`."""
    if len(passphrase.strip()) < LEAST_PASSPHRASE:
        raise ItemError("passphrase_short", n=LEAST_PASSPHRASE)
    key = X25519PrivateKey.generate()
    public = key.public_key().public_bytes_raw()
    line = public_line(public)
    about = {"format": _PRIVATE_FORMAT, "public": line}
    wrap = keys.wrap_for_pin(key.private_bytes_raw(), passphrase)
    return KeyPair(number(public), line, json.dumps({**about, **wrap}, indent=1) + "\n")


def public_line(public: bytes) -> str:
    """The labelled line that a laptop takes: what it is, the key, and a checksum against slips of a copy."""
    return f"{LABEL}:{base64.b64encode(public).decode('ascii')}:{number(public)}"


def number(public: bytes) -> str:
    """Eight digits by which people tell keys apart."""
    return hashlib.sha256(LABEL.encode("ascii") + public).hexdigest()[:8]


def public_key(data: bytes) -> bytes:
    """The public half, with which a profile is made.

    Raises ItemError `office_key_private`, `office_key_bare` (nobody can tell which half it is), `office_key_slip` or
    `office_key_none`.
    """
    found = _labelled(data)
    if found is None:
        found = _standard_public(data)
    if found is not None and _is_usable(found):
        return found
    if found is None and (_is_private(data) or _protected(data) is not None):
        raise ItemError("office_key_private")
    raise ItemError("office_key_none" if found is not None or _raw(data) is None else "office_key_bare")


def private_key(data: bytes, passphrase: str = "") -> bytes:
    """The private half, which opens a profile whose PIN is forgotten; here the profile itself says if it is the one.

    Raises ItemError `office_key_public`, `passphrase_wanted`, `passphrase_wrong` or `office_key_none`.
    """
    wrap = _protected(data)
    if wrap is not None:
        return _unwrapped(wrap, passphrase)
    if _wants_passphrase(data):
        found = _standard_private(data, passphrase)
        if found is None:
            raise ItemError("passphrase_wrong" if passphrase else "passphrase_wanted")
    else:
        found = _standard_private(data)
    if isinstance(found, X25519PrivateKey):
        return found.private_bytes_raw()
    if (raw := _raw(data)) is not None:
        return raw
    is_public = _labelled(data, strict=False) is not None or _standard_public(data) is not None
    raise ItemError("office_key_public" if is_public else "office_key_none")


def describe(data: bytes) -> tuple[str, str]:
    """Which half a file holds ("public" or "private") and its number, "" where only the passphrase would tell it."""
    wrap = _protected(data)
    if wrap is not None:
        return "private", str(wrap.get("public", "")).rpartition(":")[2]
    found = _standard_private(data)
    if isinstance(found, X25519PrivateKey):
        return "private", number(found.public_key().public_bytes_raw())
    return ("private", "") if _wants_passphrase(data) else ("public", number(public_key(data)))


def _unwrapped(wrap: keys.Wrap, passphrase: str) -> bytes:
    if not passphrase:
        raise ItemError("passphrase_wanted")
    try:
        return keys.unwrap([wrap], passphrase)
    except StorageError as error:
        raise ItemError("passphrase_wrong" if error.code == "wrong_pin" else "office_key_none") from error


def _protected(data: bytes) -> keys.Wrap | None:
    """What `make_pair` wrote; None for anything else."""
    try:
        read = json.loads(data)
    except ValueError:  # UnicodeDecodeError is one too
        return None
    return read if isinstance(read, dict) and read.get("format") == _PRIVATE_FORMAT else None


def _labelled(data: bytes, *, strict: bool = True) -> bytes | None:
    """The key of a labelled line anywhere in a text; a line that was miscopied raises ItemError where it matters."""
    if _protected(data) is not None:
        return None  # it names its public half, and is the private one
    for line in data.decode("utf-8-sig", "replace").splitlines():
        label, _, rest = line.strip().partition(":")
        if label != LABEL:
            continue
        text, _, checksum = rest.partition(":")
        try:
            key = base64.b64decode(text.strip(), validate=True)
        except (binascii.Error, ValueError):
            key = b""
        if len(key) == KEY_BYTES and checksum.strip().lower() == number(key):
            return key
        if strict:
            raise ItemError("office_key_slip")
    return None


def _standard_public(data: bytes) -> bytes | None:
    """SubjectPublicKeyInfo of X25519, as PEM or DER."""
    try:
        found = load_pem_public_key(data) if _PEM in data else load_der_public_key(data)
    except (ValueError, UnsupportedAlgorithm):
        return None
    return found.public_bytes_raw() if isinstance(found, X25519PublicKey) else None


def _standard_private(data: bytes, passphrase: str = "") -> PrivateKeyTypes | None:
    """PKCS8 as PEM or DER; None for anything else, and for another passphrase."""
    try:
        return _load_private(data)(data, passphrase.encode("utf-8") if passphrase else None)
    except (ValueError, TypeError, UnsupportedAlgorithm):  # TypeError: no passphrase where one is wanted
        return None


def _wants_passphrase(data: bytes) -> bool:
    try:
        _load_private(data)(data, None)
    except TypeError:
        return True
    except (ValueError, UnsupportedAlgorithm):
        return False
    return False


def _load_private(data: bytes) -> Callable[[bytes, bytes | None], PrivateKeyTypes]:
    return load_pem_private_key if _PEM in data else load_der_private_key


def _is_private(data: bytes) -> bool:
    of_pem = _PEM in data and b"PRIVATE KEY-----" in data
    return of_pem or _wants_passphrase(data) or _standard_private(data) is not None


def _is_usable(public: bytes) -> bool:
    """Whether an exchange with it gives a secret: with a few degenerate keys it does not."""
    try:
        X25519PrivateKey.generate().exchange(X25519PublicKey.from_public_bytes(public))
    except ValueError:
        return False
    return True


def _raw(data: bytes) -> bytes | None:
    if len(data) == KEY_BYTES:
        return data
    try:
        read = bytes.fromhex(data.decode("ascii").strip())
    except ValueError:
        return None
    return read if len(read) == KEY_BYTES else None
