"""backup, restore, verify and status as a person or a script calls them."""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from fieldapp.cli import main
from fieldapp.domain.ids import new_id
from fieldapp.domain.records import Photo
from fieldapp.storage import profile, transfers
from fieldapp.storage.store import Store


def run_json(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, Any]:
    code = main(words)
    return code, json.loads(capsys.readouterr().out)


def fingerprint(folder: Path) -> dict[str, str]:
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in folder.iterdir() if p.is_file()}


def test_a_day_of_commands(
    make_store: Callable[[str], Store], field: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store = make_store("p")
    field.plant(store, 3)
    store.close()
    folder, out = str(tmp_path / "p"), str(tmp_path / "day.fieldapp-backup")
    code, status = run_json(capsys, "--profile", folder, "status", "--json")
    assert code == 0
    assert status["ops"] == {"total": 8, "waiting": 8, "sent": 0, "confirmed": 0, "quarantined": 0, "conflicts": 0}
    assert (status["households"], status["trees"], status["practice"]) == (1, 3, True)
    assert main(["--profile", folder, "backup", out]) == 0
    assert main(["--profile", folder, "backup", out]) == 3
    assert main(["verify", out]) == 0
    assert main(["--profile", folder, "restore", out]) == 3
    capsys.readouterr()
    assert main(["--lang", "en", "--profile", str(tmp_path / "q"), "restore", out]) == 0
    assert "At its next sync this profile is a new laptop to the server" in capsys.readouterr().out
    assert main(["--profile", str(tmp_path / "q"), "verify"]) == 0
    capsys.readouterr()
    code, verdict = run_json(capsys, "verify", str(tmp_path / "q"), "--json")
    assert (code, verdict["ok"], verdict["kind"], verdict["tables"]["tree"]) == (0, True, "profile", 3)
    assert main(["--lang", "en", "--profile", folder, "status"]) == 0
    told = capsys.readouterr().out
    assert "Changes: 8 not sent yet, 0 sent and waiting for the server's receipt, 0 confirmed by the server" in told
    saved = datetime.fromisoformat(status["saved_at"]).astimezone(timezone(timedelta(hours=8)))
    assert f"Last saved: {saved:%Y-%m-%d %H:%M:%S} (Beijing time)" in told
    assert "fieldapp verify" in told.splitlines()[-1]  # status counts; it does not look whether all is whole


def test_a_backup_of_photos_comes_back_whole(
    make_store: Callable[[str], Store], field: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store = make_store("p")
    field.plant(store, 1)
    hashes = [store.blobs.put(data) for data in (b"thumbnail", b"working", b"original")]
    with store.unit() as unit:
        unit.add(
            Photo(
                id=new_id(),
                village_code=field.village,
                thumbnail_sha256=hashes[0],
                working_sha256=hashes[1],
                sha256=hashes[2],
            )
        )
        unit.commit()
    transfers.confirm(store, hashes[:2])
    store.close()
    folder, out, again = str(tmp_path / "p"), str(tmp_path / "day"), str(tmp_path / "q")
    assert main(["--lang", "en", "--profile", folder, "backup", out]) == 0
    made = capsys.readouterr().out
    assert "2 photo files" in made
    assert "Not in it: 1 photo file" in made
    assert "--photos" in made
    assert main(["--lang", "en", "--profile", again, "restore", out]) == 0
    assert "Not in it: 1 photo file" in capsys.readouterr().out
    assert main(["--lang", "en", "--profile", again, "verify"]) == 0
    assert "1 photo file is not on this laptop; the server has confirmed it." in capsys.readouterr().out
    code, told = run_json(capsys, "--profile", folder, "backup", str(tmp_path / "all"), "--photos", "--json")
    assert (code, told["photos"], told["photo_files"], told["left_out"], told["missing"]) == (0, True, 3, 0, 0)


def test_the_pin_comes_from_the_environment(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    profile.create(tmp_path / "p", person="杨", pin="1234")
    monkeypatch.setenv("FIELDAPP_PIN", "1234")
    assert main(["--profile", str(tmp_path / "p"), "status"]) == 0
    monkeypatch.setenv("FIELDAPP_PIN", "1")
    capsys.readouterr()
    assert main(["--lang", "en", "--profile", str(tmp_path / "p"), "status"]) == 3
    assert "Wrong PIN" in capsys.readouterr().err
    assert main(["--profile", str(tmp_path / "none"), "status"]) == 3


@pytest.mark.parametrize(
    ("name", "code", "rows", "findings"),
    [("wal_intact.db", 0, 150, []), ("truncated_pages.db", 1, 0, ["database_damaged"])],
)
def test_any_sqlite_file_is_verified_and_left_as_it_was(
    shared_data: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    name: str,
    code: int,
    rows: int,
    findings: list[str],
) -> None:
    for source in (shared_data / "sqlite").iterdir():
        (tmp_path / source.name).write_bytes(source.read_bytes())
    before = fingerprint(tmp_path)
    got, verdict = run_json(capsys, "verify", str(tmp_path / name), "--json")
    assert (got, verdict["rows"]) == (code, rows)
    assert [finding["code"] for finding in verdict["findings"]] == findings
    assert fingerprint(tmp_path) == before


def test_what_is_no_database_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.txt").write_text("hello")
    code, verdict = run_json(capsys, "verify", str(tmp_path / "a.txt"), "--json")
    assert (code, verdict["kind"]) == (1, "unknown")
    assert main(["verify", str(tmp_path / "nothing")]) == 3
    capsys.readouterr()
    assert main(["verify", str(tmp_path / "a.txt"), "--lang", "en"]) == 1
    assert "DAMAGED" not in capsys.readouterr().out


def test_a_damaged_profile_is_a_finding(
    make_store: Callable[[str], Store], field: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store = make_store("p")
    field.plant(store, 50)
    store.close()
    database = tmp_path / "p" / profile.DATABASE
    database.write_bytes(database.read_bytes()[:9000])
    code, verdict = run_json(capsys, "--profile", str(tmp_path / "p"), "verify", "--json")
    assert code == 1
    assert [finding["code"] for finding in verdict["findings"]] == ["database_damaged", "database_pages_damaged"]
    assert "：3。" in verdict["findings"][1]["text"], "the page that was cut, not the size of a page"
    capsys.readouterr()
    assert main(["--profile", str(tmp_path / "p"), "verify"]) == 1
    *lines, last = capsys.readouterr().out.splitlines()
    assert verdict["findings"][0]["detail"] in last, "the database's own words stand last, for the technician"
    assert verdict["findings"][0]["detail"] not in "".join(lines)


@pytest.mark.skipif(sys.platform != "linux", reason="names of folders are text elsewhere")
def test_a_folder_whose_name_is_no_text_is_verified(
    make_store: Callable[[str], Store], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make_store("p").close()
    folder = (tmp_path / "p").rename(tmp_path / "\udcff")
    code, verdict = run_json(capsys, "--profile", str(folder), "verify", "--json")
    assert (code, verdict["ok"]) == (0, True)


def test_a_device_is_no_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for words in (["verify", os.devnull], ["restore", os.devnull, "--profile", str(tmp_path / "p")]):
        code, told = run_json(capsys, *words, "--json")
        assert (code, told["error"]["code"]) == (3, "file_no_file")
