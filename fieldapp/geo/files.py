"""Files from outside and results beside them; what their bytes mean as text is told by `fieldapp.tables`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import BinaryIO

from fieldapp.errors import ItemError, StorageError, UsageError

_MOST_BYTES = 256 * 1024 * 1024
STDIN = "-"


def read_bytes(name: str) -> bytes:
    """The bytes of a file, or of the standard input for `-`."""
    if name == STDIN:
        return _limited(sys.stdin.buffer, name)
    path = Path(name)
    try:
        with path.open("rb") as file:
            return _limited(file, path.name)
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError) as error:
        raise UsageError("geo_file_missing", name=path.name) from error
    except OSError as error:
        raise StorageError("geo_file_unreadable", name=path.name, reason=error.strerror or "") from error
    except ValueError as error:
        raise UsageError("geo_file_missing", name="?") from error  # a name with a null character


def _limited(file: BinaryIO, name: str) -> bytes:
    """All of a file, a pipe or a device, of which some never end."""
    data = file.read(_MOST_BYTES + 1)
    if len(data) > _MOST_BYTES:
        raise ItemError("geo_file_large", name=name)
    return data


def write_text(name: str, text: str, encoding: str) -> None:
    """Writes a result beside what it came from."""
    try:
        Path(name).write_text(text, encoding, newline="")
    except OSError as error:
        raise StorageError("geo_file_unwritable", name=Path(name).name, reason=error.strerror or "") from error
