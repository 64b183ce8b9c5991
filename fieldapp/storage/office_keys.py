"""The offices whose methodology packs this profile takes: their public keys, named by a person, never by a pack."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass

from fieldapp.storage.store import Store

_KEYS = "office_keys"


@dataclass(frozen=True, slots=True)
class OfficeKey:
    """An Ed25519 public key (32 bytes) and when it was trusted, milliseconds since 1970."""

    public: bytes
    since_ms: int

    @property
    def fingerprint(self) -> str:
        """What two people read to each other over the telephone."""
        return fingerprint(self.public)


def fingerprint(public: bytes) -> str:
    """The first 24 hexadecimal digits of the key's SHA-256, in fours."""
    digits = hashlib.sha256(public).hexdigest()[:24]
    return " ".join(digits[start : start + 4] for start in range(0, 24, 4))


def trusted(store: Store) -> list[OfficeKey]:
    """The keys that this profile trusts, oldest first."""
    kept = store.setting(_KEYS)
    return [OfficeKey(bytes.fromhex(key), since) for key, since in json.loads(kept)] if kept else []


def trust(store: Store, public: bytes) -> None:
    """Takes packs of this key from now on."""
    known = trusted(store)
    if public not in (one.public for one in known):
        _keep(store, [*known, OfficeKey(public, store.clock())])


def distrust(store: Store, public: bytes) -> bool:
    """Takes no more packs of this key; whether it was trusted. What it brought stays in force."""
    known = trusted(store)
    left = [one for one in known if one.public != public]
    _keep(store, left)
    return len(left) < len(known)


def _keep(store: Store, known: list[OfficeKey]) -> None:
    store.set_setting(_KEYS, json.dumps([[one.public.hex(), one.since_ms] for one in known]))
