"""`fieldapp recovery-key`: two files, and a forgotten PIN mended with them."""

from __future__ import annotations

import json
import stat
import sys
from pathlib import Path

import pytest

from fieldapp.cli import main
from fieldapp.commands.opening import PIN_VARIABLE
from fieldapp.commands.recovery_key import PASSPHRASE_VARIABLE
from fieldapp.storage import profile
from fieldapp.storage.office_files import public_key


def told(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, str]:
    capsys.readouterr()
    assert main(["recovery-key", *words, "--json"]) == 0
    answer: dict[str, str] = json.loads(capsys.readouterr().out)
    return answer


def test_a_key_is_made_and_mends_a_forgotten_pin(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(PASSPHRASE_VARIABLE, "four words of mine")
    made = told(capsys, "make", str(tmp_path / "office"))
    public, private = Path(made["public"]), Path(made["private"])
    assert told(capsys, "show", str(public)) == {"half": "public", "number": made["number"]}
    assert told(capsys, "show", str(private)) == {"half": "private", "number": made["number"]}
    if sys.platform != "win32":
        assert stat.S_IMODE(private.stat().st_mode) == 0o600
    folder = tmp_path / "p"
    profile.create(folder, person="韦", pin="271828", office_key=public_key(public.read_bytes()))
    monkeypatch.setenv(PIN_VARIABLE, "314159")
    told(capsys, "--profile", str(folder), "new-pin", str(private))
    profile.unlock(folder, "314159")
    other = told(capsys, "make", str(tmp_path / "office"))
    assert main(["recovery-key", "new-pin", other["private"], "--profile", str(folder)]) == 3
    monkeypatch.setenv(PIN_VARIABLE, "1")
    assert main(["recovery-key", "new-pin", str(private), "--profile", str(folder)]) == 1
    profile.unlock(folder, "314159")


def test_what_cannot_be_done_ends_with_its_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    bare = tmp_path / "bare.txt"
    bare.write_text("ab" * 32)
    assert main(["recovery-key", "show", str(bare)]) == 1
    assert main(["recovery-key", "show", str(tmp_path / "none")]) == 3
    monkeypatch.setenv(PASSPHRASE_VARIABLE, "short")
    assert main(["recovery-key", "make", str(tmp_path / "office")]) == 1
    assert not (tmp_path / "office").exists()
    monkeypatch.setenv(PASSPHRASE_VARIABLE, "four words of mine")
    assert main(["recovery-key", "make", str(bare)]) == 3
    profile.create(tmp_path / "p", person="韦", pin="271828")
    assert main(["recovery-key", "new-pin", str(bare), "--profile", str(tmp_path / "p")]) == 3
    assert "Traceback" not in capsys.readouterr().err
