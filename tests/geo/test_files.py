"""Files that are not there, and folders that take nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from fieldapp.errors import ItemError, StorageError
from fieldapp.geo.files import read_bytes, write_text, writing


def test_missing_files(tmp_path: Path) -> None:
    for name in (str(tmp_path / "none"), str(tmp_path), "a\0b"):
        with pytest.raises(StorageError):
            read_bytes(name)
    with pytest.raises(StorageError):
        write_text(str(tmp_path / "none" / "out.csv"), "x", "utf-8")


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="no endless device here")
def test_a_file_without_an_end_is_refused() -> None:
    with pytest.raises(ItemError, match="geo_file_large"):
        read_bytes("/dev/zero")


def test_a_result_that_broke_off_leaves_the_earlier_one(tmp_path: Path) -> None:
    file = tmp_path / "out.csv"
    write_text(str(file), "earlier", "utf-8")
    with pytest.raises(KeyboardInterrupt):
        _break_off(file)
    assert [one.name for one in tmp_path.iterdir()] == ["out.csv"]
    assert file.read_text("utf-8") == "earlier"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no full device here")
def test_a_device_is_written_to_and_never_replaced() -> None:
    with pytest.raises(StorageError, match="geo_file_unwritable"):
        write_text("/dev/full", "x", "utf-8")
    assert not Path("/dev/full").is_file()


def _break_off(file: Path) -> None:
    with writing(str(file), "utf-8") as half:
        half.write("half a table")
        raise KeyboardInterrupt


def test_the_standard_output_takes_a_result(capsys: pytest.CaptureFixture[str]) -> None:
    write_text("-", "lat,lon\n", "utf-8")
    assert capsys.readouterr().out == "lat,lon\n"
