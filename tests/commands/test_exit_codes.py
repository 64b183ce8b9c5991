"""The same fault ends every command with the same code, and `--json` prints one document whatever happens."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from fieldapp.cli import main

FILE = "FILE"
# every way of naming a file; the word FILE stands for its name
TAKES_A_FILE = {
    "estimate": ["estimate", FILE],
    "estimate totals": ["estimate", FILE, "--totals", "species"],
    "estimate since": ["estimate", "GOOD", "--years", "2", "--since", FILE],
    "coords": ["coords", FILE, "--from", "wgs84", "--to", "gcj02"],
    "nmea": ["nmea", FILE],
    "area": ["area", FILE],
    "verify": ["verify", FILE],
    "restore": ["restore", FILE, "--profile", "NEW"],
}
TAKES_A_PROFILE = {
    "backup": ["backup", "NEW"],
    "explain": ["explain", "--tree", "LX00001"],
    "status": ["status"],
    "sync": ["sync"],
    "verify": ["verify"],
}
TAKES_A_METHODOLOGY = {
    "estimate": ["estimate", "GOOD"],
    "explain": ["explain", "--species", "杉木", "--dbh-cm", "9"],
    "methodology": ["methodology", "check"],
}
RUBBISH = {
    "empty": b"",
    "bytes": bytes(range(256)) * 20,
    "words": b"hello\n",
    "other columns": b"a,b\n1,2\n",
}
UNREADABLE = Path("/proc/self/mem")  # a file of which the first byte cannot be read, by the administrator neither


@pytest.fixture
def call(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    """Calls a command with `--json`; gives its code and its document, and holds that it told people something."""
    good = tmp_path / "good.csv"
    good.write_text("species,dbh_cm,code\n杉木,9,1\n", "utf-8")
    stand_for = {"GOOD": str(good), "NEW": str(tmp_path / "new")}

    def called(words: list[str], file: Path | str = "") -> tuple[int, Any]:
        code = main([str(file) if word == FILE else stand_for.get(word, word) for word in words] + ["--json"])
        told = capsys.readouterr()
        assert "Traceback" not in told.err
        return code, json.loads(told.out)

    return called


@pytest.mark.parametrize("command", TAKES_A_FILE)
def test_a_file_that_is_not_there_ends_with_3(command: str, call: Any, tmp_path: Path) -> None:
    for name in (tmp_path / "none.csv", tmp_path / "good.csv" / "inside", tmp_path / ("x" * 300)):
        code, told = call(TAKES_A_FILE[command], name)
        assert (code, list(told)) == (3, ["error"])
        assert set(told["error"]) >= {"code", "text"}


@pytest.mark.parametrize("command", sorted(set(TAKES_A_FILE) - {"verify"}))  # verify takes the folder of a profile too
def test_a_folder_in_place_of_a_file_is_called_one_and_ends_with_3(command: str, call: Any, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    code, told = call(TAKES_A_FILE[command], tmp_path / "folder")
    assert (code, told["error"]["code"]) == (3, "file_is_folder")
    assert "folder 是文件夹" in told["error"]["text"]


@pytest.mark.skipif(not UNREADABLE.exists(), reason="needs a file that cannot be read")
@pytest.mark.parametrize("command", TAKES_A_FILE)
def test_a_file_that_cannot_be_read_ends_with_3(command: str, call: Any) -> None:
    code, told = call(TAKES_A_FILE[command], UNREADABLE)
    assert (code, told["error"]["code"].endswith("file_unreadable")) == (3, True)


@pytest.mark.parametrize("command", TAKES_A_FILE)
@pytest.mark.parametrize("content", RUBBISH)
def test_a_file_with_nothing_of_use_ends_with_1(command: str, content: str, call: Any, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(RUBBISH[content])
    code, told = call(TAKES_A_FILE[command], file)
    assert code == 1
    assert told.get("error") or told["findings"]
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("command", TAKES_A_PROFILE)
@pytest.mark.parametrize("name", ["none", "folder", "good.csv"])
def test_a_profile_that_is_not_there_ends_with_3(command: str, name: str, call: Any, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    code, told = call(["--profile", str(tmp_path / name), *TAKES_A_PROFILE[command]])
    assert (code, told["error"]["code"]) == (3, "no_profile")


def test_a_file_in_place_of_a_new_profile_is_called_one_and_ends_with_3(call: Any, tmp_path: Path) -> None:
    good = str(tmp_path / "good.csv")
    for words in (["practice", "--trees", "60"], ["restore", good]):
        code, told = call([*words, "--profile", good])
        assert (code, told["error"]["code"]) == (3, "folder_is_file")


@pytest.mark.parametrize("command", TAKES_A_METHODOLOGY)
def test_a_methodology_that_is_not_there_ends_with_3_and_an_empty_one_with_1(
    command: str, call: Any, tmp_path: Path
) -> None:
    (tmp_path / "folder").mkdir()
    words = [*TAKES_A_METHODOLOGY[command], "--methodology", FILE]
    assert call(words, tmp_path / "none")[0] == 3
    assert call(words, tmp_path / "folder")[0] == 1


def test_of_several_files_a_bad_one_is_refused_and_the_others_go_on(call: Any, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "empty.jpg").touch()
    names = [str(tmp_path / name) for name in ("none.jpg", "folder", "empty.jpg", "x" * 300)]
    code, told = call(["photo", *names])
    assert (code, [one["file"] for one in told], [one["ok"] for one in told]) == (1, names, [False] * 4)
    assert [one["findings"][0]["code"] for one in told] == [
        "photo_file_missing",
        "photo_folder_empty",
        "photo_empty",
        "photo_file_unreadable",
    ]
    code, told = call(["check-id", "520102190001010009", "x"])
    assert (code, [one["valid"] for one in told]) == (1, [True, False])


@pytest.mark.parametrize(
    "words",
    [
        ["estimate", "GOOD", "--since", "GOOD"],
        ["coords", "GOOD", "--from", "wgs84", "--to", "nowhere"],
        ["nmea", "GOOD", "--seconds", "nan"],
        ["nmea", "--tcp", "nowhere"],
        ["explain"],
        ["practice", "--trees", "0"],
    ],
    ids=" ".join,
)
def test_a_wrong_option_ends_with_2(words: list[str], call: Any) -> None:
    code, told = call(words)
    assert (code, list(told)) == (2, ["error"])


@pytest.mark.parametrize("number", ["nan", "inf", "thick", "7..5"])
def test_a_number_that_is_none_is_refused_in_a_document(number: str, call: Any) -> None:
    code, told = call(["explain", "--species", "杉木", "--dbh-cm", number])
    assert (code, list(told)) == (1, ["error"])
    assert number in told["error"]["text"]


@pytest.mark.skipif(sys.platform == "win32", reason="names of devices differ there")
@pytest.mark.parametrize("words", [["--port", "/dev/none"], ["--tcp", "127.0.0.1:1"]])
def test_a_receiver_that_is_not_there_ends_with_3(words: list[str], call: Any) -> None:
    code, told = call(["nmea", *words])
    assert (code, told["error"]["code"]) == (3, "nmea_source")


@pytest.mark.parametrize("words", [["estimate", "GOOD"], ["coords", "GOOD", "--from", "wgs84", "--to", "gcj02"]])
def test_a_result_that_cannot_be_written_ends_with_3(words: list[str], call: Any, tmp_path: Path) -> None:
    (tmp_path / "good.csv").write_text("species,dbh_cm,lat,lon\n杉木,9,26,107\n", "utf-8")
    code, told = call([*words, "--out", str(tmp_path / "none" / "out.csv")])
    assert (code, told["error"]["code"]) == (3, "geo_file_unwritable")
    assert "out.csv：没有这个文件或文件夹。" in told["error"]["text"], "the system's words are English"
