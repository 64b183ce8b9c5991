"""The command line as a whole: where general options may stand, exit codes, and never a traceback."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from fieldapp import i18n
from fieldapp.cli import COMMANDS, main

GOOD_ID = "11010519491231002X"
FULL = Path("/dev/full")


def called(*words: str | bytes, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """The command in a process of its own."""
    command = [sys.executable, "-m", "fieldapp", *words]
    return subprocess.run(command, capture_output=True, check=False, env={**os.environ, **environment})


@pytest.mark.parametrize("words", [["nonsense"], ["check-id"], ["--lang", "fr", "check-id", GOOD_ID], ["--nonsense"]])
def test_a_wrong_call_ends_with_2(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words) == 2
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([command, "--help"]) == 0
    shown = capsys.readouterr().out
    assert f"fieldapp {command}" in shown
    assert "--profile" in shown


@pytest.mark.parametrize("general", [["--profile", "x/none"], ["--lang", "en"], ["--lang", "zh"]])
def test_general_options_stand_before_or_after_the_command(
    general: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*general, "status"]) == 3
    before = capsys.readouterr().err
    assert main(["status", *general]) == 3
    assert capsys.readouterr().err == before


@pytest.mark.parametrize("words", [["methodology", "versions"], ["recovery-key", "show", "none"]])
def test_general_options_stand_after_an_action_too(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    general = ["--profile", "x/none", "--lang", "en"]
    code = main([*general, *words])
    before = capsys.readouterr().err
    assert main([*words, *general]) == code
    assert capsys.readouterr().err == before
    assert before.isascii()


@pytest.mark.parametrize("folder", COMMANDS)
def test_a_profile_folder_may_be_called_like_a_command(
    folder: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["--profile", folder, "check-id", GOOD_ID, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)[0]["valid"] is True


def test_the_language_holds_for_the_help_too(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--lang", "en", "area", "--help"]) == 0
    i18n.set_language("en")
    assert i18n.t("command.area.summary") in capsys.readouterr().out


@pytest.mark.skipif(not FULL.exists(), reason="needs a device that is always full")
def test_output_on_a_full_disk_is_told_and_ends_with_3() -> None:
    with FULL.open("wb") as full:
        command = [sys.executable, "-m", "fieldapp", "check-id", GOOD_ID]
        told = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, check=False)
    assert told.returncode == 3
    assert b"Traceback" not in told.stderr
    assert len(told.stderr.splitlines()) == 3


@pytest.mark.skipif(not FULL.exists(), reason="needs a device that is always full")
@pytest.mark.parametrize("words", [["area", "none"], ["check-id", "x"]])
def test_a_document_that_finds_no_room_is_told_and_ends_with_3(words: list[str]) -> None:
    with FULL.open("wb") as full:
        command = [sys.executable, "-m", "fieldapp", *words, "--json"]
        told = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, check=False)
    assert told.returncode == 3
    assert b"Traceback" not in told.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="pipes are other things there")
def test_a_refusal_that_nobody_takes_keeps_its_code() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-m", "fieldapp", "area", "none", "--json"]
    told = subprocess.run(command, stdout=writing, stderr=subprocess.PIPE, check=False)
    os.close(writing)
    assert told.returncode == 3
    assert b"Traceback" not in told.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="file names are text there")
def test_a_file_name_that_is_no_text_can_be_printed(tmp_path: Path) -> None:
    name = os.fsencode(tmp_path) + b"/\xff.jpg"
    told = called("photo", "--json", name, PYTHONIOENCODING="utf-8:strict")
    assert told.returncode == 1
    assert json.loads(told.stdout)[0]["file"].endswith("\udcff.jpg")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_help_names_every_command_in_one_language(language: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help", "--lang", language]) == 0
    shown = capsys.readouterr().out
    for command, module in COMMANDS.items():
        assert f"    {command}  " in shown
        assert i18n.t(f"command.{module}.summary")[:10] in shown
    chinese = any("\u4e00" <= sign <= "\u9fff" for sign in shown)
    assert (chinese, "show this help" in shown) == ((True, False) if language == "zh" else (False, True))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["area", "x", "--nonsense"], "--nonsense"),
        (["area"], "FILE"),
        (["nmea", "x", "--port", "y"], "--port"),
        (["nmea"], "--tcp"),
        (["serve", "--port", "eight"], "“eight”"),
        (["nmea", "x", "--baud", "fast"], "'fast'"),
        (["explain", "--species"], "--species"),
        (["photo", "--json=3", "x"], "--json"),
        (["nonsense"], "'nonsense'"),
        (["serve", "--p", "1"], "--port"),
    ],
)
def test_a_wrong_call_is_told_in_chinese(words: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*words, "--lang", "zh"]) == 2
    last = capsys.readouterr().err.strip().splitlines()[-1]
    assert said in last
    assert any("\u4e00" <= sign <= "\u9fff" for sign in last)


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGTERM])
def test_stopping_is_told_and_leaves_no_half_result(by: signal.Signals, tmp_path: Path) -> None:
    table, out = tmp_path / "trees.csv", tmp_path / "out.csv"
    table.write_text("species,dbh_cm\n" + "杉木,7\n" * 200_000, "utf-8")
    command = [sys.executable, "-m", "fieldapp", "--lang", "en", "estimate", str(table), "--out", str(out)]
    with subprocess.Popen(command, stderr=subprocess.PIPE) as running:
        part = out.with_name("out.csv.part")
        while running.poll() is None and not part.exists():
            pass
        running.send_signal(by)
        said = running.communicate()[1].decode()
    assert (running.returncode, said) == (128 + by, "Stopped. Everything saved so far is safe.\n")
    assert list(tmp_path.iterdir()) == [table]


@pytest.mark.parametrize("port", ["99999", "-1", "x", "1.5", "８７５０", ""])
def test_a_port_that_cannot_be_is_told_with_its_bounds(port: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--lang", "en", "serve", f"--port={port}"]) == 2
    assert "from 0 to 65535" in capsys.readouterr().err


@pytest.mark.skipif(sys.platform == "win32", reason="streams are closed by a POSIX shell")
@pytest.mark.parametrize(("closed", "code"), [("<&-", 1), (">&-", 1), ("2>&-", 1), ("<&- >&- 2>&-", 1)])
def test_a_standard_stream_that_is_closed_breaks_nothing(closed: str, code: int) -> None:
    call = f'"{sys.executable}" -m fieldapp check-id 1 {closed}'
    done = subprocess.run(["sh", "-c", call], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (code, "")


@pytest.mark.skipif(sys.platform == "win32", reason="streams are closed by a POSIX shell")
def test_what_is_said_goes_nowhere_rather_than_among_the_data(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("lat,lon\n26,107\n", "utf-8")
    call = f'"{sys.executable}" -m fieldapp coords {tmp_path}/in.csv --from wgs84 --to cgcs2000 2>&-'
    done = subprocess.run(["sh", "-c", call], capture_output=True, text=True, check=False)
    assert done.stdout.splitlines() == ["lat,lon,to_lat,to_lon,error", "26,107,26.0000000000,107.0000000000,"]


@pytest.mark.parametrize(
    "words", [["area"], ["nonsense"], ["coords", "x", "--from"], ["explain", "--species", "\udcff"]]
)
def test_a_wrong_call_ends_in_a_document_too(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*words, "--json"]) == 2
    told = capsys.readouterr()
    assert json.loads(told.out)["error"]["code"] == "wrong_call"
    assert told.err.count("\n") >= 2
