"""A tree measured twice: its card says what changed, in the window as on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from fieldapp import i18n
from fieldapp.carbon import registry
from fieldapp.carbon.estimate import RegistryEstimator
from fieldapp.cli import main
from fieldapp.domain.ids import new_id
from fieldapp.domain.records import Household, Measurement, Parcel, Tree
from fieldapp.storage import profile
from fieldapp.ui.card_answers import answer_tree

VILLAGE = "522633100201"


@pytest.mark.parametrize(("language", "word"), [("zh_CN", "预估 +"), ("en", "Estimate +")])
def test_the_change_since_the_last_measurement(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], language: str, word: str
) -> None:
    folder = tmp_path / "p"
    profile.create(folder, person="王", pin=None, practice=True)
    store = profile.open_store(folder, pin=None, estimator=RegistryEstimator(registry.load()))
    with store.unit() as unit:
        household = unit.add(Household(id=new_id(), village_code=VILLAGE, head_name="杨进光"))
        parcel = unit.add(Parcel(id=new_id(), village_code=VILLAGE, household_id=household.id, species="杉木"))
        tree = unit.add(Tree(id=new_id(), village_code=VILLAGE, parcel_id=parcel.id, tag="A1"))
        for day, dbh_cm in (("2024-05-01", 6.5), ("2025-11-02", 7.9)):
            fact = Measurement(id=new_id(), village_code=VILLAGE, tree_id=tree.id, dbh_cm=dbh_cm, measured_on=day)
            unit.add(fact)
        unit.commit()
    i18n.set_language(language)
    shown = answer_tree(store, tree.id, "")
    store.close()
    assert word in shown.page
    assert "1.51" in shown.page
    assert main(["--lang", language, "explain", "--profile", str(folder), "--tree", "A1", "--json"]) == 0
    assert capsys.readouterr().out == shown.json + "\n"
    change = json.loads(shown.json)["change_since_last"]
    assert (change["from"], change["to"]) == ("2024-05-01", "2025-11-02")
    assert (change["dbh_from_cm"], change["dbh_to_cm"]) == (6.5, 7.9)
    assert change["change_low_kg"] < change["change_co2e_kg"] < change["change_high_kg"]
    assert main(["--lang", language, "explain", "--profile", str(folder), "--tree", "A1"]) == 0
    assert word in capsys.readouterr().out
