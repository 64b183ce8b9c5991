"""Signed receipts: checked against the key pinned at enrolment before anything is called confirmed."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

import msgpack
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from fieldapp.domain.ids import DeviceId
from fieldapp.errors import PauseError
from fieldapp.storage import oplog, receipts
from fieldapp.storage.store import Store
from fieldapp.sync.wire import RECEIPT_CONTEXT

EVERY_VILLAGE = ""  # receipts name counters of laptops, which run over all villages


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the server promises to hold durably."""

    ranges: tuple[tuple[DeviceId, int, int], ...]
    hashes: tuple[bytes, ...]


def verify(
    server_key: bytes, body: bytes, signature: bytes, device: DeviceId, former: Collection[DeviceId] = ()
) -> Receipt:
    """Reads a receipt made out to this laptop. Raises PauseError `receipt_forged` for any other.

    `enrolled_as_former` when it is made out to one of the laptops `former` that this profile goes on for: a copy
    comes with the token of its original.
    """
    try:
        Ed25519PublicKey.from_public_bytes(server_key).verify(signature, RECEIPT_CONTEXT + body)
        read = msgpack.unpackb(body)
        if read["device"] in former:
            raise PauseError("enrolled_as_former")
        if read["device"] != device:
            raise PauseError("receipt_forged")
        return Receipt(
            ranges=tuple((DeviceId(one), int(first), int(last)) for one, first, last in read["ops"]),
            hashes=tuple(bytes(one) for one in read["blobs"]),
        )
    except (InvalidSignature, KeyError, ValueError, TypeError, msgpack.exceptions.UnpackException) as error:
        raise PauseError("receipt_forged") from error


def keep_all(store: Store, server_key: bytes, signed: Iterable[tuple[bytes, bytes]]) -> int:
    """Checks and keeps receipts with their signatures; returns how many were new."""
    kept = 0
    former = {own.device for own in oplog.own_devices(store)} - {store.device}
    for body, signature in signed:
        found = verify(server_key, body, signature, store.device, former)
        if store.setting(receipts.LAST) == signature.hex():
            continue  # the same answer again
        whole: bytes = msgpack.packb([body, signature])
        receipts.keep(store, EVERY_VILLAGE, whole, ranges=found.ranges, hashes=found.hashes)
        store.set_setting(receipts.LAST, signature.hex())
        kept += 1
    return kept
