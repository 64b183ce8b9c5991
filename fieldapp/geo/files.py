"""Files from outside and results beside them; what their bytes mean as text is told by `fieldapp.tables`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, TextIO

from fieldapp.errors import ItemError, StorageError, os_reason

_MOST_BYTES = 256 * 1024 * 1024
STDIN = "-"


def read_bytes(name: str) -> bytes:
    """The bytes of a file, or of the standard input for `-`. Raises StorageError for one that cannot be read."""
    if name == STDIN:
        return _limited(sys.stdin.buffer, name)
    path = Path(name)
    try:
        if path.is_dir():
            raise StorageError("file_is_folder", name=path.absolute().name)
        with path.open("rb") as file:
            return _limited(file, path.name)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise StorageError("geo_file_missing", name=path.name) from error
    except OSError as error:
        raise StorageError("geo_file_unreadable", name=path.name, reason=os_reason(error)) from error
    except ValueError as error:
        raise StorageError("geo_file_missing", name="?") from error  # a name with a null character


def _limited(file: BinaryIO, name: str) -> bytes:
    """All of a file, a pipe or a device, of which some never end."""
    data = file.read(_MOST_BYTES + 1)
    if len(data) > _MOST_BYTES:
        raise ItemError("geo_file_large", name=name)
    return data


@contextmanager
def writing(name: str, encoding: str) -> Iterator[TextIO]:
    """A result's file, which gets its name only when it is whole: a full disk or Ctrl+C leaves the earlier one.

    `-` is the standard output.
    """
    if name == STDIN:
        yield sys.stdout
        return
    path, part = Path(name), None
    try:
        if path.exists() and not path.is_file():  # a pipe or a device has nothing to lose
            with path.open("w", encoding=encoding, newline="") as file:
                yield file
            return
        path = path.resolve()
        part = path.with_name(f"{path.name}.part")
        with part.open("w", encoding=encoding, newline="") as file:
            yield file
        part.replace(path)
    except OSError as error:
        raise StorageError("geo_file_unwritable", name=path.absolute().name, reason=os_reason(error)) from error
    finally:
        if part is not None:
            part.unlink(missing_ok=True)


def write_text(name: str, text: str, encoding: str) -> None:
    """Writes a result beside what it came from."""
    with writing(name, encoding) as file:
        file.write(text)
