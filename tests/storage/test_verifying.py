"""What verify says of a profile that lost or damaged something: what, what is safe, what to do now."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from fieldapp.cli import main
from fieldapp.domain.ids import new_id
from fieldapp.domain.records import Photo
from fieldapp.errors import StorageError, VersionError
from fieldapp.i18n import error_texts
from fieldapp.storage import oplog, profile, transfers, verifying
from fieldapp.storage.backup import SUFFIX, restore
from fieldapp.storage.store import Store

Make = Callable[[str], Store]


def photographed(store: Store, field: Any, name: bytes = b"photo") -> bytes:
    """A photo of which this laptop holds one file."""
    sha256 = store.blobs.put(name)
    with store.unit() as unit:
        unit.add(Photo(id=new_id(), village_code=field.village, sha256=sha256, thumbnail_sha256=sha256))
        unit.commit()
    return sha256


def found(verdict: verifying.Verdict) -> list[tuple[str, str]]:
    return [(finding.code, str(finding.severity)) for finding in verdict.findings]


def test_a_photo_folder_that_is_gone_is_one_finding(make_store: Make, field: Any) -> None:
    store = make_store("p")
    photographed(store, field)
    photographed(store, field, b"another")
    store.close()
    shutil.rmtree(store.folder / "blobs")
    store = make_store("p")
    assert not store.blobs.is_there, "opening must not make it anew"
    verdict = verifying.verify_store(store)
    assert found(verdict) == [("photo_folder_missing", "red")]
    assert dict(verdict.findings[0].params) == {"n": 2, "only_here": 2}
    with pytest.raises(StorageError, match="photo_folder_missing"):
        store.blobs.put(b"new")
    (store.folder / "blobs").mkdir()
    assert store.blobs.get(store.blobs.put(b"new")) == b"new"


def test_a_profile_without_photos_loses_nothing_with_the_folder(make_store: Make, field: Any) -> None:
    store = make_store("p")
    field.plant(store, 1)
    (store.folder / "blobs").rmdir()
    verdict = verifying.verify_store(store)
    assert verdict.ok
    assert found(verdict) == [("photo_folder_missing", "amber")]


def test_a_missing_photo_file_is_a_loss_until_the_server_has_confirmed_it(make_store: Make, field: Any) -> None:
    store = make_store("p")
    sha256 = photographed(store, field)
    next(store.blobs.folder.rglob(sha256.hex())).unlink()
    verdict = verifying.verify_store(store)
    assert found(verdict) == [("blob_missing", "red")]
    assert verdict.findings[0].params["name"] == sha256.hex()[:12]
    transfers.confirm(store, [sha256])
    verdict = verifying.verify_store(store)
    assert verdict.ok
    assert found(verdict) == [("blob_only_on_server", "amber")]
    assert verdict.findings[0].params == {"n": 1}


def test_many_missing_photo_files_are_told_in_a_few_lines(
    make_store: Make, field: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    store = make_store("p")
    lost = [photographed(store, field, b"lost %d" % number) for number in range(30)]
    left = [photographed(store, field, b"left %d" % number) for number in range(30)]
    for sha256 in (*lost, *left):
        next(store.blobs.folder.rglob(sha256.hex())).unlink()
    transfers.confirm(store, left)
    store.close()
    assert main(["--profile", str(store.folder), "verify", "--lang", "en"]) == 1
    told = capsys.readouterr().out
    assert "and 20 more of these" in told
    assert "30 photo files are not on this laptop; the server has confirmed them." in told
    assert len(told.splitlines()) < 25


@pytest.mark.parametrize("place", [100, 4096 * 3 + 2000, -3000], ids=["first page", "some page", "last page"])
def test_flipped_bytes_of_the_database_are_named_by_page_and_the_photos_looked_at(
    make_store: Make, field: Any, capsys: pytest.CaptureFixture[str], place: int
) -> None:
    store = make_store("p")
    field.plant(store, 100)
    photographed(store, field)
    store.close()
    database = store.folder / profile.DATABASE
    data = bytearray(database.read_bytes())
    data[place] ^= 0xFF
    database.write_bytes(data)
    page = str(place % len(data) // 4096 + 1)
    assert main(["--profile", str(store.folder), "verify", "--lang", "en"]) == 1
    told = capsys.readouterr().out
    assert f"1 page of the database is not what was written: {page}." in told
    assert "1 photo file\n" in told
    assert error_texts(StorageError("database_damaged"))[2] in told, "what to do now"
    assert database.read_bytes() == bytes(data), "verify changes nothing"


@pytest.mark.parametrize("name", [profile.PROFILE_FILE, profile.KEYS_FILE])
def test_the_small_files_of_a_profile_are_looked_at_too(make_store: Make, name: str) -> None:
    store = make_store("p")
    store.close()
    (store.folder / name).write_text("[]")
    assert [code for code, _ in found(verifying.verify_folder(store.folder, None))] == ["profile_damaged"]
    (store.folder / name).write_text('{"format": 99}')
    with pytest.raises(VersionError, match="newer_database"):
        verifying.verify_folder(store.folder, None)


def test_a_damaged_photo_is_found_beside_a_damaged_database(make_store: Make, field: Any) -> None:
    store = make_store("p")
    sha256 = photographed(store, field)
    store.close()
    (store.folder / profile.DATABASE).write_bytes(b"")
    next(store.blobs.folder.rglob(sha256.hex())).write_bytes(b"FAB1" + bytes(60))
    verdict = verifying.verify_folder(store.folder, None)
    assert {"database_damaged", "blob_damaged"} <= {code for code, _ in found(verdict)}


def test_commands_tell_a_missing_photo_folder_and_go_on(
    make_store: Make, field: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    store = make_store("p")
    field.plant(store, 1)
    store.close()
    (store.folder / "blobs").rmdir()
    assert main(["--profile", str(store.folder), "status", "--json"]) == 0
    assert error_texts(StorageError("photo_folder_missing"))[0] in capsys.readouterr().err
    assert not (store.folder / "blobs").exists()


def test_a_backup_into_a_folder_gets_a_name_of_its_own(
    make_store: Make, field: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store = make_store("杨进光")
    field.plant(store, 2)
    digest = oplog.village_digest(store, field.village)
    store.close()
    stick = tmp_path / "stick"
    stick.mkdir()
    assert main(["--profile", str(store.folder), "backup", str(stick)]) == 0
    (made,) = stick.iterdir()
    assert str(made) in capsys.readouterr().out
    assert made.name.startswith(f"fieldapp-practice-{store.tag}-")
    assert made.name.endswith(SUFFIX)
    restore(made, tmp_path / "again")
    assert oplog.village_digest(make_store("again"), field.village) == digest
