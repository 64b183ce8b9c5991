"""The programme's rules are dated settings that say where they were read."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest

from fieldapp import paths
from fieldapp.domain import programme


@pytest.mark.parametrize(
    ("area_mu", "trees"), [(2, 450), (5, 450), (1.2, 270), (1, 225), (0.333, 74), (0, 0), (-1, 0), (None, 450)]
)
def test_quota(area_mu: float | None, trees: int) -> None:
    assert programme.load().quota(area_mu) == trees


def test_rules_in_force() -> None:
    rules = programme.load(dt.date(2020, 1, 1))
    assert (rules.price_yuan, rules.flat_kg, rules.dbh_range_cm) == (3, 10, (5, 8))
    assert rules.contract_years == (5, 6)
    assert programme.load(dt.date(2010, 1, 1)).version == rules.version


def test_every_value_has_a_source_and_a_mark() -> None:
    for setting in programme.load().settings.values():
        assert setting.mark in {"V", "V~", "C", "R"}
        assert setting.source("zh_CN") != setting.source("en")


def test_later_rules_take_over_on_their_day(tmp_path: Path) -> None:
    data = json.loads((paths.resources() / "programme" / "guizhou-2018.json").read_text("utf-8"))
    (tmp_path / "a.json").write_text(json.dumps(data), "utf-8")
    data |= {"version": "later.1", "valid_from": "2027-01-01"}
    data["values"]["trees_per_mu"]["value"] = 150
    (tmp_path / "b.json").write_text(json.dumps(data), "utf-8")
    assert programme.load(dt.date(2026, 12, 31), tmp_path).quota(2) == 450
    assert programme.load(dt.date(2027, 1, 1), tmp_path).quota(2) == 300
