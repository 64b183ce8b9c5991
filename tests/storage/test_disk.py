"""A full disk and a folder without permission: nothing changes, the message names it, and work goes on afterwards."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from fieldapp.domain.records import Tree
from fieldapp.errors import StorageError
from fieldapp.storage import oplog, profile, reads, verifying
from fieldapp.storage.backup import backup, restore
from fieldapp.storage.store import Store


def _mount(*words: str) -> int:
    return subprocess.run(["mount", *words], capture_output=True, check=False).returncode


def test_a_save_that_finds_no_room_changes_nothing(store: Store, field: Any) -> None:
    stand = field.plant(store, 3)
    before = oplog.village_digest(store, field.village)
    pages = store.connection.execute("PRAGMA page_count").fetchone()[0]
    store.connection.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(StorageError, match="disk_full"):
        save(store, stand.trees[0], "x" * 9000)
    assert oplog.village_digest(store, field.village) == before
    assert len(oplog.pending(store)) == 8
    store.connection.execute("PRAGMA max_page_count = 1000000")
    save(store, stand.trees[0], "x" * 9000)
    assert [op.counter for op in oplog.pending(store)] == list(range(1, 10))


def test_a_pull_that_finds_no_room_changes_nothing(make_store: Callable[[str], Store], field: Any) -> None:
    first, second = make_store("甲"), make_store("乙")
    field.plant(first, 300)
    ops = oplog.pending(first, limit=10_000)
    pages = second.connection.execute("PRAGMA page_count").fetchone()[0]
    second.connection.execute(f"PRAGMA max_page_count = {pages + 5}")
    with pytest.raises(StorageError, match="disk_full"):
        oplog.apply(second, ops, village_code=field.village, cursor=7)
    assert oplog.village_digest(second, field.village)[0] == 0
    assert oplog.cursor(second, field.village) == 0
    second.connection.execute("PRAGMA max_page_count = 1000000")
    oplog.apply(second, ops, village_code=field.village, cursor=7)
    assert oplog.village_digest(second, field.village) == oplog.village_digest(first, field.village)


def test_a_really_full_disk_keeps_every_save_and_leaves_no_pieces(small_disk: Path, tmp_path: Path, field: Any) -> None:
    folder = small_disk / "p"
    profile.create(folder, person="杨", pin=None, practice=True)
    store = profile.open_store(folder, pin=None, estimator=field.estimator)
    tree = field.plant(store, 1).trees[0]
    with pytest.raises(StorageError, match="disk_full"):
        store.blobs.put(bytes(5_000_000))
    assert [path for path in (folder / "blobs").rglob("*") if path.is_file()] == []
    saved = save_until_full(store, tree)
    with pytest.raises(StorageError, match="disk_full"):
        backup(store, small_disk / "b")
    assert not list(small_disk.glob("b*"))
    restore(backup(store, tmp_path / "b"), tmp_path / "again")
    assert verifying.verify_folder(tmp_path / "again", None).ok, "a full disk is the time for a backup elsewhere"
    assert {part.name for part in tmp_path.iterdir()} == {"disk", "b", "again"}
    assert store.get(Tree, tree.id).remarks == saved  # type: ignore[union-attr]
    _mount("-o", "remount,size=20m", str(small_disk))
    with store.unit() as unit:
        unit.edit(store.get(Tree, tree.id), remarks="room again")  # type: ignore[type-var]
        unit.commit()
    store.close()
    store = profile.open_store(folder, pin=None, estimator=field.estimator)
    assert store.get(Tree, tree.id).remarks == "room again"  # type: ignore[union-attr]
    store.close()


def test_a_disk_without_any_room_is_called_full_when_a_profile_is_opened(small_disk: Path, field: Any) -> None:
    folder = small_disk / "p"
    profile.create(folder, person="杨", pin=None, practice=True)
    profile.open_store(folder, pin=None, estimator=field.estimator).close()
    fill(small_disk / "fill")
    for opened in (
        lambda: profile.open_store(folder, pin=None, estimator=field.estimator),
        lambda: verifying.verify_folder(folder, None),
    ):
        with pytest.raises(StorageError, match="opening_disk_full"):
            opened()
    (small_disk / "fill").unlink()
    assert verifying.verify_folder(folder, None).ok


def fill(file: Path) -> None:
    """Grows a file until the disk has no room for another page."""
    with file.open("wb", buffering=0) as opened, suppress(OSError):
        while True:
            opened.write(bytes(4096))


def save(store: Store, tree: Tree, remarks: str) -> Tree:
    with store.unit() as unit:
        edited = unit.edit(tree, remarks=remarks)
        unit.commit()
    return edited


def save_until_full(store: Store, tree: Tree) -> str | None:
    """Saves longer and longer remarks until the disk is full; the last one that was acknowledged."""
    for number in range(2000):
        try:
            tree = save(store, tree, f"{number}" + "x" * 5000)
        except StorageError as error:
            if error.code != "disk_full":
                raise
            return tree.remarks
    raise AssertionError("the disk never got full")


def test_a_folder_without_permission_is_told(small_disk: Path, field: Any) -> None:
    folder = small_disk / "p"
    profile.create(folder, person="杨", pin=None, practice=True)
    profile.open_store(folder, pin=None, estimator=field.estimator).close()
    _mount("-o", "remount,ro", str(small_disk))
    with pytest.raises(StorageError, match="folder_read_only"):
        profile.open_store(folder, pin=None, estimator=field.estimator)
    with pytest.raises(StorageError, match="folder_read_only"):
        profile.create(small_disk / "q", person="杨", pin=None, practice=True)


def test_a_photo_folder_that_is_gone_is_told_and_the_records_stay(small_disk: Path, field: Any) -> None:
    folder = small_disk / "p"
    profile.create(folder, person="杨", pin=None, practice=True)
    store = profile.open_store(folder, pin=None, estimator=field.estimator)
    field.plant(store, 1)
    (folder / "blobs").rmdir()
    (folder / "blobs").write_text("a file in place of the folder")
    with pytest.raises(StorageError):
        store.blobs.put(b"x")
    assert reads.households(store, field.village)[0].trees == 1
    store.close()
