"""What an older program set aside lands after an upgrade; what is wrong stays set aside."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from fieldapp.domain.ids import DeviceId, new_id
from fieldapp.domain.ops import Op, OpKind, hlc_of
from fieldapp.domain.records import SCHEMA, Village
from fieldapp.storage import oplog, reads, retrying
from fieldapp.storage.store import Store

_OTHER = DeviceId(b"a newer laptop!!")


def _village(code: str) -> Op:
    stamp = hlc_of(1_800_000_000_000)
    return Op(_OTHER, 1, stamp, code, "village", new_id(), OpKind.ADD, {"name": "岑卡村"}, person="李")


def test_a_record_that_is_known_now_lands(store: Store, field: Any) -> None:
    op = _village(field.village)
    unknown = replace(op, record="drone_flight")
    nonsense = replace(op, counter=2, record_id=new_id(), fields={"name": ["a"]})  # type: ignore[dict-item]
    applied = oplog.apply(store, [unknown, nonsense], village_code=field.village)
    assert (applied.taken, applied.quarantined) == (0, 2)
    # As a laptop whose older program did not know villages yet would have kept it.
    store.write("UPDATE quarantine SET record = 'village' WHERE counter = 1")
    assert retrying.retry_once(store) == 0, "tried once with these records already"
    assert retrying.retry_once(store, SCHEMA + 1) == 1
    found = store.get(Village, op.record_id)
    assert found is not None
    assert found.name == "岑卡村"
    assert [row.reason for row in reads.quarantine(store)] == ["bad_value"]
    assert retrying.retry_once(store, SCHEMA + 1) == 0
