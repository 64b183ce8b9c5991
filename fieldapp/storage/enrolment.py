"""The server that this laptop is enrolled with; its token lies in the encrypted database."""

from __future__ import annotations

import json
from dataclasses import dataclass

from fieldapp.storage.counting import LAST_SYNC
from fieldapp.storage.store import Store

_KEY = "enrolment"


@dataclass(frozen=True, slots=True)
class Enrolment:
    """Address, token and the server's public key (Ed25519, 32 bytes) that signs receipts."""

    url: str
    token: str
    server_key: bytes
    practice: bool = False


def enrolment(store: Store) -> Enrolment | None:
    """The enrolment in force, None when this laptop has none yet."""
    kept = store.setting(_KEY)
    if not kept:
        return None
    read = json.loads(kept)
    return Enrolment(read["url"], read["token"], bytes.fromhex(read["server_key"]), read["practice"])


def set_enrolment(store: Store, made: Enrolment | None) -> None:
    """Keeps or forgets an enrolment."""
    if made is None:
        store.set_setting(_KEY, "")
        return
    kept = {
        "url": made.url,
        "token": made.token,
        "server_key": made.server_key.hex(),
        "practice": made.practice,
    }
    store.set_setting(_KEY, json.dumps(kept))


def note_sync(store: Store, at_ms: int) -> None:
    """Remembers when the last sync ended well."""
    store.set_setting(LAST_SYNC, str(at_ms))
