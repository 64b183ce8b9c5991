"""Files that are whole or not there: written beside, forced to disk, renamed."""

from __future__ import annotations

import os
import secrets
import sys
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from fieldapp.storage import faults

TEMPORARY = ".part"


def write_whole(path: Path, pieces: Iterable[bytes]) -> None:
    """Writes `path` durably or leaves nothing behind. Raises StorageError disk_full, folder_read_only, disk_failed."""
    temporary = path.with_name(f"{path.name}.{secrets.token_hex(4)}{TEMPORARY}")
    with faults.told():
        try:
            with temporary.open("wb") as file:
                for piece in pieces:
                    file.write(piece)
                file.flush()
                os.fsync(file.fileno())
            os.replace(temporary, path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
        sync_folder(path.parent)


def keep_private(folder: Path) -> None:
    """Lets nobody but its owner into a new folder: a short PIN is no wall against who may copy the files.

    A disk that knows no owners, a memory stick for one, stays as it is.
    """
    with suppress(PermissionError):
        folder.chmod(0o700)


def sync_folder(folder: Path) -> None:
    """Forces a rename or a new name to disk; Windows does that by itself and has no call for it."""
    if sys.platform == "win32":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
