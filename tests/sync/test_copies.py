"""Profiles that were restored or copied by hand: no two laptops write under one name, and nothing is lost."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from fieldapp.errors import PauseError
from fieldapp.storage import backup, counting, oplog
from tests.sync.conftest import MakeStore
from tests.sync.converged import assert_converged
from tests.sync.village import enrolled, record_household, record_photo, sync

SMALL, LARGE = b"\xff\xd8\xffsmall", b"\xff\xd8\xfflarge" * 99


def test_a_copied_folder_goes_on_as_a_new_laptop(server, make_store: MakeStore, tmp_path: Path) -> None:
    one = enrolled(make_store("one"), server)
    record_household(one)
    sync(one)
    record_household(one, 2)  # not sent yet: both send it
    shutil.copytree(one.folder, tmp_path / "two")
    two = make_store("two")
    assert two.device != one.device
    assert counting.status(two).saved_at == counting.status(one).saved_at is not None
    record_household(one, 4)
    record_household(two, 5)
    assert sync(one).converged
    with pytest.raises(PauseError, match="enrolled_as_former"):
        sync(two)
    enrolled(two, server)
    for store in (two, one, two):
        assert sync(store).converged
    assert_converged(server, one, two)
    assert [counting.status(one).households, counting.status(two).households] == [4, 4]


def test_a_folder_set_back_to_an_older_copy_uses_no_number_twice(server, make_store: MakeStore, tmp_path: Path) -> None:
    one = enrolled(make_store("one"), server)
    record_household(one)
    former = one.device
    one.close()
    shutil.copytree(tmp_path / "one", tmp_path / "stick")
    one = make_store("one")
    record_household(one, 7)
    assert sync(one).converged
    one.close()
    shutil.rmtree(tmp_path / "one")
    shutil.copytree(tmp_path / "stick", tmp_path / "one")
    one = make_store("one")
    assert one.device != former
    record_household(one, 2)
    assert sync(enrolled(one, server)).converged
    assert counting.status(one).households == 3  # that of the lost days came back
    assert sync(one).converged  # what came back is named by a receipt of its own
    assert_converged(server, one)


def test_a_moved_folder_is_the_same_laptop(make_store: MakeStore, tmp_path: Path) -> None:
    one = make_store("one")
    former = one.device
    one.close()
    (tmp_path / "one").rename(tmp_path / "moved")
    moved = make_store("moved")
    assert moved.device == former
    assert len(oplog.own_devices(moved)) == 1


def test_what_a_backup_left_to_the_server_comes_back_with_the_next_sync(
    server, make_store: MakeStore, tmp_path: Path
) -> None:
    one = enrolled(make_store("one"), server)
    _, trees = record_household(one)
    photo = record_photo(one, trees[0], SMALL, LARGE)
    sync(one)
    made = backup.backup(one, tmp_path / "day")
    assert backup.contents(made).left_out == 1
    backup.restore(made, tmp_path / "again")
    again = make_store("again")
    assert not again.blobs.has(photo.working_sha256)
    report = sync(enrolled(again, server))
    assert report.converged
    assert report.files_received == 1
    assert again.blobs.get(photo.working_sha256) == LARGE
    assert sync(again).files_received == 0
