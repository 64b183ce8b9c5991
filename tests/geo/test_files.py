"""Files that are not there, and folders that take nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from fieldapp.errors import ItemError, StorageError, UsageError
from fieldapp.geo.files import read_bytes, write_text


def test_missing_files(tmp_path: Path) -> None:
    for name in (str(tmp_path / "none"), str(tmp_path), "a\0b"):
        with pytest.raises(UsageError):
            read_bytes(name)
    with pytest.raises(StorageError):
        write_text(str(tmp_path / "none" / "out.csv"), "x", "utf-8")


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="no endless device here")
def test_a_file_without_an_end_is_refused() -> None:
    with pytest.raises(ItemError, match="geo_file_large"):
        read_bytes("/dev/zero")
