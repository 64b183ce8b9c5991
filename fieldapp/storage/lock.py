"""One program at a time on a profile; the system frees the lock when a program dies, however it dies."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from fieldapp.errors import StorageError
from fieldapp.storage import faults

LOCK_FILE = "profile.lock"


class ProfileLock:
    """Holds a profile for this program; the stores of one program share it and the last one frees it."""

    def __init__(self, folder: Path) -> None:
        with faults.told():
            self._file = os.open(folder / LOCK_FILE, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            _lock(self._file)
        except OSError as error:
            os.close(self._file)
            raise StorageError("profile_in_use") from error
        self._holders = 1

    def share(self) -> ProfileLock:
        """The same lock for one more store."""
        self._holders += 1
        return self

    def release(self) -> None:
        """Gives up one hold; the last one frees the profile."""
        self._holders -= 1
        if self._holders == 0:
            os.close(self._file)


if sys.platform == "win32":
    import msvcrt

    def _lock(file: int) -> None:
        msvcrt.locking(file, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(file: int) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
