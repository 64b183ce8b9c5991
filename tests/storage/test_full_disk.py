"""A disk that is full at every k-th page or file write: nothing changes, the message names the disk, work goes on."""

from __future__ import annotations

import errno
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from fieldapp.domain.records import Measurement
from fieldapp.errors import StorageError
from fieldapp.i18n import error_texts, set_language
from fieldapp.storage import oplog, profile, verifying
from fieldapp.storage.backup import backup, restore
from fieldapp.storage.store import Store

_ROOM = 1_000_000
Make = Callable[[str], Store]


@contextmanager
def pages_left(store: Store, more: int) -> Iterator[None]:
    """The database may grow by so many pages: SQLite then answers as it does on a full disk."""
    pages = store.connection.execute("PRAGMA page_count").fetchone()[0]
    store.connection.execute(f"PRAGMA max_page_count = {pages + more}")
    try:
        yield
    finally:
        store.connection.execute(f"PRAGMA max_page_count = {_ROOM}")


@contextmanager
def bytes_left(limit: int) -> Iterator[None]:
    """No file of this process grows beyond so many bytes: the system refuses the write in the middle."""
    resource = pytest.importorskip("resource", reason="limits the size of files as only POSIX can")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, ignored)


def state(store: Store, village: str) -> tuple[object, ...]:
    """Everything that must not change by half: records, operations, derived rows, cursor."""
    counters = store.rows("SELECT * FROM household_current ORDER BY household_id")
    trees = store.rows("SELECT * FROM tree_current ORDER BY tree_id")
    ops = store.rows("SELECT count(*), max(counter) FROM op")
    return oplog.village_digest(store, village), counters, trees, ops, oplog.cursor(store, village)


def assert_named(error: StorageError) -> None:
    assert error.code == "disk_full"
    set_language("en")
    assert "disk" in error_texts(error)[0]


def test_a_save_at_every_page(store: Store, field: Any) -> None:
    stand = field.plant(store, 3)
    before = state(store, field.village)

    def save() -> None:
        with store.unit() as unit:
            unit.edit(stand.household, head_name="龙再兴", remarks="x" * 30_000)
            unit.add(field.measured(stand.trees[0], dbh_cm=7.5))
            unit.commit()

    for more in range(100):
        try:
            with pages_left(store, more):
                save()
        except StorageError as error:
            assert_named(error)
            assert state(store, field.village) == before
        else:
            break
    assert more > 10, "the disk was full at many places before it had room"
    assert state(store, field.village) != before
    assert [op.counter for op in oplog.pending(store)] == list(range(1, before[3][0][1] + 3))  # type: ignore[index]
    assert verifying.verify_store(store).ok


def test_a_pull_at_every_third_page(make_store: Make, field: Any) -> None:
    first, second = make_store("甲"), make_store("乙")
    field.plant(first, 150)
    ops = oplog.pending(first, limit=10_000)
    before = state(second, field.village)
    for more in range(0, 1000, 3):
        try:
            with pages_left(second, more):
                oplog.apply(second, ops, village_code=field.village, cursor=7)
        except StorageError as error:
            assert_named(error)
            assert state(second, field.village) == before
        else:
            break
    assert more > 20
    assert oplog.village_digest(second, field.village) == oplog.village_digest(first, field.village)
    assert oplog.cursor(second, field.village) == 7
    assert verifying.verify_store(second).ok


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit on the size of a file")
def test_a_log_that_cannot_grow_in_the_middle_of_a_page(store: Store, field: Any, tmp_path: Path) -> None:
    stand = field.plant(store, 3)
    before = state(store, field.village)
    store.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # it was made long at the opening
    log = store.folder / "data.db-wal"
    start = log.stat().st_size
    codes = []
    for more in range(0, 60_000, 1500):
        try:
            with bytes_left(start + more), store.unit() as unit:
                unit.add(field.measured(stand.trees[1], dbh_cm=6.6))
                unit.commit()
        except StorageError as error:
            codes.append(error.code)
            assert state(store, field.village) == before
        else:
            break
    assert len(codes) > 3
    assert set(codes) == {"disk_failed"}, "a limit of the process is no full disk to SQLite"
    assert len(store.find(Measurement, "WHERE tree_id = ?", (stand.trees[1].id,))) == 2
    assert verifying.verify_store(store).ok


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit on the size of a file")
def test_a_photo_file_at_every_size(store: Store) -> None:
    data = bytes(range(256)) * 40
    for limit in range(0, len(data) + 32, 700):
        with bytes_left(limit), pytest.raises(StorageError) as caught:
            store.blobs.put(data)
        assert_named(caught.value)
        assert caught.value.__cause__.errno == errno.EFBIG  # type: ignore[union-attr]
        assert [path for path in store.blobs.folder.rglob("*") if path.is_file()] == []
    assert store.blobs.get(store.blobs.put(data)) == data


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit on the size of a file")
@pytest.mark.parametrize("there", [False, True])
def test_a_restore_at_every_size_leaves_nothing_behind(store: Store, field: Any, tmp_path: Path, there: bool) -> None:
    field.plant(store, 3)
    store.blobs.put(bytes(300_000))
    made, again = backup(store, tmp_path / "day"), tmp_path / "new" / "again"
    if there:
        again.mkdir(parents=True)
    for limit in range(0, 290_000, 40_000):
        with bytes_left(limit), pytest.raises(StorageError) as caught:
            restore(made, again)
        assert caught.value.code == "restore_disk_full"
        assert (list(again.iterdir()) == []) if there else not again.parent.exists()
    restore(made, again)
    assert profile.is_profile(again)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit on the size of a file")
def test_advice_on_a_full_disk_fits_the_work(store: Store, field: Any, tmp_path: Path) -> None:
    store.blobs.put(bytes(600_000))
    with bytes_left(500_000), pytest.raises(StorageError) as caught:
        backup(store, tmp_path / "day")
    assert caught.value.code == "backup_disk_full"
    plain = tmp_path / "plain.db"
    plain.write_bytes(b"SQLite format 3\0" + bytes(60_000))
    with bytes_left(30_000), pytest.raises(StorageError) as caught:
        verifying.verify_file(plain)
    assert caught.value.code == "verify_disk_full"
    for code in ("backup_disk_full", "verify_disk_full"):
        error = StorageError(code, megabytes="1", folder="x")
        assert "enter the last change again" not in " ".join(error_texts(error))
