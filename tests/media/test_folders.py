"""Folders of a card: photos in the order people count, and no other file without a word."""

from __future__ import annotations

from pathlib import Path

import pytest

from fieldapp.media.folders import kind_not_taken, look_through

PNG = b"\x89PNG\r\n\x1a\n"


def test_folders_are_walked_in_the_order_people_count(tmp_path: Path) -> None:
    named = ("b/IMG_2.HEIC", "b/IMG_10.jpg", "b/IMG_1.JPG", "a.png", "b/bomb.GIF", "b/MVI_3.mp4")
    for name in (*named, ".trashed-1.jpg", "b/._IMG_1.jpg", "notes.txt", "Thumbs.db"):
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(b"x")
    found = look_through([tmp_path])
    names = [file.relative_to(tmp_path).as_posix() for file in found.pictures]
    assert names == ["a.png", "b/bomb.GIF", "b/IMG_1.JPG", "b/IMG_2.HEIC", "b/IMG_10.jpg", "b/MVI_3.mp4"]
    assert found.others == 4
    assert look_through([tmp_path / "notes.txt"]).pictures == [tmp_path / "notes.txt"]  # somebody chose it himself


@pytest.mark.parametrize(
    ("name", "head", "told"),
    [
        ("a.gif", b"GIF89a", ".gif"),
        ("A.MP4", b"\0\0\0\x18ftypmp42", ".mp4"),
        ("a.dng", b"II*\0", ".dng"),
        ("a.gif", PNG, ""),  # a screenshot under another name is a picture all the same
        ("a.jpg", b"GIF89a", ""),
    ],
)
def test_a_kind_that_is_not_taken_is_told_by_its_ending(tmp_path: Path, name: str, head: bytes, told: str) -> None:
    (tmp_path / name).write_bytes(head)
    assert kind_not_taken(tmp_path / name) == told


def test_a_film_that_is_not_there_is_told_as_missing_by_who_reads_it(tmp_path: Path) -> None:
    assert kind_not_taken(tmp_path / "gone.mp4") == ""
