"""Receipts: what a laptop believes, and what it does not."""

from __future__ import annotations

import dataclasses

import pytest

from fieldapp.errors import PauseError
from fieldapp.storage import counting, oplog
from fieldapp.storage.enrolment import enrolment, set_enrolment
from fieldapp.sync import engine, proof, wire
from tests.sync.conftest import MakeStore
from tests.sync.village import enrolled, record_household, sync


def test_a_forged_receipt_confirms_nothing(server, make_store: MakeStore) -> None:
    one = enrolled(make_store("one"), server)
    record_household(one)
    pinned = enrolment(one)
    set_enrolment(one, dataclasses.replace(pinned, server_key=bytes(31) + b"\x01"))
    with pytest.raises(PauseError, match="receipt_forged"):
        sync(one)
    assert counting.status(one).ops_confirmed == 0
    set_enrolment(one, pinned)
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
