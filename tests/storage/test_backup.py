"""Backups hold everything, are checked before they are trusted, and never write over a profile."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from fieldapp.domain.ids import new_id
from fieldapp.domain.records import Photo, Tree
from fieldapp.errors import ItemError, StorageError
from fieldapp.storage import counting, oplog, profile, reads, transfers, verifying
from fieldapp.storage.backup import SUFFIX, Contents, backup, contents, restore
from fieldapp.storage.store import Store


def reopen(folder: Path, field: Any) -> Store:
    return profile.open_store(folder, pin=None, estimator=field.estimator)


def test_a_restored_profile_holds_everything_and_numbers_on_as_a_new_laptop(
    store: Store, field: Any, tmp_path: Path
) -> None:
    stand = field.plant(store, 5)
    photo = store.blobs.put(b"photo")
    made = backup(store, tmp_path / f"day{SUFFIX}")
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


def photographed(store: Store, field: Any, name: bytes) -> dict[str, bytes]:
    """A photo with its three files."""
    hashes = {
        name: store.blobs.put(data)
        for name, data in (
            ("thumbnail_sha256", name),
            ("working_sha256", name * 10),
            ("sha256", name * 100),
        )
    }
    with store.unit() as unit:
        unit.add(Photo(id=new_id(), village_code=field.village, **hashes))
        unit.commit()
    return hashes


def test_a_backup_holds_every_photo_file_that_is_nowhere_else(store: Store, field: Any, tmp_path: Path) -> None:
    first, second = photographed(store, field, b"a"), photographed(store, field, b"b")
    loose = store.blobs.put(b"of no record")
    transfers.confirm(store, [first["thumbnail_sha256"], first["working_sha256"]])
    made = backup(store, tmp_path / f"day{SUFFIX}")
    assert contents(made) == Contents(photos=6, photo_bytes=224, left_out=1, left_out_bytes=10, missing=0)
    assert restore(made, tmp_path / "again") == contents(made)
    copy = reopen(tmp_path / "again", field)
    assert set(copy.blobs.all_hashes()) == {loose, *first.values(), *second.values()} - {first["working_sha256"]}
    verdict = verifying.verify_store(copy)
    assert verdict.ok
    assert [(one.code, one.params) for one in verdict.findings] == [("blob_only_on_server", {"n": 1})]
    copy.close()
    told = verifying.verify_file(made)
    assert (told.ok, told.blobs, [one.code for one in told.findings]) == (True, 6, ["blob_only_on_server"])


def test_a_backup_of_all_photo_files_leaves_nothing_to_the_server(store: Store, field: Any, tmp_path: Path) -> None:
    hashes = photographed(store, field, b"a")
    transfers.confirm(store, hashes.values())
    made = backup(store, tmp_path / f"day{SUFFIX}", photos=True)
    assert contents(made) == Contents(photos=3, photo_bytes=111, left_out=0, left_out_bytes=0, missing=0)
    restore(made, tmp_path / "again")
    copy = reopen(tmp_path / "again", field)
    assert verifying.verify_store(copy).findings == ()
    copy.close()


def test_a_photo_file_that_the_laptop_lacks_is_told_by_its_backup(store: Store, field: Any, tmp_path: Path) -> None:
    hashes = photographed(store, field, b"a")
    next(store.blobs.folder.rglob(hashes["sha256"].hex())).unlink()
    assert contents(backup(store, tmp_path / f"day{SUFFIX}")).missing == 1


@pytest.mark.parametrize("held", ["trees.xlsx", profile.DATABASE, profile.KEYS_FILE])
def test_a_folder_with_something_else_in_it_is_left_alone(store: Store, field: Any, tmp_path: Path, held: str) -> None:
    made = backup(store, tmp_path / f"day{SUFFIX}")
    again = tmp_path / "again"
    again.mkdir()
    (again / held).write_bytes(b"mine")
    with pytest.raises(StorageError, match="folder_not_empty"):
        restore(made, again)
    assert [(part.name, part.read_bytes()) for part in again.iterdir()] == [(held, b"mine")]
    (again / held).unlink()
    (again / ".hidden").touch()
    restore(made, again)
    assert profile.is_profile(again)


def test_a_backup_whose_laptop_stands_in_1970_is_made(store: Store, tmp_path: Path) -> None:
    os.utime(store.folder / profile.KEYS_FILE, (0, 0))
    restore(backup(store, tmp_path / f"day{SUFFIX}"), tmp_path / "again")
    assert profile.is_profile(tmp_path / "again")


@pytest.mark.parametrize("manifest", [b"[]", b'{"files": []}', b'{"files": {}}', b"nonsense"])
def test_a_backup_with_a_strange_list_is_damaged(store: Store, tmp_path: Path, manifest: bytes) -> None:
    strange = tmp_path / f"day{SUFFIX}"
    with zipfile.ZipFile(strange, "w") as archive:
        archive.writestr("manifest.json", manifest)
    with pytest.raises(ItemError, match="backup_damaged"):
        restore(strange, tmp_path / "again")


@pytest.mark.parametrize("content", [b"", b"SQLite format 3\0" + bytes(4080), b"hello"])
def test_another_file_is_told_as_no_backup(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "village.db").write_bytes(content)
    with pytest.raises(ItemError, match="not_a_backup"):
        restore(tmp_path / "village.db", tmp_path / "again")
    assert not (tmp_path / "again").exists()


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


@pytest.mark.parametrize("damage", ["cut", "flip", "hole", "other", "empty", "before", "behind"])
def test_a_damaged_backup_is_refused_and_leaves_nothing(store: Store, field: Any, tmp_path: Path, damage: str) -> None:
    field.plant(store, 5)
    made = backup(store, tmp_path / f"b{SUFFIX}")
    data = bytearray(made.read_bytes())
    if damage == "flip":
        data[len(data) // 2] ^= 1
    changed = {
        "cut": data[: len(data) // 2],
        "hole": data[: len(data) // 2] + data[len(data) // 2 + 100 :],
        "flip": data,
        "other": b"PK not a zip",
        "empty": b"",
        "before": b"x" + data,
        "behind": data + b"x",
    }[damage]
    made.write_bytes(changed)
    with pytest.raises(ItemError, match="backup_damaged"):
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
