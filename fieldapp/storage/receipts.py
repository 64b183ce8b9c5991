"""Signed receipts of the server: the proof on which the screen says that something is confirmed."""

from __future__ import annotations

from collections.abc import Iterable

from fieldapp.domain.ids import DeviceId
from fieldapp.storage import transfers
from fieldapp.storage.store import Store

Range = tuple[DeviceId, int, int]  # laptop, first and last counter
LAST = "server:last_receipt"  # the signature that was kept last, so that the same answer again costs nothing


def keep(
    store: Store, village_code: str, body: bytes, *, ranges: Iterable[Range] = (), hashes: Iterable[bytes] = ()
) -> None:
    """Keeps a receipt whose signature has been checked, with the operations and files that it names."""
    with store.transaction():
        store.write(
            "INSERT INTO receipt (village_code, received_at, body) VALUES (?, ?, ?)",
            (village_code, store.clock(), body),
        )
        for device, first, last in ranges:
            _cover(store, store.device_number(device), first, last)
        transfers.confirm(store, hashes)


def bodies(store: Store, village_code: str | None = None) -> list[bytes]:
    """The receipts as the server signed them, oldest first."""
    if village_code is None:
        return [row[0] for row in store.rows("SELECT body FROM receipt ORDER BY id")]
    return [
        row[0] for row in store.rows("SELECT body FROM receipt WHERE village_code = ? ORDER BY id", (village_code,))
    ]


def covered(store: Store, device: DeviceId) -> list[tuple[int, int]]:
    """The counters of a laptop that receipts name, as ranges without overlap."""
    number = store.device_number(device)
    rows = store.rows("SELECT first, last FROM receipt_range WHERE device_no = ? ORDER BY first", (number,))
    return [(row[0], row[1]) for row in rows]


def forget(store: Store, device: DeviceId, above: int = 0) -> None:
    """The server has shown that it holds nothing above a counter; the signed receipts stay, as history."""
    number = store.device_number(device)
    with store.transaction():
        store.write("DELETE FROM receipt_range WHERE device_no = ? AND first > ?", (number, above))
        store.write("UPDATE receipt_range SET last = ? WHERE device_no = ? AND last > ?", (above, number, above))
        store.set_setting(LAST, "")


def _cover(store: Store, device_no: int, first: int, last: int) -> None:
    """Joins a range with those that it touches, so that counting them is adding up."""
    touching = store.rows(
        "SELECT first, last FROM receipt_range WHERE device_no = ? AND first <= ? AND last >= ?",
        (device_no, last + 1, first - 1),
    )
    for known_first, known_last in touching:
        first, last = min(first, known_first), max(last, known_last)
        store.write("DELETE FROM receipt_range WHERE device_no = ? AND first = ?", (device_no, known_first))
    store.write("INSERT INTO receipt_range (device_no, first, last) VALUES (?, ?, ?)", (device_no, first, last))
