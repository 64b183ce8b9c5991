"""`fieldapp explain` as a person calls it."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest

from fieldapp.app import open_store
from fieldapp.carbon.explain import checksum
from fieldapp.cli import main
from fieldapp.domain import programme
from fieldapp.domain.ids import RecordId
from fieldapp.domain.records import Household, household_code
from fieldapp.i18n import t
from fieldapp.storage.sums import area_totals, tree_totals
from fieldapp.storage.trees import tree_with_parcel
from fieldapp.ui.desk import read_desk


def test_a_card_to_read(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "--species", "杉木", "--dbh-cm", "7.197", "--height-m", "8.826"]) == 0
    text = capsys.readouterr().out
    assert "0.065388·D^2.01735·H^0.49425" in text
    assert "0.065388 × 7.197^2.01735 × 8.826^0.49425 = 10.28292 kg" in text


def test_who_measured_and_when(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["explain", "--species", "杉木", "--dbh-cm", "7", "--measured-by", "张三", "--measured-on", "2026-03-01"]
    assert main(words) == 0
    assert "张三 2026-03-01" in capsys.readouterr().out
    assert main([*words, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["inputs"]["measured_by"] == "张三"


def test_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--lang", "en", "explain", "--species", "Pinus massoniana", "--dbh-cm", "10", "--json"]) == 0
    card = json.loads(capsys.readouterr().out)
    assert card["equation"]["id"] == "pinus_massoniana-20caf8"
    assert card["reason"].startswith("species equation, Guangxi, China, n = 36, D 10 in range")
    assert card["steps"][0]["value"] == card["agb_kg"]
    assert len(card["checksum"]) == 64


def test_an_equation_of_ones_own_choice(capsys: pytest.CaptureFixture[str]) -> None:
    words = [
        "explain",
        "--species",
        "杉木",
        "--dbh-cm",
        "１２",
        "--height-m",
        "10",
        "--equation",
        "chave2014-eq4",
        "--json",
    ]
    assert main(words) == 0
    card = json.loads(capsys.readouterr().out)
    assert card["agb_kg"] == pytest.approx(0.0673 * (0.323 * 144 * 10) ** 0.976, abs=1e-8)
    assert "general_equation" in card["flags"]


@pytest.mark.parametrize(
    "words",
    [
        ["--species", "毛竹", "--dbh-cm", "9"],
        ["--species", "杉木", "--dbh-cm", "0"],
        ["--species", "杉木", "--dbh-cm", "abc"],
        ["--species", "杉木", "--dbh-cm", "7", "--height-m", "1"],
        ["--species", "杉木", "--dbh-cm", "7", "--equation", "nothing"],
    ],
)
def test_refused(capsys: pytest.CaptureFixture[str], words: list[str]) -> None:
    assert main(["explain", *words]) == 1
    printed = capsys.readouterr()
    assert (printed.out + printed.err).strip()


def test_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "--dbh-cm", "7"]) == 2
    assert "species" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "idle"),
    [
        (["--household", "H0001", "--methodology", "elsewhere"], "--methodology"),
        (["--village", "522632106203", "--allow-memory"], "--allow-memory"),
        (["--tree", "A1", "--dbh-cm", "9", "--planting-year", "2015"], "--dbh-cm, --planting-year"),
    ],
)
def test_nothing_is_passed_over_in_silence(words: list[str], idle: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", *words]) == 2
    assert idle in capsys.readouterr().err


@pytest.mark.parametrize("day", ["yesterday", "2026-02-30", "20260301", "2026-3-1", "2026"])
def test_a_day_that_is_none(capsys: pytest.CaptureFixture[str], day: str) -> None:
    assert main(["explain", "--species", "杉木", "--dbh-cm", "7", "--measured-on", day]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert day in printed.err


@pytest.mark.parametrize(
    ("words", "flag"),
    [
        (["--dbh-cm", "39.3"], "dbh_girth"),
        (["--dbh-cm", "7", "--height-m", "16"], "height_ratio"),
        (["--dbh-cm", "7", "--wood-density", "0.5"], "density_unused"),
    ],
)
def test_doubtful_values_are_marked_on_the_card(
    capsys: pytest.CaptureFixture[str], words: list[str], flag: str
) -> None:
    asked = ["--lang", "en", "explain", "--species", "马尾松", *words]
    assert main([*asked, "--json"]) == 0
    assert flag in json.loads(capsys.readouterr().out)["flags"]
    assert main(asked) == 0
    assert t(f"carbon.flag.{flag}") in capsys.readouterr().out


def test_a_known_age_settles_what_looked_like_a_girth(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["explain", "--species", "马尾松", "--dbh-cm", "39.3", "--planting-year", "1960", "--json"]
    assert main([*words, "--measured-on", "2026-03-01"]) == 0
    assert "dbh_girth" not in json.loads(capsys.readouterr().out)["flags"]


@pytest.mark.parametrize(("year", "error"), [("2026", "carbon_age_too_young"), ("2030", "carbon_age_negative")])
def test_an_age_of_no_year_is_told(capsys: pytest.CaptureFixture[str], year: str, error: str) -> None:
    words = ["explain", "--species", "马尾松", "--dbh-cm", "7", "--measured-on", "2026-03-01", "--planting-year", year]
    assert main([*words, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["modelled_yearly"]["error"] == error


@pytest.mark.parametrize("text", ["6.5+7.2", "6.5＋7.2", "6.5、7.2"])
def test_each_stem_of_a_fork_has_its_steps(capsys: pytest.CaptureFixture[str], text: str) -> None:
    asked = ["explain", "--species", "杉木", "--dbh-cm"]
    alone = []
    for one in ("6.5", "7.2"):
        assert main([*asked, one, "--json"]) == 0
        alone.append(json.loads(capsys.readouterr().out))
    assert main([*asked, text, "--json"]) == 0
    card = json.loads(capsys.readouterr().out)
    assert [stem["steps"] for stem in card["stems"]] == [one["steps"] for one in alone]
    for name in ("agb_kg", "co2e_kg", "co2e_low_kg", "co2e_high_kg"):
        assert card[name] == pytest.approx(sum(one[name] for one in alone), abs=1e-9)
    sums = {step["name"]: step for step in card["steps"]}
    assert (sums["co2e"]["value"], card["flags"][0], card["inputs"]["stems"]) == (card["co2e_kg"], "forked", "6.5+7.2")
    assert main(["--lang", "en", *asked, text]) == 0
    printed = capsys.readouterr().out
    assert "Stem 2 · " in printed
    assert "6.5 cm + 7.2 cm" in printed


def test_a_girth_is_converted_once_and_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "--species", "杉木", "--dbh-cm", "周20.4", "--json"]) == 0
    card = json.loads(capsys.readouterr().out)
    assert main(["explain", "--species", "杉木", "--dbh-cm", repr(20.4 / math.pi), "--json"]) == 0
    assert card["co2e_kg"] == json.loads(capsys.readouterr().out)["co2e_kg"]
    assert main(["explain", "--species", "杉木", "--dbh-cm", "周20.4"]) == 0
    assert "围 20.4 cm" in capsys.readouterr().out


def test_memory_needs_its_switch(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["explain", "--species", "马尾松", "--dbh-cm", "20", "--height-m", "15", "--equation"]
    assert main([*words, "pinus_massoniana-volume-guizhou", "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["error"] == "carbon_equation_memory"
    assert main([*words, "pinus_massoniana-volume-guizhou", "--json", "--allow-memory"]) == 0
    assert json.loads(capsys.readouterr().out)["status"] == "memory"


def test_a_tree_of_the_profile(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "profile"
    assert main(["practice", "--profile", str(folder), "--trees", "30", "--photos", "0"]) == 0
    store = open_store(folder, None)
    try:
        tag, tree_id = store.rows("SELECT tag, id FROM tree WHERE tag IS NOT NULL AND species IS NULL LIMIT 1")[0]
        row, parcel = tree_with_parcel(store, tree_id) or (None, None)
    finally:
        store.close()
    assert row is not None
    assert parcel is not None
    capsys.readouterr()
    asked = ["explain", "--profile", str(folder), "--json", "--tree"]
    assert main([*asked, tag]) == 0
    printed = capsys.readouterr().out
    card = json.loads(printed)
    assert card["inputs"]["tag"] == tag
    assert card["inputs"]["species_chinese"] == parcel.species
    assert card["inputs"]["measured_by"] == row.measured_by
    assert card["co2e_kg"] == pytest.approx(row.sink.co2e_kg, abs=1e-9)
    assert main([*asked, tree_id.hex()]) == 0
    assert capsys.readouterr().out == printed
    words = ["--tag", tag, "--measured-by", row.measured_by or "", "--measured-on", row.measured_on or ""]
    words += ["--planting-year", str(row.tree.planting_year or parcel.planting_year)]
    words += ["--height-m", str(row.height_m)] if row.height_m is not None else []
    assert main(["explain", "--species", parcel.species or "", "--dbh-cm", str(row.dbh_cm), "--json", *words]) == 0
    assert capsys.readouterr().out == printed
    assert main([*asked, "no such tag"]) == 1


def doubtful(folder: Path, household_id: RecordId) -> int:
    """How many trees of a household the window marks."""
    store = open_store(folder, None)
    desk = read_desk(store, household_id, programme.load(), lambda *_: None)
    store.close()
    assert desk is not None
    return desk.doubtful()


def test_sums_of_the_profile(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "profile"
    assert main(["practice", "--profile", str(folder), "--trees", "30", "--photos", "0"]) == 0
    store = open_store(folder, None)
    try:
        parcel_id, owner, village = store.rows(
            "SELECT p.id, p.household_id, p.village_code FROM parcel p JOIN tree t ON t.parcel_id = p.id "
            "JOIN tree_current c ON c.tree_id = t.id WHERE c.co2e_kg IS NOT NULL AND c.counted = 1 "
            "AND coalesce(p.removed, 0) = 0 LIMIT 1"
        )[0]
        household = store.get(Household, owner)
        area = area_totals(store, village)
        counted = tree_totals(store, owner)
    finally:
        store.close()
    assert household is not None
    capsys.readouterr()

    def card(*words: str) -> dict[str, Any]:
        assert main(["explain", "--profile", str(folder), "--json", *words]) == 0
        found: dict[str, Any] = json.loads(capsys.readouterr().out)
        assert found["checksum"] == checksum(found)
        assert sum(part["co2e_kg"] for part in found["parts"]) == pytest.approx(found["co2e_kg"])
        assert found["steps"][-1]["value"] == found["co2e_high_kg"]
        return found

    whole = card("--household", household_code(household))
    assert whole == card("--household", owner.hex())
    assert (whole["trees"], whole["co2e_kg"]) == (counted.trees, pytest.approx(counted.co2e_kg))
    assert whole["quota"] is not None
    assert card("--parcel", parcel_id.hex())["quota"] is None
    assert whole["trees_doubtful"] == doubtful(folder, owner)
    together = card("--village", village)
    assert (together["trees"], together["trees_with_result"]) == (area.trees, area.total.trees)
    assert together["co2e_kg"] == pytest.approx(area.total.co2e_kg)
    assert sum(part["trees"] for part in together["parts"]) == area.total.trees
    assert household.head_name not in json.dumps(whole, ensure_ascii=False)
    assert main(["explain", "--profile", str(folder), "--household", "H9999"]) == 1
    assert main(["explain", "--profile", str(folder), "--household", "-"]) == 1
    assert main(["explain", "--profile", str(folder), "--village", village, "--tree", "1"]) == 2
