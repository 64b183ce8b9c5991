"""Goes on as a new laptop where a copied disk has numbered on as its original did, and takes its own work along.

Done when the profile is opened, as nobody else writes then; sync only asks for it (docs/decisions/0055).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from fieldapp.domain.ids import DeviceId
from fieldapp.domain.ops import Op, OpRef
from fieldapp.storage import oplog, oprows, receipts, takein
from fieldapp.storage.store import Store
from fieldapp.storage.unit import UNDONE

_KEY = "numbered_twice"
_EVERYTHING = 1 << 40


def ask_for(store: Store, device: DeviceId, counter: int) -> None:
    """From `counter` on the server holds another laptop's work under this number; at the next opening ours moves."""
    known = _asked(store)
    if known is None or known[0] != device or counter < known[1]:
        store.set_setting(_KEY, f"{device.hex()} {counter}")


def settle(store: Store, new: DeviceId) -> bool:
    """What was asked for, in one transaction; whether there was anything."""
    asked = _asked(store)
    if asked is None:
        return False
    with store.transaction():
        former, first = asked
        ops = oplog.pending(store, limit=_EVERYTHING, after=first - 1, device=former)
        number = store.device_number(former)
        store.replace_device(new)
        names = {op.ref: OpRef(new, place) for place, op in enumerate(ops, 1)}
        above = oprows.of_device("?1", above="?2 - 1")
        store.write(f"DELETE FROM op WHERE {above}", (number, first))
        oprows.insert(store.connection, [oprows.to_row(_renamed(op, names), store.device_no) for op in ops])
        receipts.forget(store, former, first - 1)
        store.write(
            "UPDATE device SET sent = min(sent, ?2), acknowledged = min(acknowledged, ?2), "
            "filed_upto = min(filed_upto, ?2) WHERE no = ?1",
            (number, first - 1),
        )
        takein.rebuild_records(store, {op.record_id: op.record for op in ops})
        # Of what the other one did under the old number nothing has come: no server sends a laptop its own work.
        store.write("UPDATE village_cursor SET position = 0")
        store.set_setting(UNDONE, "")
        store.set_setting(_KEY, "")
    return True


def _asked(store: Store) -> tuple[DeviceId, int] | None:
    device, _, counter = store.setting(_KEY).partition(" ")
    return (DeviceId(bytes.fromhex(device)), int(counter)) if device else None


def _renamed(op: Op, names: Mapping[OpRef, OpRef]) -> Op:
    seen = {name: tuple(names.get(ref, ref) for ref in refs) for name, refs in op.seen.items()}
    device, counter = names[op.ref]
    return replace(op, device=device, counter=counter, seen=seen)
