"""`fieldapp photo` as others call it: keys, exit codes, broken and missing files as items."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PIL import Image

from fieldapp.cli import main
from fieldapp.i18n import finding_text
from fieldapp.media.drawing import Scene, draw
from fieldapp.media.importing import import_many

KEYS = [
    "file",
    "ok",
    "format",
    "width",
    "height",
    "orientation",
    "taken_at",
    "taken_at_zone",
    "lat",
    "lon",
    "alt_m",
    "accuracy_m",
    "sha256",
    "findings",
]


@pytest.fixture(scope="module")
def whole() -> bytes:
    return draw(Scene(seed=2, label="LX00002", lat=26.031234, lon=108.6, alt_m=520.5, orientation=6))


def test_one_item_per_file_with_the_agreed_keys(
    tmp_path: Path, whole: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    good, cut, missing = tmp_path / "good.jpg", tmp_path / "cut.jpg", tmp_path / "missing.jpg"
    good.write_bytes(whole)
    cut.write_bytes(whole[:20_000])
    assert main(["photo", "--json", str(good), str(cut), str(missing)]) == 1
    items = json.loads(capsys.readouterr().out)
    assert [list(item) for item in items] == [KEYS] * 3
    assert [item["ok"] for item in items] == [True, False, False]
    first = items[0]
    assert (first["format"], first["width"], first["height"], first["orientation"]) == ("JPEG", 1600, 1200, 6)
    assert (first["lat"], first["lon"], first["alt_m"]) == (pytest.approx(26.031234), 108.6, 520.5)
    assert (first["taken_at"], first["taken_at_zone"], first["accuracy_m"]) == (None, None, None)
    assert [finding["code"] for finding in items[1]["findings"]] == ["photo_truncated"]
    assert items[1]["findings"][0]["severity"] == "red"
    assert items[2]["sha256"] is None


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_people_get_a_line_per_file(
    tmp_path: Path, whole: bytes, language: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "照片.jpg"
    file.write_bytes(whole)
    assert main(["--lang", language, "photo", str(file)]) == 0
    assert "JPEG 1600x1200" in capsys.readouterr().out


def test_all_the_broken_files_are_told_and_none_raises(shared_data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = sorted(str(file) for file in (shared_data / "photos" / "bad").iterdir())
    assert main(["photo", "--json", *files]) == 1
    items = json.loads(capsys.readouterr().out)
    assert all(item["ok"] or item["findings"] for item in items)


def test_what_the_import_refuses_by_its_kind_is_not_ok(
    tmp_path: Path, whole: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    moving, misnamed = tmp_path / "moving.GIF", tmp_path / "misnamed.gif"
    Image.new("L", (40, 30)).save(moving, "GIF")
    misnamed.write_bytes(whole)
    assert main(["photo", "--json", str(moving), str(misnamed)]) == 1
    items = json.loads(capsys.readouterr().out)
    assert [(item["ok"], [found["code"] for found in item["findings"]]) for item in items] == [
        (False, ["photo_kind_not_taken"]),
        (True, []),
    ]
    assert (items[0]["format"], items[0]["width"], len(items[0]["sha256"])) == ("GIF", 40, 64)
    refused = next(import_many([moving], bytes)).findings
    assert items[0]["findings"][0]["text"] == finding_text(refused[0])


def test_no_file_is_a_usage_error() -> None:
    assert main(["photo"]) == 2


def test_a_folder_stands_for_the_photos_in_it(tmp_path: Path, whole: bytes, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "day").mkdir()
    (tmp_path / "none").mkdir()
    (tmp_path / "day" / "a.jpg").write_bytes(whole)
    (tmp_path / "day" / "b.jpg").write_bytes(whole[:2000])
    assert main(["photo", str(tmp_path / "day"), str(tmp_path / "none"), "--json"]) == 1
    items = json.loads(capsys.readouterr().out)
    assert [(Path(item["file"]).name, item["ok"]) for item in items] == [
        ("a.jpg", True),
        ("b.jpg", False),
        ("none", False),
    ]
