"""One program at a time on a profile; the system frees the lock when a program dies, however it dies."""

from __future__ import annotations

import os
from pathlib import Path

from fieldapp import locks
from fieldapp.errors import StorageError
from fieldapp.storage import faults

LOCK_FILE = "profile.lock"


class ProfileLock:
    """Holds a profile for this program; the stores of one program share it and the last one frees it."""

    def __init__(self, folder: Path) -> None:
        with faults.told():
            taken = locks.take(folder / LOCK_FILE)
        if taken is None:
            raise StorageError("profile_in_use")
        self._file = taken
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


def is_held(folder: Path) -> bool:
    """Whether another program, or another window of this one, works with the profile right now."""
    with faults.told():
        taken = locks.take(folder / LOCK_FILE)
    if taken is not None:
        os.close(taken)
    return taken is None
