"""Signed receipts: checked against the key pinned at enrolment before anything is called confirmed."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import msgpack
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from fieldapp.domain.ids import DeviceId
from fieldapp.domain.runs import Run, Runs, covered, join
from fieldapp.errors import PauseError
from fieldapp.storage import oplog, receipts
from fieldapp.storage.store import Store
from fieldapp.sync import answers
from fieldapp.sync.answers import GARBLED, Answer
from fieldapp.sync.wire import RECEIPT_CONTEXT

Sent = Mapping[bytes, tuple[DeviceId, Runs]]  # frames of a request by their hashes: laptop and counters
EVERY_VILLAGE = ""  # receipts name counters of laptops, which run over all villages


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the server promises to hold durably; `frames` by their hashes, None from a server that names none yet."""

    ranges: tuple[tuple[DeviceId, int, int], ...]
    frames: frozenset[bytes] | None
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
        read = answers.receipt(msgpack.unpackb(body))
    except (InvalidSignature, ValueError, TypeError, msgpack.exceptions.UnpackException) as error:
        raise PauseError("receipt_forged") from error
    if read["device"] in former:
        raise PauseError("enrolled_as_former")
    if read["device"] != device:
        raise PauseError("receipt_forged")
    named = None if read["frames"] is None else frozenset(sha256 for *_, sha256 in read["frames"])
    return Receipt(read["ops"], named, read["blobs"])


def keep_all(store: Store, server_key: bytes, answer: Answer, sent: Sent) -> int:
    """Checks and keeps receipts with their signatures; returns how many were new.

    Confirmed is what was sent and is named by its hash: the counters alone could be those of another's work.
    """
    kept = 0
    former = {own.device for own in oplog.own_devices(store)} - {store.device}
    for body, signature in answer.receipts:
        found = verify(server_key, body, signature, store.device, former)
        if any(last > _told(answer, device) for device, _, last in found.ranges):
            raise PauseError(GARBLED)  # it promises to hold what it says in the same breath it has not got
        if store.setting(receipts.LAST) == signature.hex():
            continue  # the same answer again
        whole: bytes = msgpack.packb([body, signature])
        receipts.keep(store, EVERY_VILLAGE, whole, ranges=_confirmed(found, sent), hashes=found.hashes)
        store.set_setting(receipts.LAST, signature.hex())
        kept += 1
    return kept


def _told(answer: Answer, device: DeviceId) -> int:
    return max((answer.acknowledged.get(device, 0), *(last for _, last in answer.held.get(device, ()))))


def _confirmed(found: Receipt, sent: Sent) -> list[tuple[DeviceId, int, int]]:
    runs: dict[DeviceId, list[Run]] = {}
    for sha256, (device, wanted) in sent.items():
        if sha256 in found.frames if found.frames is not None else _in_ranges(found, device, wanted):
            runs.setdefault(device, []).extend(wanted)
    return [(device, *run) for device, named in runs.items() for run in join(named)]


def _in_ranges(found: Receipt, device: DeviceId, wanted: Runs) -> bool:
    return covered([(first, last) for one, first, last in found.ranges if one == device], wanted)
