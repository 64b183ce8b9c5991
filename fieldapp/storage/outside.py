"""Files that a person names: one that is not there, is a folder or cannot be read is told by its name."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fieldapp.errors import StorageError, os_reason
from fieldapp.storage import faults


@contextmanager
def reading(file: Path) -> Iterator[None]:
    """Reads `file`. Raises StorageError file_missing, file_is_folder, file_no_file, file_unreadable, disk_full."""
    try:
        if file.is_dir():
            raise StorageError("file_is_folder", name=file.absolute().name)
        if not file.exists():
            raise StorageError("file_missing", name=file.name)
        if not file.is_file():
            raise StorageError("file_no_file", name=file.name)
        yield
    except OSError as error:
        told = faults.from_os(error)
        if told.code == "disk_full":  # of a copy that is made while reading
            raise told from error
        raise StorageError("file_unreadable", name=file.name, reason=os_reason(error)) from error
