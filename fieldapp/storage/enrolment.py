"""The server that this laptop is enrolled with; its token lies in the encrypted database."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

from fieldapp.storage import oplog, receipts, transfers
from fieldapp.storage.counting import DIFFERING, LAST_ANSWER, LAST_SYNC
from fieldapp.storage.store import Store

_KEY = "enrolment"
_CONFIRMING = "confirming_key"  # of the server whose receipts count


@dataclass(frozen=True, slots=True)
class Enrolment:
    """Address, token, and the server's public key (Ed25519, 32 bytes) that signs receipts, and number (16 bytes).

    The number is empty when an earlier version enrolled; the next good sync learns it. So is `device`, the number under
    which the server knows this laptop.
    """

    url: str
    token: str
    server_key: bytes
    practice: bool = False
    server_id: bytes = b""
    device: bytes = b""


def enrolment(store: Store) -> Enrolment | None:
    """The enrolment in force, None when this laptop has none yet."""
    kept = store.setting(_KEY)
    if not kept:
        return None
    read = json.loads(kept)
    key, number = bytes.fromhex(read["server_key"]), bytes.fromhex(read.get("server_id", ""))
    device = bytes.fromhex(read.get("device", ""))
    return Enrolment(read["url"], read["token"], key, read["practice"], number, device)


def set_enrolment(store: Store, made: Enrolment | None) -> None:
    """Keeps or forgets an enrolment; with another server everything waits again, as nothing is confirmed by it."""
    if made is None:
        store.set_setting(_KEY, "")
        return
    key = made.server_key.hex()
    kept = {"url": made.url, "token": made.token, "server_key": key, "practice": made.practice}
    kept |= {"server_id": made.server_id.hex(), "device": made.device.hex()}
    known = enrolment(store)
    before = store.setting(_CONFIRMING) or (known.server_key.hex() if known is not None else "")
    with store.transaction():
        store.set_setting(_KEY, json.dumps(kept))
        store.set_setting(_CONFIRMING, key)
        if before and before != key:
            _begin_anew(store)


def _begin_anew(store: Store) -> None:
    """Receipts of another server say nothing about this one; they are kept, but what they named waits again."""
    for own in oplog.own_devices(store):
        receipts.forget(store, own.device)
    oplog.send_all_again(store)
    transfers.offer_again(store)
    store.write("UPDATE village_cursor SET position = 0")
    store.write("DELETE FROM local WHERE key GLOB 'server:*'")
    store.set_setting(LAST_SYNC, "")
    store.set_setting(LAST_ANSWER, "")


def note_sync(store: Store, at_ms: int) -> None:
    """Remembers when the last sync ended well."""
    with store.transaction():
        store.set_setting(LAST_SYNC, str(at_ms))
        store.set_setting(LAST_ANSWER, str(at_ms))


def note_answer(store: Store, at_ms: int) -> None:
    """Remembers when the server last answered; what it confirmed stays confirmed, even if the sync breaks off."""
    store.set_setting(LAST_ANSWER, str(at_ms))


def note_differing(store: Store, villages: Iterable[str]) -> None:
    """Remembers which villages are not the same on both sides: nobody may take what is confirmed there for whole."""
    store.set_setting(DIFFERING, " ".join(sorted(villages)))
