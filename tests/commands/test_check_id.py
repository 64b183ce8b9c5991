"""`fieldapp check-id` as others call it."""

from __future__ import annotations

import io
import json
import sys

import pytest

from fieldapp import cli


def test_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["check-id", "520102190001010009", "520102199904000005", "--json"]) == 1
    first, second = json.loads(capsys.readouterr().out)
    assert set(first) == {"number", "valid", "birth_date", "sex", "county", "findings"}
    assert (first["valid"], first["birth_date"], first["sex"], first["county"]) == (
        True,
        "1900-01-01",
        "female",
        "南明区",
    )
    assert (second["valid"], second["birth_date"]) == (False, None)
    assert {"code", "severity", "text"} == set(second["findings"][0])


def test_people_read_chinese(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["check-id", "52028119000101000x"]) == 0
    assert "有效" in capsys.readouterr().out


def test_nothing_to_check_is_a_usage_error() -> None:
    assert cli.main(["check-id"]) == 2


def test_numbers_from_standard_input(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    typed = io.TextIOWrapper(io.BytesIO("520102190001010009\r\n\r\n 520102199904000005\n".encode("utf-8-sig")))
    monkeypatch.setattr(sys, "stdin", typed)
    assert cli.main(["check-id", "-", "--json"]) == 1
    assert [one["valid"] for one in json.loads(capsys.readouterr().out)] == [True, False]
