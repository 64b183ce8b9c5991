"""Facts of photo files, against exiftool's reading of real files and against made ones that lie."""

from __future__ import annotations

import csv
import io
import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from fieldapp.errors import Severity
from fieldapp.media.drawing import Scene, draw
from fieldapp.media.inspect import inspect

Maker = Callable[..., bytes]
PLACE = {1: "N", 2: (26.0, 1.0, 30.0), 3: "E", 4: (108.0, 36.0, 0.0)}


def _oracle(folder: Path) -> list[dict[str, str]]:
    with (folder / "photos" / "index.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_facts_are_those_that_exiftool_reads(shared_data: Path) -> None:
    for row in _oracle(shared_data):
        facts = inspect((shared_data / "photos" / row["file"]).read_bytes())
        decodes = row["pillow13_result"].startswith("OK")
        assert (row["file"], facts.ok, facts.sha256.hex()) == (row["file"], decodes, row["sha256"])
        if not decodes:
            assert [f for f in facts.findings if f.severity is Severity.RED], row["file"]
            size = (row["width"], row["height"])
            assert size in (("", ""), (str(facts.width), str(facts.height))), row["file"]
            continue
        when = row["datetime_original"].replace(":", "-", 2).replace(" ", "T")
        expected = (
            row["exiftool_type"],
            int(row["width"]),
            int(row["height"]),
            int(row["orientation"]) if row["orientation"] else None,
            when or None,
            row["offset_time_original"] or None,
        )
        found = (facts.format, facts.width, facts.height, facts.orientation, facts.taken_at, facts.taken_at_zone)
        assert (row["file"], *found) == (row["file"], *expected)
        for value, column in (
            (facts.lat, "gps_lat"),
            (facts.lon, "gps_lon"),
            (facts.alt_m, "gps_alt_m"),
            (facts.accuracy_m, "gps_hpos_err_m"),
        ):
            told = float(row[column]) if row[column] else None
            assert value == pytest.approx(told, abs=1e-6) if told is not None else value is None, (row["file"], column)


def test_good_photos_carry_no_finding(shared_data: Path) -> None:
    for file in sorted((shared_data / "photos" / "good").iterdir()):
        assert inspect(file.read_bytes()).findings == (), file.name


@pytest.mark.parametrize(
    ("gps", "code"),
    [
        ({1: "N", 2: (0.0, 0.0, 0.0), 3: "E", 4: (0.0, 0.0, 0.0)}, "photo_position_zero"),
        ({**PLACE, 2: (91.0, 0.0, 0.0)}, "photo_position_invalid"),
        ({**PLACE, 4: (180.0, 30.0, 0.0)}, "photo_position_invalid"),
        ({**PLACE, 2: (26.0, 75.0, 0.0)}, "photo_position_invalid"),
        ({**PLACE, 2: (4294967295.0, 0.0, 0.0)}, "photo_position_invalid"),
        ({**PLACE, 1: "Q"}, "photo_position_invalid"),
        ({2: (26.0, 1.0, 30.0), 4: (108.0, 36.0, 0.0)}, "photo_position_invalid"),
        ({1: "N", 2: (26.0, 1.0, 30.0)}, "photo_position_invalid"),
    ],
)
def test_impossible_positions_are_refused_with_a_finding(jpeg: Maker, gps: dict[int, Any], code: str) -> None:
    facts = inspect(jpeg(gps=gps))
    assert (facts.ok, facts.lat, facts.lon, [f.code for f in facts.findings]) == (True, None, None, [code])


def test_a_rational_of_zero_by_zero_is_no_number(jpeg: Maker) -> None:
    data = jpeg(gps=PLACE)
    whole = struct.pack(">LL", 26, 1) if struct.pack(">LL", 26, 1) in data else struct.pack("<LL", 26, 1)
    assert data.count(whole) == 1
    facts = inspect(data.replace(whole, bytes(8)))
    assert (facts.lat, [f.code for f in facts.findings]) == (None, ["photo_position_invalid"])


def test_position_altitude_and_accuracy_are_read(jpeg: Maker) -> None:
    facts = inspect(jpeg(gps={**PLACE, 1: "S", 5: b"\x01", 6: 12.5, 31: 4.75}))
    assert (facts.lat, facts.lon) == (pytest.approx(-26.025), pytest.approx(108.6))
    assert (facts.alt_m, facts.accuracy_m, facts.findings) == (-12.5, 4.75, ())


@pytest.mark.parametrize(
    ("gps", "code"),
    [
        ({5: b"\x00", 6: 4294967295.0}, "photo_altitude_invalid"),
        ({31: 4294967295.0}, "photo_accuracy_invalid"),
        ({31: 0.0}, "photo_accuracy_invalid"),
    ],
)
def test_numbers_that_no_receiver_gives_are_refused(jpeg: Maker, gps: dict[int, Any], code: str) -> None:
    facts = inspect(jpeg(gps={**PLACE, **gps}))
    assert facts.lat == pytest.approx(26.025)
    assert (facts.alt_m, facts.accuracy_m, [f.code for f in facts.findings]) == (None, None, [code])


@pytest.mark.parametrize("raw", ["0000:00:00 00:00:00", "2025:02:30 10:00:00", "    :  :     :  :  ", "yesterday", ""])
def test_times_that_never_were_are_refused(jpeg: Maker, raw: str) -> None:
    facts = inspect(jpeg(times={0x9003: raw, 0x9011: "+08:00"}))
    assert (facts.taken_at, facts.taken_at_zone) == (None, None)
    assert [f.code for f in facts.findings] == ["photo_time_invalid"]


def test_a_zone_is_told_only_when_the_file_has_it(jpeg: Maker) -> None:
    assert inspect(jpeg(times={0x9003: "2025:04:07 09:30:00"})).taken_at_zone is None
    facts = inspect(jpeg(times={0x9003: "2025:04:07 09:30:00", 0x9011: "+08:00"}))
    assert (facts.taken_at, facts.taken_at_zone) == ("2025-04-07T09:30:00", "+08:00")
    odd = inspect(jpeg(times={0x9003: "2025:04:07 09:30:00", 0x9011: "China"}))
    assert (odd.taken_at_zone, [f.code for f in odd.findings]) == (None, ["photo_zone_invalid"])


def test_an_unknown_orientation_is_refused(jpeg: Maker) -> None:
    facts = inspect(jpeg(orientation=9))
    assert (facts.orientation, [f.code for f in facts.findings]) == (None, ["photo_orientation_invalid"])


def test_damaged_exif_leaves_the_picture_usable(jpeg: Maker) -> None:
    data = jpeg(gps=PLACE)
    facts = inspect(data.replace(b"Exif\x00\x00MM\x00*", b"Exif\x00\x00\xff\xff\xff\xff"))
    assert (facts.ok, facts.lat, [f.code for f in facts.findings]) == (True, None, ["photo_exif_damaged"])


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "photo_empty"),
        (b"<!DOCTYPE html><title>403</title>", "photo_not_an_image"),
        (b"\xff\xd8\xff", "photo_damaged"),
        (b"\x89PNG\r\n\x1a\n" + bytes(40), "photo_damaged"),
        (b"\x00\x00\x00\x18ftypheic" + bytes(12), "photo_damaged"),
    ],
)
def test_what_is_no_photo_is_told(data: bytes, code: str) -> None:
    facts = inspect(data)
    assert (facts.ok, facts.width, [f.code for f in facts.findings]) == (False, None, [code])


@pytest.mark.parametrize("share", [0.25, 0.5, 0.9, 0.99])
def test_a_cut_off_photo_is_not_ok_but_tells_its_header(share: float) -> None:
    whole = draw(Scene(seed=5, label="LX00005", orientation=6))
    facts = inspect(whole[: int(len(whole) * share)])
    assert (facts.ok, facts.width, facts.orientation) == (False, 1600, 6)
    assert [f.code for f in facts.findings] == ["photo_truncated"]


def test_a_tail_of_zeros_is_a_cut_off_photo() -> None:
    whole = draw(Scene(seed=5, label="LX00005"))
    half = len(whole) // 2
    assert [f.code for f in inspect(whole[:half] + bytes(half)).findings] == ["photo_truncated"]
    assert inspect(whole + bytes(4096)).ok  # padding after a whole picture harms nothing


def test_a_cut_off_heic_is_noticed_although_it_decodes(shared_data: Path) -> None:
    whole = (shared_data / "photos" / "good" / "exifr_heic-iphone7.heic").read_bytes()
    facts = inspect(whole[: int(len(whole) * 0.95)])
    assert (facts.ok, facts.findings[0].code) == (False, "photo_truncated")


def _png(width: int, height: int) -> bytes:
    """A PNG whose header claims this size and whose pixels are a few compressed zeros."""
    chunks = ((b"IHDR", struct.pack(">LLBBBBB", width, height, 1, 0, 0, 0, 0)), (b"IDAT", zlib.compress(bytes(9_999))))
    out = b"\x89PNG\r\n\x1a\n"
    for name, body in chunks:
        out += struct.pack(">L", len(body)) + name + body + struct.pack(">L", zlib.crc32(name + body))
    return out


def test_a_decompression_bomb_is_refused_by_its_header() -> None:
    facts = inspect(_png(40_000, 40_000))
    assert (facts.ok, facts.width, facts.height) == (False, 40_000, 40_000)
    assert [f.code for f in facts.findings] == ["photo_too_many_pixels"]


@settings(max_examples=150, deadline=None)
@given(at=st.integers(0, 2_000), junk=st.binary(min_size=1, max_size=24))
def test_no_damage_raises(at: int, junk: bytes) -> None:
    scene = Scene(seed=0, label="", zone="+08:00", lat=26.0, lon=108.0, alt_m=500.0, accuracy_m=4.0, orientation=6)
    data = _small(scene)
    facts = inspect(data[:at] + junk + data[at + len(junk) :])
    assert facts.size_bytes >= len(data) - len(junk)
    assert facts.lat is None or -90 <= facts.lat <= 90


_cache: dict[int, bytes] = {}


def _small(scene: Scene) -> bytes:
    """A drawn photo's EXIF on a small picture, so that damage hits the metadata."""
    if not _cache:
        image = Image.open(io.BytesIO(draw(scene)))
        out = io.BytesIO()
        image.resize((96, 72)).save(out, "JPEG", exif=image.info["exif"])
        _cache[0] = out.getvalue()
    return _cache[0]
