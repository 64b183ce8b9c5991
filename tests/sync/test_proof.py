"""Receipts: what a laptop believes, and what it does not."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

import msgpack
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from fieldapp.errors import PauseError
from fieldapp.storage import counting, oplog, receipts
from fieldapp.storage.enrolment import enrolment
from fieldapp.sync import engine, proof, wire
from fieldapp.sync.answers import Answer
from fieldapp.sync.transport import Transport
from tests.sync.conftest import MakeStore
from tests.sync.village import enrolled, record_household, sync


class Forging(Transport):
    """A connection on which somebody promises more than the server signed."""

    def sync(self, request: Mapping[str, Any]) -> Answer:
        """The server's answer with receipts that it never gave."""
        answer = super().sync(request)
        forged = tuple((body.replace(b"ops", b"opz"), signature) for body, signature in answer.receipts)
        return dataclasses.replace(answer, receipts=forged)


def test_a_forged_receipt_confirms_nothing(server, make_store: MakeStore) -> None:
    one = enrolled(make_store("one"), server)
    record_household(one)
    known = enrolment(one)
    with pytest.raises(PauseError, match="receipt_forged"):
        sync(one, Forging(known.url, known.token))
    assert counting.status(one).ops_confirmed == 0
    assert sync(one).converged


def test_a_receipt_for_another_laptop_is_not_believed(server, make_store: MakeStore) -> None:
    one = enrolled(make_store("one"), server)
    record_household(one)
    transport = engine.connect(one)
    answer = transport.sync({"practice": True, "frames": [wire.encode(oplog.pending(one, limit=1000))]})
    transport.close()
    (receipt,) = answer.receipts
    assert proof.verify(enrolment(one).server_key, *receipt, one.device).ranges
    with pytest.raises(PauseError, match="receipt_forged"):
        proof.verify(enrolment(one).server_key, *receipt, type(one.device)(bytes(16)))


def signed(body: dict[str, object]) -> tuple[Ed25519PrivateKey, tuple[bytes, bytes]]:
    """A receipt of some server, and its key."""
    key, packed = Ed25519PrivateKey.generate(), msgpack.packb(body)
    return key, (packed, key.sign(wire.RECEIPT_CONTEXT + packed))


def answered(store, receipt: tuple[bytes, bytes], acknowledged: int) -> Answer:
    """An answer with a receipt."""
    known = {store.device: acknowledged}
    return Answer(0, known, dict.fromkeys(known, ()), {}, (), (), frozenset(), (receipt,), {})


@pytest.mark.parametrize("named", [True, False])
def test_a_receipt_confirms_what_was_sent_and_is_named(make_store: MakeStore, named: bool) -> None:
    one = make_store("one")
    record_household(one)
    frame = wire.encode(oplog.pending(one))
    header = wire.read_header(frame)
    frames = [[one.device, header.first, header.last, header.sha256 if named else bytes(32)]]
    body = {"device": one.device, "ops": [[one.device, 1, header.last]], "frames": frames, "blobs": []}
    key, receipt = signed(body)
    answer = answered(one, receipt, header.last)
    sent = {header.sha256: (one.device, [(1, header.last)])}
    assert proof.keep_all(one, key.public_key().public_bytes_raw(), answer, sent) == 1
    assert counting.status(one).ops_confirmed == (header.last if named else 0)


def test_a_server_from_before_names_counters_alone(make_store: MakeStore) -> None:
    one = make_store("one")
    record_household(one)
    last = counting.status(one).ops_total
    key, receipt = signed({"device": one.device, "ops": [[one.device, 1, last - 2]], "blobs": []})
    sent = {b"a" * 32: (one.device, [(1, 4)]), b"b" * 32: (one.device, [(5, last)])}
    proof.keep_all(one, key.public_key().public_bytes_raw(), answered(one, receipt, last - 2), sent)
    assert receipts.covered(one, one.device) == [(1, 4)]


def test_a_receipt_for_more_than_the_answer_says_is_nonsense(make_store: MakeStore) -> None:
    one = make_store("one")
    record_household(one)
    key, receipt = signed({"device": one.device, "ops": [[one.device, 1, 10**12]], "frames": [], "blobs": []})
    with pytest.raises(PauseError, match="answer_garbled"):
        proof.keep_all(one, key.public_key().public_bytes_raw(), answered(one, receipt, 3), {})
    assert counting.status(one).ops_confirmed == 0


def test_a_receipt_over_counters_that_were_never_made_counts_for_none(make_store: MakeStore) -> None:
    one = make_store("one")
    record_household(one)
    total = counting.status(one).ops_total
    receipts.keep(one, "", b"kept by an earlier version", ranges=[(one.device, 3, 10**12)])
    now = counting.status(one)
    assert (now.ops_waiting, now.ops_sent, now.ops_confirmed) == (2, 0, total - 2)
    receipts.keep(one, "", b"and another", ranges=[(one.device, 10**12 + 2, 10**12 + 9)])
    assert counting.status(one) == dataclasses.replace(now, free_bytes=counting.status(one).free_bytes)
