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


@pytest.mark.parametrize(
    "number", ["５２０１０２１９０００１０１０００９", "520102 19000101 0009　", "520102-19000101-0009"]
)
def test_another_way_of_writing_is_told_with_the_number_that_is_meant(
    number: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["check-id", number, "--json"]) == 1
    (told,) = json.loads(capsys.readouterr().out)
    assert (told["number"], told["valid"], told["findings"][0]["code"]) == (number, False, "id_form")
    meant = told["meant"]
    assert (meant["number"], meant["valid"], meant["county"]) == ("520102190001010009", True, "南明区")
    assert cli.main(["check-id", number, "--lang", "en"]) == 1
    assert "meant is 520102190001010009  valid" in capsys.readouterr().out


def test_an_empty_list_of_numbers_is_refused(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"\n \n")))
    assert cli.main(["check-id", "-", "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["error"]["code"] == "check_id_empty"


def test_nothing_to_check_is_a_usage_error() -> None:
    assert cli.main(["check-id"]) == 2


def test_numbers_from_standard_input(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    typed = io.TextIOWrapper(io.BytesIO("520102190001010009\r\n\r\n 520102199904000005\n".encode("utf-8-sig")))
    monkeypatch.setattr(sys, "stdin", typed)
    assert cli.main(["check-id", "-", "--json"]) == 1
    assert [one["valid"] for one in json.loads(capsys.readouterr().out)] == [True, False]
