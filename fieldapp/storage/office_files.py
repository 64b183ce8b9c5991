"""The recovery key as offices keep it in files: 32 bytes, 64 hexadecimal digits, or PEM as OpenSSL writes it."""

from __future__ import annotations

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key

KEY_BYTES = 32


def public_key(data: bytes) -> bytes | None:
    """The public half, with which a profile is made; None for anything else, the private half among it."""
    if b"-----BEGIN" in data:
        try:
            found = load_pem_public_key(data)
        except ValueError:
            return None
        return found.public_bytes_raw() if isinstance(found, X25519PublicKey) else None
    return _raw(data)


def private_key(data: bytes) -> bytes | None:
    """The private half, which opens a profile whose PIN is forgotten; None for anything else."""
    if b"-----BEGIN" in data:
        try:
            found = load_pem_private_key(data, None)
        except (ValueError, TypeError):  # TypeError: it is under a password of its own
            return None
        return found.private_bytes_raw() if isinstance(found, X25519PrivateKey) else None
    return _raw(data)


def _raw(data: bytes) -> bytes | None:
    if len(data) == KEY_BYTES:
        return data
    try:
        read = bytes.fromhex(data.decode("ascii").strip())
    except ValueError:
        return None
    return read if len(read) == KEY_BYTES else None
