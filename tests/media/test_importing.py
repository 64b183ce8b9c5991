"""Import: the original unchanged, broken files told one by one, the same bytes once."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from fieldapp.errors import ItemError
from fieldapp.media.drawing import Scene, draw
from fieldapp.media.folders import look_through
from fieldapp.media.importing import import_many, import_photo, read_photo, to_record


class Blobs(dict[bytes, bytes]):
    """A store of bytes by their hash."""

    def put(self, data: bytes) -> bytes:
        key = hashlib.sha256(data).digest()
        self[key] = data
        return key


@pytest.fixture(scope="module")
def photo() -> bytes:
    return draw(Scene(seed=1, label="LX00001", zone="+08:00", lat=26.03, lon=108.6, accuracy_m=5.0, orientation=6))


def test_the_original_is_kept_byte_for_byte(tmp_path: Path, photo: bytes) -> None:
    blobs = Blobs()
    file = tmp_path / "照片 1.JPG"
    file.write_bytes(photo)
    imported = import_photo(file, blobs.put)
    assert blobs[imported.sha256] == photo
    assert len({imported.sha256, imported.working_sha256, imported.thumbnail_sha256} & blobs.keys()) == 3
    record = to_record(imported, "522632106203")
    assert (record.sha256, record.size_bytes, record.media_type) == (imported.sha256, len(photo), "image/jpeg")
    assert (record.width, record.height, record.orientation, record.accuracy_m) == (1600, 1200, 6, 5.0)
    assert record.taken_at_local is None


def test_a_time_keeps_its_zone_in_the_record(tmp_path: Path, jpeg: object) -> None:
    assert callable(jpeg)
    file = tmp_path / "a.jpg"
    file.write_bytes(jpeg(times={0x9003: "2025:04:07 09:30:00", 0x9011: "+08:00"}))
    record = to_record(import_photo(file, Blobs().put), "522632106203")
    assert record.taken_at_local == "2025-04-07T09:30:00+08:00"


def test_broken_files_stop_nothing(tmp_path: Path, photo: bytes) -> None:
    blobs = Blobs()
    (tmp_path / "IMG_10.jpg").write_bytes(photo)
    (tmp_path / "IMG_9.jpg").write_bytes(photo[: len(photo) // 2])
    (tmp_path / "IMG_8.jpg").write_bytes(b"")
    (tmp_path / "copy of 10.jpg").write_bytes(photo)
    told: list[tuple[int, int]] = []
    files = [*look_through([tmp_path]).pictures, tmp_path / "gone.jpg"]
    results = list(import_many(files, blobs.put, lambda done, total: told.append((done, total))))
    assert [(r.path.name, r.photo is not None, r.duplicate, [f.code for f in r.findings]) for r in results] == [
        ("copy of 10.jpg", True, False, []),
        ("IMG_8.jpg", False, False, ["photo_empty"]),
        ("IMG_9.jpg", False, False, ["photo_truncated"]),
        ("IMG_10.jpg", True, True, []),
        ("gone.jpg", False, False, ["photo_file_missing"]),
    ]
    assert told == [(done, 5) for done in range(1, 6)]
    assert len(blobs) == 3  # the refused files left nothing behind


def test_cancelling_stops_before_the_next_file(tmp_path: Path, photo: bytes) -> None:
    (tmp_path / "a.jpg").write_bytes(photo)
    results = []
    for result in import_many([tmp_path / "a.jpg"] * 3, Blobs().put, cancelled=lambda: bool(results)):
        results.append(result)
    assert len(results) == 1


def test_a_folder_is_no_photo(tmp_path: Path) -> None:
    with pytest.raises(ItemError, match="photo_file_unreadable"):
        import_photo(tmp_path, Blobs().put)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.jpg"
    os.mkfifo(pipe)
    with pytest.raises(ItemError, match="photo_file_unreadable"):
        read_photo(pipe)
