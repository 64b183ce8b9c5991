"""Receipts: what a laptop believes, and what it does not."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

import pytest

from fieldapp.errors import PauseError
from fieldapp.storage import counting, oplog
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
