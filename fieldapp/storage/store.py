"""A profile's database in use: reading one record, opening a unit of work, local settings."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from fieldapp.domain.ids import DeviceId, RecordId, device_tag
from fieldapp.domain.records import Record
from fieldapp.domain.sinks import Estimator
from fieldapp.storage import connection as connections
from fieldapp.storage import faults
from fieldapp.storage.blobs import BlobStore
from fieldapp.storage.connection import Connection
from fieldapp.storage.derived import Derivation
from fieldapp.storage.layout import layout, to_record
from fieldapp.storage.lock import ProfileLock
from fieldapp.storage.methods import Methods
from fieldapp.storage.unit import UnitOfWork

R = TypeVar("R", bound=Record)
DATABASE = "data.db"
# Own laptops are numbered upwards and others downwards: own operations then are the last rows of their table.
_OWN_SQL = "INSERT INTO device (no, id, own) SELECT max(no) + 1, ?, 1 FROM device"
_OTHER_SQL = "INSERT OR IGNORE INTO device (no, id, own) SELECT min(min(no), 0) - 1, ?, 0 FROM device"


class _Devices(dict[int, DeviceId]):
    """Laptops by number, read when they are first asked for."""

    def __init__(self, connection: Connection) -> None:
        super().__init__()
        self._connection = connection

    def __missing__(self, number: int) -> DeviceId:
        found = self._connection.execute("SELECT id FROM device WHERE no = ?", (number,)).fetchone()
        if found is None:
            raise KeyError(number)
        self[number] = DeviceId(found[0])
        return self[number]


def wall_ms() -> int:
    """The wall clock, milliseconds since 1970."""
    return time.time_ns() // 1_000_000


class Store:
    """One SQLCipher connection to a profile; used from one thread at a time."""

    def __init__(
        self,
        connection: Connection,
        *,
        folder: Path,
        key: bytes,
        lock: ProfileLock,
        methods: Methods,
        blobs: BlobStore,
        clock: Callable[[], int] = wall_ms,
    ) -> None:
        self.connection = connection
        self.folder = folder
        self.methods = methods
        self.blobs = blobs
        self.clock = clock
        self.derivation = Derivation(connection, methods)
        self.unsettled: set[RecordId] = set()  # trees whose rows are behind their measurements, see `settling`
        self._key = key
        self._lock = lock
        self._devices = _Devices(connection)
        self._load_identity()

    def _load_identity(self) -> None:
        self._devices.clear()
        self.device_no = int(self.setting("device_no"))
        self.device = self._devices[self.device_no]
        self.tag = device_tag(self.device)
        self.person = self.setting("person")
        self.practice = bool(self.setting("practice"))

    @property
    def estimator(self) -> Estimator:
        """What drafts are computed with: the methodology that this profile works with."""
        return self.methods.active(self.connection)

    def estimator_of(self, household_id: RecordId | None) -> Estimator:
        """What this household's trees are computed with; an older one when it was handed in before an upgrade."""
        return self.methods.of(self.connection, household_id)

    def unit(self, *, undoable: bool = True) -> UnitOfWork:
        """A new unit of work; `undoable` False leaves no undo step (imports, the practice village)."""
        return UnitOfWork(self, undoable=undoable)

    def get(self, record: type[R], id: RecordId) -> R | None:
        """One record by its id, with the version that an edit of it must show."""
        found = self.rows(f"{layout(record.record_name).select_sql} WHERE id = ?", (id,))
        return to_record(record, found[0]) if found else None

    def find(self, record: type[R], where: str, parameters: Sequence[Any] = ()) -> list[R]:
        """Records that meet a condition in SQL; for the modules of this package."""
        return [
            to_record(record, row) for row in self.rows(f"{layout(record.record_name).select_sql} {where}", parameters)
        ]

    def rows(self, sql: str, parameters: Sequence[Any] | dict[str, Any] = ()) -> list[tuple[Any, ...]]:
        """The rows of a query; for the modules of this package."""
        with faults.told():
            found: list[tuple[Any, ...]] = self.connection.execute(sql, parameters).fetchall()
        return found

    def write(self, sql: str, parameters: Sequence[Any] = ()) -> None:
        """One local statement of its own, outside any unit of work; for the modules of this package."""
        with faults.told():
            self.connection.execute(sql, parameters)

    def write_many(self, sql: str, rows: Sequence[Sequence[Any]]) -> None:
        """One local statement for many rows in one transaction; for the modules of this package."""
        with faults.told(), self.transaction():
            self.connection.executemany(sql, rows)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Everything inside is durable together or not at all; joins a transaction that is open already."""
        if self.connection.in_transaction:
            yield
            return
        with faults.told():
            self.connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self.connection.execute("COMMIT")
            except BaseException:
                if self.connection.in_transaction:  # a full disk has rolled back by itself
                    self.connection.execute("ROLLBACK")
                self._devices.clear()  # it may name a laptop whose row has just been rolled back
                raise

    def reopen(self) -> Store:
        """A second connection to the same profile, for another thread; it shares this program's lock."""
        database = self.folder / DATABASE
        return Store(
            connections.connect(database, self._key),
            folder=self.folder,
            key=self._key,
            lock=self._lock.share(),
            methods=self.methods,
            blobs=self.blobs,
            clock=self.clock,
        )

    def setting(self, key: str, default: str = "") -> str:
        """A local setting of this profile, never synced."""
        found = self.rows("SELECT value FROM local WHERE key = ?", (key,))
        return str(found[0][0]) if found else default

    def set_setting(self, key: str, value: str) -> None:
        """Stores a local setting durably."""
        self.write(SET_LOCAL, (key, value))

    def devices(self) -> Mapping[int, DeviceId]:
        """Laptops by their short local numbers; one that another connection has added is looked up."""
        return self._devices

    def device_number(self, device: DeviceId) -> int:
        """The short local number of a laptop, new ones included; inside a transaction of the caller."""
        for number, known in self._devices.items():
            if known == device:
                return number
        self.write(_OTHER_SQL, (device,))
        number = int(self.rows("SELECT no FROM device WHERE id = ?", (device,))[0][0])
        self._devices[number] = device
        return number

    def replace_device(self, device: DeviceId) -> None:
        """Goes on as a new laptop, in a restored copy; what waits of the former one is still sent."""
        with self.transaction():
            self.write(_OWN_SQL, (device,))
            number = self.rows("SELECT no FROM device WHERE id = ?", (device,))[0][0]
            self.set_setting("device_no", str(number))
        self._load_identity()

    @property
    def key(self) -> bytes:
        """The database key; only for backups inside this package."""
        return self._key

    def close(self) -> None:
        """Closes the connection; the last store of this program frees the profile."""
        if self.connection is not None:
            self.connection.close()
            self.connection = None
            self._lock.release()


SET_LOCAL = "INSERT INTO local (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value"
