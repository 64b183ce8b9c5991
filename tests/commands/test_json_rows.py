"""A list printed row by row is the text that the whole list would have been."""

from __future__ import annotations

import json

import pytest

from fieldapp.commands.json_rows import JsonRows


@pytest.mark.parametrize("rows", [[], [{}], [{"a": 1}], [{"树": "杉\n木", "b": [1, {"c": None}]}, {"a": []}]])
def test_the_same_text(rows: list[dict[str, object]], capsys: pytest.CaptureFixture[str]) -> None:
    with JsonRows(wanted=True) as listed:
        for row in rows:
            listed.put(row)
    assert capsys.readouterr().out == json.dumps(rows, ensure_ascii=False, indent=2) + "\n"


def test_nothing_where_nobody_wants_it_or_nothing_could_begin(capsys: pytest.CaptureFixture[str]) -> None:
    with JsonRows(wanted=False) as listed:
        listed.put({"a": 1})
    with pytest.raises(OSError, match="full"), JsonRows(wanted=True):
        raise OSError("full")
    assert capsys.readouterr().out == ""
