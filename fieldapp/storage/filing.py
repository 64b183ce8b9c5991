"""The index of operations by record, and the few own operations that are not in it yet.

A save that writes to an index of random ids writes one page more, and pages are what a save costs. So own
operations enter it by the hundred, in the transaction of the save that fills the measure; until then they
are found by walking the end of this laptop's own operations. Both ways together always show all of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from fieldapp.domain.ids import DeviceId, RecordId
from fieldapp.domain.ops import Op
from fieldapp.storage import oprows
from fieldapp.storage.connection import Connection

UNFILED_AT_MOST = 256
_CHUNK = 1000
Home = tuple[str, str]  # record type and village
_OF_RECORD_SQL = (
    f"SELECT {oprows.COLUMNS} FROM op WHERE record_id = ?1 AND filed = 1 UNION ALL SELECT {oprows.COLUMNS} "
    f"FROM device CROSS JOIN op ON {oprows.of_device('no', above='filed_upto')} "
    "WHERE own = 1 AND filed IS NULL AND record_id = ?1 ORDER BY hlc"
)
_FILE_SQL = "UPDATE op SET filed = 1 WHERE filed IS NULL AND " + oprows.of_device(
    "?1", above="(SELECT filed_upto FROM device WHERE no = ?1)"
)
_FILED_SQL = (
    f"UPDATE device SET filed_upto = {oprows.last_of('?1')} WHERE no = ?1 AND filed_upto < {oprows.last_of('?1')}"
)


def ops_of(connection: Connection, record_id: RecordId, devices: Mapping[int, DeviceId]) -> list[Op]:
    """Every operation of one record, oldest stamp first."""
    rows = connection.execute(_OF_RECORD_SQL, (record_id,))
    return [oprows.to_op(row, devices[row[0]]) for row in rows]


def homes(connection: Connection, records: Iterable[RecordId]) -> dict[RecordId, Home]:
    """What these ids stand for, and in which village, as far as they have operations; for use after `file_own`."""
    ids = list(records)
    found: dict[RecordId, Home] = {}
    for start in range(0, len(ids), _CHUNK):
        chunk = ids[start : start + _CHUNK]
        marks = ",".join("?" * len(chunk))
        sql = f"SELECT record_id, record, village_code FROM op WHERE record_id IN ({marks}) AND filed = 1"
        found.update((row[0], (row[1], row[2])) for row in connection.execute(sql, chunk))
    return found


def file_device(connection: Connection, device_no: int) -> None:
    """Takes the own operations of one laptop into the index, inside a transaction of the caller."""
    connection.execute(_FILE_SQL, (device_no,))
    connection.execute(_FILED_SQL, (device_no,))


def file_own(connection: Connection) -> None:
    """Takes all own operations into the index, of former laptops too; before work on many records."""
    for (device_no,) in connection.execute("SELECT no FROM device WHERE own = 1").fetchall():
        file_device(connection, device_no)
