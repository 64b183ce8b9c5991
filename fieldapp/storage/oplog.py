"""What sync asks of the laptop: operations to send and to take in, and how far both have come."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from fieldapp import collector
from fieldapp.domain.digest import hex_digest
from fieldapp.domain.ids import DeviceId, RecordId
from fieldapp.domain.ops import COUNTER_BITS, Op, OpRef
from fieldapp.domain.records import RECORD_TYPES
from fieldapp.storage import oprows, owners, states, takein
from fieldapp.storage.store import Store

_FEW = 2_000
_DEVICE_NO = "(SELECT no FROM device WHERE id = ?1)"  # nothing, for a laptop that is not known here
_ROW = f"({_DEVICE_NO} << {COUNTER_BITS}) + ?2"
_RUN = f"id BETWEEN {_ROW} AND ({_DEVICE_NO} << {COUNTER_BITS}) + ?3"


@dataclass(frozen=True, slots=True)
class OwnDevice:
    """A laptop whose operations this profile sends: itself, and those that a restored copy continues."""

    device: DeviceId
    last: int
    sent: int
    acknowledged: int


@dataclass(frozen=True, slots=True)
class Applied:
    """What taking in operations did; `ids` tells open views what to refresh."""

    ids: frozenset[tuple[str, RecordId]]
    taken: int
    known: int
    quarantined: int


def own_devices(store: Store) -> list[OwnDevice]:
    """The laptops whose operations this profile sends, former ones first."""
    rows = store.rows(
        f"SELECT id, {oprows.last_of('no')}, sent, acknowledged FROM device WHERE own = 1 ORDER BY no = ?, no",
        (store.device_no,),
    )
    return [OwnDevice(DeviceId(row[0]), *row[1:]) for row in rows]


def other_devices(store: Store) -> list[DeviceId]:
    """Laptops whose operations were pulled, for bringing them to a server that lacks them."""
    pulled = f"EXISTS (SELECT 1 FROM op WHERE {oprows.of_device('no')})"
    rows = store.rows(f"SELECT id FROM device WHERE own = 0 AND {pulled} ORDER BY no DESC")
    return [DeviceId(row[0]) for row in rows]


def pending(
    store: Store,
    village_code: str | None = None,
    limit: int = 1000,
    *,
    after: int | None = None,
    device: DeviceId | None = None,
) -> list[Op]:
    """Own operations above what the server has acknowledged (or above `after`), in the order of their counters."""
    number = _number(store, device)
    start = _state(store, number)[1] if after is None else after
    where = oprows.of_device("?1", above="?2") + ("" if village_code is None else " AND village_code = ?4")
    parameters = (number, start, limit) if village_code is None else (number, start, limit, village_code)
    rows = store.rows(f"SELECT {oprows.COLUMNS} FROM op WHERE {where} ORDER BY id LIMIT ?3", parameters)
    named = store.device if device is None else device
    return [oprows.to_op(row, named) for row in rows]


def ops_by_ref(store: Store, refs: Iterable[OpRef]) -> list[Op]:
    """Particular operations, for healing a village that differs."""
    found = []
    for ref in refs:
        row_id = oprows.row_id(_number(store, ref.device), ref.counter)
        rows = store.rows(f"SELECT {oprows.COLUMNS} FROM op WHERE id = ?", (row_id,))
        found += [oprows.to_op(row, ref.device) for row in rows]
    return found


def mark_sent(store: Store, upto: int, *, device: DeviceId | None = None) -> None:
    """The request with everything up to this counter has left; the answer is still missing."""
    store.write("UPDATE device SET sent = max(sent, ?) WHERE no = ?", (upto, _number(store, device)))


def acknowledge(store: Store, counter: int, *, device: DeviceId | None = None) -> None:
    """The server holds everything up to this counter without a gap."""
    with store.transaction():
        store.write(
            "UPDATE device SET acknowledged = max(acknowledged, ?), sent = max(sent, ?) WHERE no = ?",
            (counter, counter, _number(store, device)),
        )
        _clear_waiting(store)


def send_again(store: Store, counter: int, *, device: DeviceId | None = None) -> None:
    """The server holds less than it once said (it was restored): everything above is sent anew."""
    store.write("UPDATE device SET acknowledged = ?, sent = ? WHERE no = ?", (counter, counter, _number(store, device)))
    with store.transaction():
        _mark_pending(store)


def send_all_again(store: Store) -> None:
    """Another server holds nothing yet: all is sent to it and every household waits, until it has nearly all."""
    with store.transaction():
        store.write("UPDATE device SET acknowledged = 0, sent = 0 WHERE own = 1")
        if any(own.last for own in own_devices(store)):
            store.write("UPDATE household_current SET waiting = 1 WHERE waiting = 0")


def apply(store: Store, ops: Sequence[Op], *, village_code: str, cursor: int | None = None) -> Applied:
    """Takes in operations of one village and moves its cursor, in one transaction.

    What is known already is left alone; what cannot be taken in goes to the quarantine while the rest lands.
    """
    with collector.at_rest(), store.transaction():
        taken = takein.take_in(store, ops, village_code)
        if cursor is not None:
            set_cursor(store, village_code, cursor)
    return Applied(taken.ids, taken.taken, len(ops) - taken.taken - taken.quarantined, taken.quarantined)


def cursor(store: Store, village_code: str) -> int:
    """How far this laptop has pulled a village, 0 for nothing yet."""
    rows = store.rows("SELECT position FROM village_cursor WHERE village_code = ?", (village_code,))
    return int(rows[0][0]) if rows else 0


def set_cursor(store: Store, village_code: str, position: int) -> None:
    """Moves the cursor of a village, back too when the village has to be pulled again."""
    store.write(
        "INSERT INTO village_cursor (village_code, position) VALUES (?, ?) "
        "ON CONFLICT (village_code) DO UPDATE SET position = excluded.position",
        (village_code, position),
    )


def restamp(store: Store, device: DeviceId, first: int, last: int, base: int) -> int:
    """Takes over the stamps that the server gave to a frame whose clock was far ahead; how many operations they were.

    Between a frame's counters lie those of other villages, which have stamps of their own: the village is that of the
    operation `first`.
    """
    ours = f"{_RUN} AND village_code = (SELECT village_code FROM op WHERE id = {_ROW})"
    named = (device, first, last)
    with store.transaction():
        records: dict[RecordId, str] = dict(store.rows(f"SELECT record_id, record FROM op WHERE {ours}", named))
        n_ops = int(store.rows(f"SELECT count(*) FROM op WHERE {ours}", named)[0][0])
        store.write(f"UPDATE op SET hlc = ?4 + counter - ?2 WHERE {ours}", (*named, base))
        takein.rebuild_records(store, records)
    return n_ops


def village_digest(store: Store, village_code: str) -> tuple[int, str]:
    """Number of records of a village and their order-independent digest, as the server computes it."""
    rows = total = 0
    for record in RECORD_TYPES:
        count, low, high = store.rows(
            "SELECT count(*), coalesce(sum(digest & 4294967295), 0), coalesce(sum(digest >> 32), 0) "
            f"FROM {record.record_name} WHERE village_code = ?",
            (village_code,),
        )[0]
        rows += count
        total += (high << 32) + low
    return rows, hex_digest(total)


def villages_with_ops(store: Store) -> list[str]:
    """Every village that this laptop has records of or has pulled."""
    rows = store.rows(
        "SELECT village_code FROM village UNION SELECT village_code FROM household "
        "UNION SELECT village_code FROM village_cursor ORDER BY 1"
    )
    return [row[0] for row in rows]


def _number(store: Store, device: DeviceId | None) -> int:
    return store.device_no if device is None else store.device_number(device)


def _state(store: Store, number: int) -> tuple[int, int]:
    rows = store.rows("SELECT sent, acknowledged FROM device WHERE no = ?", (number,))
    return rows[0][0], rows[0][1]


def _clear_waiting(store: Store) -> None:
    """Takes the mark off households whose changes the server holds; exact once only a few operations are left."""
    if sum(own.last - own.acknowledged for own in own_devices(store)) <= _FEW:
        store.write("UPDATE household_current SET waiting = 0 WHERE waiting = 1")
        _mark_pending(store)


def _mark_pending(store: Store) -> None:
    changed = {}
    for own in own_devices(store):
        for op in pending(store, limit=own.last, device=own.device):
            values = states.read_values(store.connection, op.record, op.record_id)
            changed[op.record_id] = (op.record, values or {})
    owners.mark_waiting(store.connection, changed)
