"""`fieldapp practice` as others call it: it fills a new profile once, and only a practice profile."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from fieldapp.cli import main
from fieldapp.storage import profile


def test_a_new_profile_is_made_and_filled_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "village"
    call = ["practice", "--profile", str(folder), "--trees", "120", "--photos", "4", "--seed", "7", "--json"]
    assert main(call) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["profile"], told["trees"], told["photos"], told["seed"]) == (str(folder), 120, 4, 7)
    assert told["conflicts"] > 0
    assert profile.read_marks(folder)["practice"] is True
    assert len(list((folder / "photos-to-import").iterdir())) == 12
    assert main(call) == 1
    assert "已经在这里" in capsys.readouterr().err


def test_a_real_profile_is_refused_and_left_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    profile.create(tmp_path / "real", person="甲", pin="2468")
    before = sorted(file.name for file in (tmp_path / "real").rglob("*"))
    assert main(["--profile", str(tmp_path / "real"), "practice"]) == 1
    assert "不是练习资料夹" in capsys.readouterr().err
    assert sorted(file.name for file in (tmp_path / "real").rglob("*")) == before


@pytest.mark.parametrize("wrong", [["--trees", "0"], ["--photos", "-1"], ["--trees", "many"]])
def test_wrong_numbers_are_a_usage_error(tmp_path: Path, wrong: list[str]) -> None:
    assert main(["practice", "--profile", str(tmp_path / "p"), *wrong]) == 2
    assert not (tmp_path / "p").exists()


def test_a_folder_that_is_no_profile_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "letter.txt").write_text("mine")
    assert main(["--lang", "en", "practice", "--profile", str(tmp_path)]) == 3
    assert "not empty" in capsys.readouterr().err
    assert [part.name for part in tmp_path.iterdir()] == ["letter.txt"]
