"""Formats by their first bytes, and files whose structure shows that their end is missing."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldapp.media.containers import image_format, is_cut_off, iso_stored_size


def _box(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">L", 8 + len(body)) + kind + body


def _heic(width: int, height: int, *, other: tuple[int, int] = (512, 512)) -> bytes:
    """A HEIC's skeleton: item 2 is the picture, item 1 one tile of it."""
    sizes = [_box(b"ispe", bytes(4) + struct.pack(">LL", *size)) for size in (other, (width, height))]
    links = struct.pack(">LL", 0, 2) + struct.pack(">HBB", 1, 1, 1) + struct.pack(">HBB", 2, 1, 0x82)
    properties = _box(b"iprp", _box(b"ipco", b"".join(sizes)) + _box(b"ipma", links))
    meta = _box(b"meta", bytes(4) + _box(b"pitm", bytes(4) + struct.pack(">H", 2)) + properties)
    return _box(b"ftyp", b"heic" + bytes(4)) + meta + _box(b"mdat", bytes(100))


@pytest.mark.parametrize(
    ("start", "name"),
    [
        (b"\xff\xd8\xff\xe1", "JPEG"),
        (b"\x89PNG\r\n\x1a\n", "PNG"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "WEBP"),
        (b"\x00\x00\x00\x18ftypheic", "HEIC"),
        (b"\x00\x00\x00\x18ftypmif1", "HEIF"),
        (b"\x00\x00\x00\x18ftypavif", "AVIF"),
        (b"\x00\x00\x00\x18ftypisom", None),
        (b"<html>", None),
        (b"", None),
    ],
)
def test_formats_by_first_bytes(start: bytes, name: str | None) -> None:
    assert image_format(start) == name


def test_the_stored_size_is_that_of_the_primary_picture() -> None:
    assert iso_stored_size(_heic(4032, 3024)) == (4032, 3024)


@pytest.mark.parametrize("missing", [1, 50, 100])
def test_a_box_that_reaches_beyond_the_file_is_a_cut(missing: int) -> None:
    whole = _heic(4032, 3024)
    assert not is_cut_off(whole, "HEIC")
    assert is_cut_off(whole[:-missing], "HEIC")


@pytest.mark.parametrize("kind", [b"pitm", b"ipma", b"ispe"])
def test_empty_boxes_get_an_answer(kind: bytes) -> None:
    whole = _heic(4032, 3024)
    at = whole.rindex(kind)
    assert iso_stored_size(whole[: at - 4] + _box(kind, b"")) is None


@given(st.binary(max_size=300))
def test_any_bytes_get_an_answer(data: bytes) -> None:
    heic = b"\x00\x00\x00\x10ftypheic" + bytes(4) + data
    iso_stored_size(heic)
    is_cut_off(heic, "HEIC")
    is_cut_off(b"\xff\xd8\xff" + data, "JPEG")


@given(at=st.integers(0, 250), junk=st.binary(min_size=1, max_size=8))
def test_a_damaged_skeleton_gets_an_answer(at: int, junk: bytes) -> None:
    whole = _heic(4032, 3024)
    iso_stored_size(whole[:at] + junk + whole[at + len(junk) :])
