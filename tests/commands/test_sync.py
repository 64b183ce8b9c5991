"""`fieldapp sync` as a person calls it: exit codes, one JSON document, words for what went wrong."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from fieldapp import cli
from fieldapp.carbon.estimate import RegistryEstimator
from fieldapp.carbon.registry import load
from fieldapp.domain.records import Household
from fieldapp.i18n import catalogue
from fieldapp.server import running
from fieldapp.storage import profile
from tests.sync.village import CODE, record_household

PIN = "246810"


@pytest.fixture
def laptop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A real profile with a PIN and one household."""
    estimator = RegistryEstimator(load())
    profile.create(tmp_path / "laptop", person="one", pin=PIN)
    store = profile.open_store(tmp_path / "laptop", pin=PIN, estimator=estimator)
    record_household(store, trees=3)
    store.close()
    monkeypatch.setenv("FIELDAPP_PIN", PIN)
    return tmp_path / "laptop"


def test_enrol_and_sync_and_again(laptop: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with running.start(tmp_path / "server", estimator=RegistryEstimator(load())) as server:
        first = ["--profile", str(laptop), "sync", "--server", server.url, "--enrol", server.enrol_code, "--json"]
        assert cli.main(first) == 0
        found = json.loads(capsys.readouterr().out)
        assert found["converged"] is True
        assert found["ops"]["waiting"] == 0
        assert found["ops"]["confirmed"] == found["ops"]["sent"] > 0
        assert list(found["villages"]) == [CODE]
        assert found["sink_differences"] == []
        open_number(laptop)
        assert cli.main(["--profile", str(laptop), "sync"]) == 0
        said = capsys.readouterr()
        assert CODE in said.out
        assert "1 户" in said.err, "a number without consent went along"
    assert cli.main(["--profile", str(laptop), "sync"]) == 3
    assert "服务器" in capsys.readouterr().err


def open_number(laptop: Path) -> None:
    """A bank account is written down before the household has agreed to that."""
    store = profile.open_store(laptop, pin=PIN, estimator=RegistryEstimator(load()))
    with store.unit() as unit:
        (household,) = store.find(Household, "")
        unit.edit(household, bank_account="6222021234567890123")
        unit.commit()
    store.close()


def test_a_mistyped_address_is_not_kept(laptop: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with (
        running.start(tmp_path / "server", estimator=RegistryEstimator(load())) as server,
        running.start(tmp_path / "other", estimator=RegistryEstimator(load())) as other,
    ):
        called = ["--profile", str(laptop), "sync"]
        assert cli.main([*called, "--server", server.url, "--enrol", server.enrol_code]) == 0
        capsys.readouterr()
        for wrong, key in (("127.0.0.1:9", "server_unreachable"), (other.url, "server_changed")):
            assert cli.main([*called, "--server", wrong]) == 3
            assert catalogue("zh_CN")[f"error.{key}.title"] in capsys.readouterr().err
        assert cli.main(called) == 0
        assert cli.main([*called, "--server", server.url.replace("127.0.0.1", "localhost")]) == 0


def test_without_enrolment_it_says_what_to_do(laptop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["--profile", str(laptop), "sync"]) == 3
    assert cli.main(["--profile", str(laptop), "sync", "--server", "http://127.0.0.1:9"]) == 3
    assert cli.main(["--profile", str(laptop), "sync", "--server", "http://"]) == 2
    assert "登记" in capsys.readouterr().err


def test_a_wrong_code_is_refused(laptop: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with running.start(tmp_path / "server", estimator=RegistryEstimator(load())) as server:
        asked = ["--profile", str(laptop), "sync", "--server", server.url, "--enrol", "no-such-code"]
        assert cli.main(asked) == 1
    assert "登记码" in capsys.readouterr().err


def test_a_refusal_is_one_document_too(laptop: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    called = ["--profile", str(laptop), "sync", "--json"]
    with running.start(tmp_path / "server", estimator=RegistryEstimator(load())) as server:
        refused = [
            (["--server", "http://"], 2, "server_url"),
            (["--server", "http://127.0.0.1:9", "--enrol", "x"], 3, "server_unreachable"),
            (["--server", server.url, "--enrol", "no-such-code"], 1, "enrol_code_refused"),
            ([], 3, "not_enrolled"),
        ]
        for words, exit_code, error in refused:
            assert cli.main([*called, *words]) == exit_code
            told = capsys.readouterr()
            assert json.loads(told.out)["error"]["code"] == error
            assert catalogue("zh_CN")[f"error.{error}.title"] in told.err
