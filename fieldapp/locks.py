"""Lock files: one program at a time; the system frees a lock when its program dies, however it dies."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def take(path: Path) -> int | None:
    """Locks the file, made when missing; the number to close when done, None when another program holds it.

    Raises OSError when the file cannot be opened.
    """
    file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        _lock(file)
    except OSError:
        os.close(file)
        return None
    return file


if sys.platform == "win32":
    import msvcrt

    def _lock(file: int) -> None:
        msvcrt.locking(file, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(file: int) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
