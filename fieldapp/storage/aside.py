"""A new profile is made in a folder of its own inside its place and moved up when it is whole.

Whatever cuts the making off (a stop, a full disk, the mains), no half profile is ever taken for a whole one:
a folder is a profile only when its `profile.json` is there, and that file moves last.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from fieldapp import log
from fieldapp.errors import StorageError
from fieldapp.storage import faults, files, profile
from fieldapp.storage.lock import LOCK_FILE, ProfileLock

_DATABASE_FILES = tuple(profile.DATABASE + ending for ending in ("", "-wal", "-shm"))
# what a folder may hold and still be free: what the program writes before a profile is there, and the system by itself
_HARMLESS = {LOCK_FILE, profile.BACKUPS, "desktop.ini", "Thumbs.db"}


def refuse_foreign(folder: Path, name: str) -> None:
    """A folder with something else in it is no place for a profile, unless a making called `name` was cut off there.

    Raises StorageError `folder_not_empty`, and `folder_is_file` for a file in its place.
    """
    if folder.is_file():
        raise StorageError("folder_is_file", name=folder.name)
    with faults.told():
        held = {part.name for part in folder.iterdir()} if folder.is_dir() else set()
    foreign = [part for part in held - _HARMLESS if not part.startswith((".", log.FILE_NAME))]
    if foreign and name not in held:
        raise StorageError("folder_not_empty", name=folder.absolute().name)


@contextmanager
def made_aside(folder: Path, name: str) -> Iterator[Path]:
    """Gives a folder `name` to make a profile in; it becomes `folder` at the end, or leaves no trace if that fails."""
    new = [part for part in (folder, *folder.parents) if not part.exists()]
    lock, aside = None, folder / name
    try:
        with faults.told():
            folder.mkdir(parents=True, exist_ok=True)
        lock = ProfileLock(folder)  # two programs never make the same profile
        with faults.told():
            _remove(aside)
            aside.mkdir()
            files.keep_private(folder)
        yield aside
        with faults.told():
            _take_in(aside, folder)
    except BaseException:
        if lock is not None:  # without the lock it is another program's
            with suppress(OSError):
                _remove(aside)
        raise
    finally:
        if lock is not None:
            lock.release()
        if not profile.is_profile(folder):
            _leave_no_trace(folder, new, locked=lock is not None)


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


def _leave_no_trace(folder: Path, new: list[Path], *, locked: bool) -> None:
    """`new` are the folders that were made for the profile, the innermost first."""
    with suppress(OSError):  # a folder that others have put something into meanwhile stays
        if locked:
            (folder / LOCK_FILE).unlink(missing_ok=True)
        for made in new:
            made.rmdir()
