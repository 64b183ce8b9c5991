"""A practice profile is made in a folder of its own inside the profile's and moved up when it is whole.

Whatever cuts the making off (a stop, a full disk, the mains), no half village is ever taken for a whole one:
a folder is a profile only when its `profile.json` is there, and that file moves last.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from fieldapp.storage import faults, files, profile
from fieldapp.storage.lock import LOCK_FILE, ProfileLock

FOLDER = "practice.making"
_DATABASE_FILES = tuple(profile.DATABASE + ending for ending in ("", "-wal", "-shm"))


@contextmanager
def made_aside(folder: Path) -> Iterator[Path]:
    """Gives a folder to make a profile in; it becomes `folder` at the end, or leaves no trace when that fails."""
    was_there = folder.is_dir()
    with faults.told():
        folder.mkdir(parents=True, exist_ok=True)
    lock = ProfileLock(folder)  # two programs never make the same village
    aside = folder / FOLDER
    try:
        with faults.told():
            _remove(aside)
        yield aside
        with faults.told():
            _take_in(aside, folder)
    except BaseException:
        with suppress(OSError):
            _remove(aside)
        raise
    finally:
        lock.release()
        if not profile.is_profile(folder):
            _leave_no_trace(folder, was_there)


def _take_in(aside: Path, folder: Path) -> None:
    """Puts the whole profile in the place of a half one; cut off here, `folder` is no profile and is made again."""
    (folder / profile.PROFILE_FILE).unlink(missing_ok=True)
    for name in _DATABASE_FILES:
        (folder / name).unlink(missing_ok=True)
    _remove(folder / profile.BLOBS)
    (aside / LOCK_FILE).unlink(missing_ok=True)
    for part in sorted(aside.iterdir()):
        if part.name != profile.PROFILE_FILE:
            _move(part, folder / part.name)
    files.sync_folder(folder)
    _move(aside / profile.PROFILE_FILE, folder / profile.PROFILE_FILE)
    aside.rmdir()
    files.sync_folder(folder)


def _move(source: Path, target: Path) -> None:
    """Moves a file, or a folder into one of its name: what a person keeps there stays."""
    if not target.is_dir():
        os.replace(source, target)
        return
    for part in sorted(source.iterdir()):
        _move(part, target / part.name)
    source.rmdir()


def _remove(folder: Path) -> None:
    if folder.exists():
        shutil.rmtree(folder)


def _leave_no_trace(folder: Path, was_there: bool) -> None:
    with suppress(OSError):  # a folder that others have put something into meanwhile stays
        (folder / LOCK_FILE).unlink(missing_ok=True)
        if not was_there:
            folder.rmdir()
