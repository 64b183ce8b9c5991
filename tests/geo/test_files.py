"""Files from outside come in two encodings, or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from fieldapp.errors import ItemError, StorageError, UsageError
from fieldapp.geo.files import decode, read_bytes, write_text


def test_encodings() -> None:
    for data in ("杨".encode(), "杨".encode("utf-8-sig"), "杨".encode("gb18030")):
        assert decode(data, "x") == "杨"
    for data in (b"a\0b", b"\xff\xff\xff"):
        with pytest.raises(ItemError):
            decode(data, "x")


def test_missing_files(tmp_path: Path) -> None:
    for name in (str(tmp_path / "none"), str(tmp_path), "a\0b"):
        with pytest.raises(UsageError):
            read_bytes(name)
    with pytest.raises(StorageError):
        write_text(str(tmp_path / "none" / "out.csv"), "x", "utf-8")
