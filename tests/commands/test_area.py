"""`fieldapp area` as others call it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from fieldapp import cli

PARCEL = (
    "POLYGON((104.60593311 26.6596742, 104.60618816 26.65894455, 104.60525639 26.65896193, 104.60517839 26.65935697))"
)


def test_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "parcel.wkt"
    file.write_text(PARCEL, "utf-8")
    assert cli.main(["area", str(file), "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["area_m2"] == pytest.approx(5505.8528, abs=1e-3)
    assert answer["area_mu"] == pytest.approx(8.258779, abs=1e-6)
    assert answer["perimeter_m"] == pytest.approx(304.9196, abs=1e-3)


def test_people_read_mu(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "parcel.geojson"
    file.write_text('{"type":"Polygon","coordinates":[[[107,26],[107.01,26],[107.01,26.01],[107,26]]]}', "utf-8")
    assert cli.main(["area", str(file)]) == 0
    assert "亩" in capsys.readouterr().out


def test_refusals(tmp_path: Path) -> None:
    file = tmp_path / "many.wkt"
    file.write_text(f"GEOMETRYCOLLECTION({PARCEL}, {PARCEL})", "utf-8")
    assert cli.main(["area", str(file)]) == 1
    file.write_text("POLYGON((107 26, 107.01 26.01, 107.01 26, 107 26.01, 107 26))", "utf-8")
    assert cli.main(["area", str(file)]) == 1
    assert cli.main(["area", str(tmp_path / "none")]) == 3
