"""`fieldapp coords` as others call it."""

from __future__ import annotations

import csv
import io
import json
import sys
from pathlib import Path

import pytest

from fieldapp import cli

TABLE = "id,lat,lon,name\n1,26.259,107.519,都匀\n2,26.231,109.137,黎平\n"


def test_out_file(tmp_path: Path) -> None:
    source, out = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_text(TABLE, "utf-8")
    assert cli.main(["coords", str(source), "--from", "wgs84", "--to", "epsg:4523", "--out", str(out)]) == 0
    with out.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == ["id", "lat", "lon", "name", "to_north", "to_east", "error"]
    assert float(rows[0]["to_north"]) == pytest.approx(2907978.0795, abs=1e-4)
    assert float(rows[0]["to_east"]) == pytest.approx(35751690.6204, abs=1e-4)
    assert rows[1]["name"] == "黎平"


def test_standard_input_and_output(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO((TABLE + "3,x,y,坏\n").encode("gb18030"))))
    assert cli.main(["coords", "-", "--from", "wgs84", "--to", "gcj02"]) == 1
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert float(rows[0]["to_lat"]) == pytest.approx(26.25556684, abs=1e-7)
    assert (rows[2]["to_lat"], rows[2]["name"]) == ("", "坏")
    assert rows[2]["error"]


def test_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = tmp_path / "in.csv"
    source.write_text("north,east\n2907978.0795,35751690.6204\n", "utf-8-sig")
    assert cli.main(["coords", str(source), "--from", "EPSG:4523", "--to", "cgcs2000", "--json"]) == 0
    (row,) = json.loads(capsys.readouterr().out)
    assert float(row["to_lat"]) == pytest.approx(26.259, abs=1e-9)
    assert row["error"] == ""


def test_refusals(tmp_path: Path) -> None:
    source = tmp_path / "in.csv"
    source.write_text(TABLE, "utf-8")
    assert cli.main(["coords", str(source), "--from", "wgs84", "--to", "beijing54"]) == 2
    assert cli.main(["coords", str(source), "--from", "epsg:4523", "--to", "wgs84"]) == 1
    assert cli.main(["coords", str(tmp_path / "none.csv"), "--from", "wgs84", "--to", "gcj02"]) == 3
    assert cli.main(["coords", str(source)]) == 2
    out = tmp_path / "none" / "out.csv"
    assert cli.main(["coords", str(source), "--from", "wgs84", "--to", "gcj02", "--out", str(out)]) == 3


def test_what_lies_abroad_is_converted_and_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "in.csv").write_text("lat,lon\n48.85,2.35\n26.2,105.7\n", "utf-8")
    assert cli.main(["--lang", "en", "coords", str(tmp_path / "in.csv"), "--from", "bd09", "--to", "wgs84"]) == 0
    assert "1 row lies outside China" in capsys.readouterr().err
    assert cli.main(["--lang", "en", "coords", str(tmp_path / "in.csv"), "--from", "cgcs2000", "--to", "wgs84"]) == 0
    assert "outside China" not in capsys.readouterr().err
