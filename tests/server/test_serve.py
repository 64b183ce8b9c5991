"""`fieldapp serve` as a process of its own: what it prints, how it stops, and what a kill leaves behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from fieldapp.cli import main
from fieldapp.domain.records import Household
from fieldapp.errors import FieldappError
from fieldapp.i18n import catalogue
from fieldapp.storage import counting, oplog, profile
from fieldapp.sync import engine, wire
from tests.server.conftest import CODE, PASSWORD
from tests.sync.village import record_household, record_photo

PROJECT = Path(__file__).resolve().parents[2]


@contextmanager
def serving(folder: Path, *options: str) -> Iterator[tuple[subprocess.Popen[str], dict[str, Any]]]:
    """A server process and the first line that it prints."""
    command = [sys.executable, "-m", "fieldapp", "serve", "--data", str(folder), "--port", "0", "--json", *options]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=PROJECT)
    assert process.stdout is not None
    assert process.stderr is not None
    try:
        yield process, json.loads(process.stdout.readline() or "{}")
    finally:
        process.kill()
        process.wait(30)
        process.stdout.close()
        process.stderr.close()


def test_it_prints_what_a_script_needs_and_stops_when_asked(tmp_path) -> None:
    with serving(tmp_path / "data", "--codes", "2") as (process, facts):
        assert facts["url"].startswith("http://127.0.0.1:")
        assert facts["practice"] is False
        assert len(set(facts["enrol_codes"])) == 2
        assert facts["password"]
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
        assert process.stderr.read() == ""
    with serving(tmp_path / "data") as (process, again):
        assert again["password"] is None  # shown once
        assert again["enrol_code"] not in facts["enrol_codes"]


def test_the_log_tells_what_happened_and_nothing_about_anybody(tmp_path, estimator) -> None:
    profile.create(tmp_path / "laptop", person="杨晓明", pin=None, practice=True)
    store = profile.open_store(tmp_path / "laptop", pin=None, estimator=estimator)
    secrets = ["杨晓明", "欧阳翠花", "13985421234", "522633198001011234", "6228480402564890018", PASSWORD]
    household, trees = record_household(store, trees=5)
    with store.unit() as unit:
        personal = dict(zip(("head_name", "phone", "id_number", "bank_account"), secrets[1:5], strict=True))
        unit.edit(store.get(Household, household.id), **personal)
        unit.commit()
    record_photo(store, trees[0], b"\xff\xd8\xffsmall", b"\xff\xd8\xfflarge" * 9)
    with serving(tmp_path / "data", "--practice", "--password", PASSWORD) as (process, facts):
        known = engine.enrol(store, facts["url"], facts["enrol_code"])
        transport = engine.connect(store)
        assert engine.sync(store, transport).converged
        transport.close()
        with httpx.Client(base_url=facts["url"], trust_env=False, follow_redirects=True) as browser:
            for path in ("/", f"/villages/{CODE}", f"/villages/{CODE}/households/{household.id.hex()}", "/devices"):
                browser.get(path)
                browser.post("/login", data={"password": PASSWORD})
                assert browser.get(path, params={"q": "欧阳翠花"}).status_code == 200
            browser.post("/v1/enrol", content=b"\xff13985421234")
            browser.post("/v1/sync", headers={"Authorization": f"Bearer {known.token}"}, content=b"\xff")
            cookies = list(browser.cookies.values())
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
        assert process.stderr.read() == ""
    store.close()
    told = (tmp_path / "data" / "fieldapp.log").read_text("utf-8")
    assert f"{store.tag} brought" in told
    secrets += [known.token, facts["enrol_code"], household.id.hex(), *cookies]
    assert [one for one in secrets if one in told] == []


def test_no_code_when_none_is_wanted(tmp_path) -> None:
    with serving(tmp_path / "data", "--codes", "0") as (_, facts):
        assert (facts["enrol_code"], facts["enrol_codes"]) == (None, [])


@pytest.mark.parametrize(
    ("option", "word"),
    [(("--codes", "-1"), "-1"), (("--codes=x",), "x"), (("--blobs", "ftp://x"), "ftp://x"), (("--blobs", "y"), "y")],
)
def test_a_wrong_option_is_told_in_words(tmp_path, option: tuple[str, ...], word: str) -> None:
    with serving(tmp_path / "data", *option) as (process, facts):
        assert facts.keys() == {"error"}
        assert process.wait(30) == 2
        told = process.stderr.read()
    assert word in told
    assert "Traceback" not in told
    with serving(tmp_path / "data") as (_, facts):
        assert facts["password"]  # none was made, and lost, by the start that failed


@pytest.mark.skipif(sys.platform == "win32", reason="rights of POSIX")
def test_nobody_else_on_the_machine_reads_the_servers_files(tmp_path) -> None:
    with serving(tmp_path / "data", "--password", PASSWORD):
        made = [*(tmp_path / "data").rglob("*")]
    assert made
    assert {file.name: oct(file.stat().st_mode & 0o077) for file in made if file.stat().st_mode & 0o077} == {}


def test_a_database_that_is_none_is_told(tmp_path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "server.db").write_bytes(b"no database" * 1_000)
    with serving(tmp_path / "data") as (process, _):
        assert process.wait(30) == 3
        assert catalogue("zh_CN")["error.server_damaged.title"] in process.stderr.read()


def test_a_practice_folder_is_refused_with_advice(tmp_path) -> None:
    with serving(tmp_path / "data", "--practice", "--password", PASSWORD):
        pass
    with serving(tmp_path / "data") as (process, facts):
        assert facts.keys() == {"error"}
        assert process.wait(30) == 2
        assert "--practice" in process.stderr.read()


def test_a_refusal_is_a_line_of_json_too(tmp_path, capsys) -> None:
    (tmp_path / "data").write_bytes(b"a file where a folder is wanted")
    assert main(["serve", "--json", "--data", str(tmp_path / "data")]) == 3
    (line,) = capsys.readouterr().out.splitlines()
    assert json.loads(line)["error"]["code"] == "server_folder"


def test_a_pack_is_refused_with_the_way_to_unpack_it(tmp_path, capsys) -> None:
    (tmp_path / "office.zip").write_bytes(b"PK")
    assert main(["serve", "--data", str(tmp_path / "data"), "--methodology", str(tmp_path / "office.zip")]) == 2
    assert "methodology load office.zip" in capsys.readouterr().err
    assert not (tmp_path / "data").exists()


@pytest.mark.skipif(os.geteuid() == 0 if hasattr(os, "geteuid") else False, reason="root may write everywhere")
def test_a_folder_without_room_is_told(tmp_path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data").chmod(0o500)
    with serving(tmp_path / "data") as (process, _):
        assert process.wait(30) == 3


def test_a_file_where_the_folder_should_be_is_told(tmp_path) -> None:
    (tmp_path / "data").write_text("no folder")
    with serving(tmp_path / "data") as (process, _):
        assert process.wait(30) == 3
        assert "Traceback" not in process.stderr.read()


def test_killed_in_the_middle_it_keeps_what_it_has_receipted(tmp_path, estimator) -> None:
    profile.create(tmp_path / "laptop", person="one", pin=None, practice=True)
    store = profile.open_store(tmp_path / "laptop", pin=None, estimator=estimator)
    record_household(store, trees=400)
    with serving(tmp_path / "data", "--practice") as (process, facts):
        engine.enrol(store, facts["url"], facts["enrol_code"])
        transport = engine.connect(store)
        ops = oplog.pending(store, limit=10_000)
        for start in range(0, 600, 100):
            answer = transport.sync({"practice": True, "frames": [wire.encode(ops[start : start + 100])]})
        assert answer.acknowledged[store.device] == 600
        process.kill()
        process.wait(30)
        with pytest.raises(FieldappError):
            transport.hello()
        transport.close()
    with serving(tmp_path / "data", "--practice") as (_, facts):
        engine.enrol(store, facts["url"], facts["enrol_code"])
        transport = engine.connect(store)
        answer = transport.sync({"practice": True, "settle": True, "cursors": {CODE: 0}, "own": [CODE], "frames": []})
        held = [op for frame in answer.villages[CODE].frames for op in wire.decode(frame.body).ops()]
        assert held == ops[:600]
        report = engine.sync(store, transport)
        transport.close()
    assert report.converged
    assert counting.status(store).ops_confirmed == len(ops)
    store.close()
