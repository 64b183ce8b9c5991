"""A whole practice profile in one call, with photos beside it to practise the import."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from fieldapp.carbon import registry
from fieldapp.carbon.estimate import RegistryEstimator
from fieldapp.errors import ItemError, StorageError
from fieldapp.media.folders import look_through
from fieldapp.media.importing import import_many
from fieldapp.practice import filling, making, spare
from fieldapp.practice.village import plan_village
from fieldapp.storage import profile
from fieldapp.storage.lock import ProfileLock

# dies without a word in the middle of the making, as in a power cut
_KILLED = """
import os, signal, sys
from pathlib import Path
from fieldapp.carbon import registry
from fieldapp.carbon.estimate import RegistryEstimator
from fieldapp.practice import making

def die(stage, done, total):
    if stage == sys.argv[2]:
        os.kill(os.getpid(), signal.SIGKILL)

making.make(Path(sys.argv[1]), RegistryEstimator(registry.load()), trees=60, photos=2, progress=die)
"""


def test_a_profile_with_photos_to_import(tmp_path: Path) -> None:
    estimator = RegistryEstimator(registry.load())
    made = making.make(tmp_path / "p", estimator, trees=60, photos=3, seed=4)
    assert (made.counts.trees, made.counts.photos) == (60, 3)
    store = profile.open_store(tmp_path / "p", pin=None, estimator=estimator)
    results = list(import_many(look_through([tmp_path / "p" / spare.FOLDER]).pictures, store.blobs.put))
    store.close()
    assert [result.photo is not None for result in results].count(True) == 8
    assert [result.photo is None for result in results].count(True) == 4
    with pytest.raises(ItemError, match="practice_filled"):
        making.make(tmp_path / "p", estimator, trees=60, photos=3, seed=4)


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL")
@pytest.mark.parametrize("stage", ["recording", "drawing"])
def test_a_making_that_was_killed_is_made_again(tmp_path: Path, stage: str) -> None:
    folder = tmp_path / "p"
    killed = subprocess.run([sys.executable, "-c", _KILLED, str(folder), stage], check=False)
    assert killed.returncode < 0
    assert (folder / making.ASIDE).is_dir()
    assert not profile.is_profile(folder)
    check_whole(folder)


def test_a_village_that_was_left_half_made_in_its_place_is_made_again(tmp_path: Path) -> None:
    folder, estimator = tmp_path / "p", RegistryEstimator(registry.load())
    profile.create(folder, person="x", pin=None, practice=True)
    store = profile.open_store(folder, pin=None, estimator=estimator)
    filling.record(store, plan_village(3, 60), 1)
    store.close()
    check_whole(folder)


def test_a_stopped_making_leaves_what_was_in_the_folder(tmp_path: Path) -> None:
    folder, estimator = tmp_path / "p", RegistryEstimator(registry.load())
    with pytest.raises(ItemError, match="practice_stopped"):
        making.make(folder, estimator, trees=60, photos=2, cancelled=lambda: True)
    assert not folder.exists()
    (folder / profile.BACKUPS).mkdir(parents=True)
    (folder / profile.BACKUPS / "mine").write_text("kept")
    with pytest.raises(ItemError, match="practice_stopped"):
        making.make(folder, estimator, trees=60, photos=2, cancelled=lambda: True)
    assert [part.name for part in folder.iterdir()] == [profile.BACKUPS]
    check_whole(folder)
    assert (folder / profile.BACKUPS / "mine").read_text() == "kept"


def test_two_programs_do_not_make_one_village_at_a_time(tmp_path: Path) -> None:
    lock = ProfileLock(tmp_path)
    with pytest.raises(StorageError, match="profile_in_use"):
        making.make(tmp_path, RegistryEstimator(registry.load()), trees=60, photos=0)
    lock.release()
    check_whole(tmp_path)


def test_a_village_that_the_disk_has_no_room_for_leaves_nothing_behind(small_disk: Path) -> None:
    with pytest.raises(StorageError) as caught:
        making.make(small_disk / "new" / "p", RegistryEstimator(registry.load()), trees=60, photos=40)
    assert caught.value.code == "practice_disk_full"
    assert list(small_disk.iterdir()) == []


@pytest.mark.parametrize("held", ["trees.xlsx", profile.DATABASE])
def test_a_folder_with_something_else_in_it_is_left_alone(tmp_path: Path, held: str) -> None:
    (tmp_path / held).write_text("mine")
    with pytest.raises(StorageError, match="folder_not_empty"):
        making.make(tmp_path, RegistryEstimator(registry.load()), trees=60, photos=0)
    assert [(part.name, part.read_text()) for part in tmp_path.iterdir()] == [(held, "mine")]


def check_whole(folder: Path) -> None:
    """Makes the village and looks at it."""
    estimator = RegistryEstimator(registry.load())
    made = making.make(folder, estimator, trees=60, photos=2)
    assert (made.counts.trees, made.counts.photos) == (60, 2)
    assert making.is_made(folder, estimator)
    assert not (folder / making.ASIDE).exists()
    store = profile.open_store(folder, pin=None, estimator=estimator)
    assert store.rows("SELECT count(*) FROM tree")[0][0] == 60
    store.close()
