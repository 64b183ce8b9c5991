"""Backups hold everything, are checked before they are trusted, and never write over a profile."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from fieldapp.domain.records import Tree
from fieldapp.errors import StorageError
from fieldapp.storage import counting, oplog, profile, reads, verifying
from fieldapp.storage.backup import SUFFIX, backup, restore
from fieldapp.storage.store import Store


def reopen(folder: Path, field: Any) -> Store:
    return profile.open_store(folder, pin=None, estimator=field.estimator)


def test_a_restored_profile_holds_everything_and_numbers_on_as_a_new_laptop(
    store: Store, field: Any, tmp_path: Path
) -> None:
    stand = field.plant(store, 5)
    photo = store.blobs.put(b"photo")
    made = backup(store, tmp_path / f"day{SUFFIX}", photos=True)
    restore(made, tmp_path / "again")
    copy = reopen(tmp_path / "again", field)
    assert copy.device != store.device
    assert copy.blobs.get(photo) == b"photo"
    assert oplog.village_digest(copy, field.village) == oplog.village_digest(store, field.village)
    assert counting.status(copy).ops_waiting == counting.status(store).ops_waiting == 12
    tree = copy.get(Tree, stand.trees[0].id)
    assert tree is not None
    with copy.unit() as unit:
        unit.edit(tree, tag="neu")
        unit.commit()
    assert [(own.device, own.last) for own in oplog.own_devices(copy)] == [(store.device, 12), (copy.device, 1)]
    assert len(oplog.pending(copy, device=store.device)) == 12
    assert [op.counter for op in oplog.pending(copy)] == [1]
    copy.close()
    again = reopen(tmp_path / "again", field)
    assert len(oplog.own_devices(again)) == 2
    again.close()


def test_work_goes_on_while_a_backup_is_there(store: Store, field: Any, tmp_path: Path) -> None:
    field.plant(store, 2)
    made = backup(store, tmp_path / "a")
    field.plant(store, 1)
    assert list((store.folder / profile.BACKUPS).iterdir()) == []
    assert [p.name for p in tmp_path.glob("*.part")] == []
    with pytest.raises(StorageError, match="file_exists"):
        backup(store, made)
    with pytest.raises(StorageError, match="profile_exists"):
        restore(made, store.folder)
    assert len(reads.households(store, field.village)) == 2


@pytest.mark.parametrize("damage", ["cut", "flip", "other", "empty", "before", "behind"])
def test_a_damaged_backup_is_refused_and_leaves_nothing(store: Store, field: Any, tmp_path: Path, damage: str) -> None:
    field.plant(store, 5)
    made = backup(store, tmp_path / f"b{SUFFIX}")
    data = bytearray(made.read_bytes())
    if damage == "flip":
        data[len(data) // 2] ^= 1
    changed = {
        "cut": data[: len(data) // 2],
        "flip": data,
        "other": b"PK not a zip",
        "empty": b"",
        "before": b"x" + data,
        "behind": data + b"x",
    }[damage]
    made.write_bytes(changed)
    with pytest.raises(StorageError, match="backup_damaged"):
        restore(made, tmp_path / "again")
    assert not (tmp_path / "again").exists()
    verdict = verifying.verify_file(made)
    assert [finding.code for finding in verdict.findings] == ["backup_damaged"]
    assert not verdict.ok


def test_a_backup_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="file_missing"):
        restore(tmp_path / "nothing", tmp_path / "p")


def test_verify_finds_a_bad_photo_file_and_a_bad_page(
    make_store: Callable[[str], Store], field: Any, tmp_path: Path
) -> None:
    store = make_store("v")
    field.plant(store, 200)
    sha256 = store.blobs.put(b"photo")
    verdict = verifying.verify_store(store)
    assert verdict.ok
    assert (verdict.rows["tree"], verdict.blobs) == (200, 1)
    (blob,) = store.blobs.folder.rglob("*" + sha256.hex())
    blob.write_bytes(b"broken")
    assert [finding.code for finding in verifying.verify_store(store).findings] == ["blob_damaged"]
    store.close()
    database = tmp_path / "v" / profile.DATABASE
    data = bytearray(database.read_bytes())
    data[-3000] ^= 1
    database.write_bytes(data)
    store = make_store("v")
    assert "database_damaged" in [finding.code for finding in verifying.verify_store(store).findings]
