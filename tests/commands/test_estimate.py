"""`fieldapp estimate` as a person calls it."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from fieldapp import i18n
from fieldapp.cli import main

OUTPUTS = [
    *("equation_id", "status", "agb_kg", "bgb_kg", "carbon_kg"),
    *("co2e_kg", "co2e_low_kg", "co2e_high_kg", "flags", "method_version", "error"),
]
GOOD = (
    "tag,height_m,dbh_cm,species,wood_density,equation\n1,8.826,7.197,杉木,,\n2,,10,Pinus massoniana,,\n3,,6,柳杉,,\n"
)
BAD = (
    GOOD
    + "4,,abc,杉木,,\n5,,0,杉木,,\n6,,400,杉木,,\n7,1.2,7,杉木,,\n"
    + "8,,7,无此树,,\n9,7,7,杉木,0,\n10,,8,毛竹,,\n11,,１２．５,马尾松,,\n"
)


def _file(tmp_path: Path, text: str, encoding: str = "utf-8") -> str:
    path = tmp_path / "trees.csv"
    path.write_bytes(text.encode(encoding))
    return str(path)


def _table(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_all_rows_good(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["estimate", _file(tmp_path, GOOD)]) == 0
    printed = capsys.readouterr()
    rows = _table(printed.out)
    assert list(rows[0]) == ["tag", "height_m", "dbh_cm", "species", "wood_density", "equation", *OUTPUTS]
    assert float(rows[0]["agb_kg"]) == pytest.approx(10.283, abs=0.003)
    assert rows[1]["equation_id"] == "pinus_massoniana-20caf8"
    assert rows[2]["flags"] == "extrapolated"
    assert {row["error"] for row in rows} == {""}
    assert printed.err.strip()


def test_bad_rows_say_why_and_the_others_go_on(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--lang", "en", "estimate", _file(tmp_path, BAD)]) == 1
    rows = {row["tag"]: row for row in _table(capsys.readouterr().out)}
    fields = {
        "4": "dbh_cm",
        "5": "dbh_cm",
        "6": "dbh_cm",
        "7": "height_m",
        "8": "species",
        "9": "wood_density",
        "10": "species",
    }
    for tag, field in fields.items():
        assert rows[tag]["error"].startswith(f"{field}: "), tag
        assert rows[tag]["agb_kg"] == ""
    for tag in ("1", "2", "3", "11"):
        assert rows[tag]["error"] == ""
        assert float(rows[tag]["co2e_low_kg"]) < float(rows[tag]["co2e_kg"]) < float(rows[tag]["co2e_high_kg"])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_encodings(tmp_path: Path, capsys: pytest.CaptureFixture[str], encoding: str) -> None:
    out = tmp_path / "out.csv"
    assert main(["estimate", _file(tmp_path, GOOD, encoding), "--out", str(out)]) == 0
    assert capsys.readouterr().out == ""
    rows = _table(out.read_text("utf-8-sig"))
    assert rows[0]["species"] == "杉木"
    assert rows[0]["status"] == "transcribed"


def test_json_is_one_document(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["estimate", _file(tmp_path, BAD), "--json"]) == 1
    rows = json.loads(capsys.readouterr().out)
    assert rows[0]["agb_kg"] == pytest.approx(10.283, abs=0.003)
    assert rows[4]["error_code"] == "carbon_dbh_not_positive"
    assert rows[4]["error_field"] == "dbh_cm"
    assert rows[4]["agb_kg"] is None


def test_standard_input(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(GOOD.encode()), encoding="utf-8"))
    assert main(["estimate", "-"]) == 0
    assert len(_table(capsys.readouterr().out)) == 3


def test_an_equation_is_asked_for_by_id_or_row(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = "species,dbh_cm,equation\n马尾松,10,20caf8\n马尾松,10,pinus_massoniana-20caf8\n马尾松,10,zzz\n"
    assert main(["estimate", _file(tmp_path, text)]) == 1
    rows = _table(capsys.readouterr().out)
    assert rows[0]["agb_kg"] == rows[1]["agb_kg"] == "25.7084509016"
    assert rows[2]["error"].startswith("equation: ")


def test_estimating_a_result_again_replaces_its_columns(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["estimate", _file(tmp_path, GOOD)]) == 0
    first = capsys.readouterr().out
    assert main(["estimate", _file(tmp_path, first)]) == 0
    assert capsys.readouterr().out == first


def test_compare(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = _file(tmp_path, GOOD)
    assert main(["estimate", file, "--compare"]) == 0
    text = capsys.readouterr().out
    assert "* cunninghamia_lanceolata-lyt2264-agb" in text
    assert main(["estimate", file, "--compare", "--json"]) == 0
    trees = json.loads(capsys.readouterr().out)
    assert len(trees) == 3
    assert trees[1]["spread"]["ratio"] > 1
    out = tmp_path / "compare.csv"
    assert main(["estimate", file, "--compare", "--out", str(out)]) == 0
    rows = _table(out.read_text("utf-8"))
    assert {row["chosen"] for row in rows} == {"0", "1"}
    assert sum(row["chosen"] == "1" for row in rows) == 3


@pytest.mark.parametrize(("text", "code"), [("a,b\n1,2\n", 1), ("", 1), ("species,dbh_cm\n", 0)])
def test_tables_without_trees(tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, code: int) -> None:
    assert main(["estimate", _file(tmp_path, text)]) == code
    assert "Traceback" not in capsys.readouterr().err


def test_a_file_that_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["estimate", str(tmp_path / "none.csv")]) == 3
    assert capsys.readouterr().err.strip()


def test_a_folder_that_cannot_be_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["estimate", _file(tmp_path, GOOD), "--out", str(tmp_path / "no" / "out.csv")]) == 3
    assert capsys.readouterr().err.strip()


def test_the_load_file(shared_data: Path, tmp_path: Path) -> None:
    import lzma

    text = lzma.decompress((shared_data / "inventory" / "load_60k_derived_from_pasoh.csv.xz").read_bytes()).decode()
    text = text.replace("dbh_cm_first", "dbh_cm").replace("height_m_modelled", "height_m")
    out = tmp_path / "out.csv"
    assert main(["estimate", _file(tmp_path, text), "--out", str(out)]) == 1
    with out.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 60_000
    refused = {row["species_cn"] for row in rows if row["error"] and float(row["height_m"]) > 1.3}
    assert refused == {"毛竹"}


def test_an_age_adds_a_modelled_year(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = _file(tmp_path, "species,dbh_cm,age\n柳杉,7,9\n柳杉,7,-9\n柳杉,7,\n")
    assert main(["estimate", file]) == 1
    rows = _table(capsys.readouterr().out)
    assert 2.8 < float(rows[0]["modelled_yearly_co2e_kg"]) < 8.3
    assert rows[0]["flags"].split(";")[-1] == "modelled"
    assert "modelled" not in rows[2]["flags"]
    assert rows[1]["error"].startswith("age: ")
    assert rows[2]["modelled_yearly_co2e_kg"] == ""
    assert rows[2]["error"] == ""


def test_the_modelled_year_of_a_fork_is_that_of_its_stems(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = _file(tmp_path, "species,dbh_cm,age\n杉木,6.5,8\n杉木,7.2,8\n杉木,6.5+7.2,8\n杉木,周20.4+22,8\n")
    assert main(["estimate", file]) == 0
    one, other, both, girths = [float(row["modelled_yearly_co2e_kg"]) for row in _table(capsys.readouterr().out)]
    assert both == pytest.approx(one + other, abs=0.0011)
    assert girths == pytest.approx(3.579 + 4.268, abs=0.0011)


def test_heights_from_a_curve_are_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [f"杉木,{5 + place / 2},{4 + place / 3:.2f},上坡" for place in range(9)]
    file = _file(tmp_path, "\n".join(["species,dbh_cm,height_m,parcel", *rows, "杉木,6.7,,上坡"]))
    assert main(["estimate", file, "--fit-heights"]) == 0
    printed = capsys.readouterr()
    assert "上坡" in printed.err
    assert "height_curve" in _table(printed.out)[-1]["flags"]
    assert main(["estimate", file, "--fit-heights", "--json"]) == 0
    *measured, filled = json.loads(capsys.readouterr().out)
    curve, d = filled["height_curve"], 6.7
    assert filled["height_used_m"] == pytest.approx(1.3 + (d / (curve["a"] + curve["b"] * d)) ** 2)
    assert str(curve["a"]) in printed.err
    assert str(curve["b"]) in printed.err
    assert not any("height_used_m" in row for row in measured)
    assert main(["estimate", _file(tmp_path, GOOD), "--fit-heights"]) == 0
    assert "8" in capsys.readouterr().err


def test_parcels_with_too_few_heights_are_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    few = [f"杉木,{5 + place},{4 + place},下坡" for place in range(5)]
    alike = [f"马尾松,7,{4 + place},上坡" for place in range(9)]
    text = "\n".join(
        ["species,dbh_cm,height_m,parcel", *few, *alike, "杉木,6.7,,下坡", "马尾松,6.7,,上坡", "柳杉,6,5,下坡"]
    )
    assert main(["--lang", "en", "estimate", _file(tmp_path, text), "--fit-heights"]) == 0
    lines = capsys.readouterr().err.splitlines()
    assert any("下坡 杉木: 5 of the 8 measured heights" in line and line.endswith("alone: 1") for line in lines)
    assert any("上坡 马尾松: the 9 measured heights give no curve" in line for line in lines)
    assert not any("柳杉" in line for line in lines), "no height is missing there"


def test_totals_by_household(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    trees = [f"{household},柳杉,{5 + place % 30 / 10}" for place in range(90) for household in ("甲", "乙")]
    file = _file(tmp_path, "\n".join(["household,species,dbh_cm", *trees, "乙,毛竹,9"]))
    assert main(["estimate", file, "--totals", "household", "--json"]) == 1
    first, second = json.loads(capsys.readouterr().out)
    assert (first["household"], first["trees"], first["refused"]) == ("甲", 90, 0)
    assert (second["trees"], second["refused"]) == (90, 1)
    assert first["co2e_kg"] == pytest.approx(second["co2e_kg"])
    assert first["random_half_width_kg"] < first["correlated_half_width_kg"]
    assert first["discounted_co2e_kg"] < first["co2e_kg"]
    assert first["platform_co2e_kg_per_year"] == 900
    assert first["platform_yuan_per_year"] == 270
    assert main(["estimate", file, "--totals", "household"]) == 1
    assert len(_table(capsys.readouterr().out)) == 2
    assert main(["estimate", file, "--totals", "nothing"]) == 1


def test_the_change_since_an_earlier_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first, later = _file(tmp_path, GOOD), tmp_path / "later.csv"
    later.write_text(GOOD.replace(",6,柳杉", ",7,柳杉"), encoding="utf-8")
    assert main(["estimate", str(later), "--since", first, "--years", "2.5", "--json"]) == 0
    (row,) = json.loads(capsys.readouterr().out)
    assert (row["trees"], row["lost"], row["planted"], row["years"]) == (3, 0, 0, 2.5)
    assert row["yearly_co2e_kg"] == pytest.approx(row["change_co2e_kg"] / 2.5)
    assert main(["estimate", str(later), "--since", first]) == 2
    assert main(["estimate", str(later), "--since", first, "--years", "nan"]) == 2


@pytest.mark.parametrize("mode", [["--json"], ["--compare", "--json"], ["--totals", "parcel", "--json"]])
def test_json_has_no_number_that_is_none(tmp_path: Path, capsys: pytest.CaptureFixture[str], mode: list[str]) -> None:
    odd = ["nan", "inf", "-inf", "1e308", "1e999", "-0"]
    rows = [f"杉木,{d},{h},{age},1" for d in ("80", *odd) for h in ("6", *odd) for age in ("5", *odd)]
    table = tmp_path / "trees.csv"
    table.write_text("\n".join(["species,dbh_cm,height_m,age,parcel", *rows]), "utf-8")
    assert main(["estimate", str(table), *mode]) == 1

    def refuse(word: str) -> None:
        raise AssertionError(word)

    assert json.loads(capsys.readouterr().out, parse_constant=refuse)


def test_a_comparison_knows_its_tree_and_gives_no_numbers_of_a_refused_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    trees = tmp_path / "trees.csv"
    trees.write_text(
        "tag,species,dbh_cm,height_m,age\nT1,杉木,7.5,,\nT2,杉木,6+7,5,\nT3,杉木,8,,abc\nT4,杉木,x,,\n", "utf-8"
    )
    assert main(["estimate", str(trees), "--compare", "--json"]) == 1
    one, forked, *others = json.loads(capsys.readouterr().out)
    assert (one["tag"], one["dbh_cm"], one["height_m"]) == ("T1", 7.5, None)
    assert one["method_version"].startswith("fieldapp-provisional-2026.2")
    assert len(one["equations"]) > 2
    assert (forked["tag"], forked["dbh_cm"]) == ("T2", "6+7")
    assert all(row["error"] and row["equations"] == [] and row["spread"] is None for row in (forked, *others))


@pytest.mark.parametrize(
    "more",
    [["--totals", "parcel", "--compare"], ["--since", "a.csv", "--years", "1", "--totals", "p", "--monte-carlo", "9"]],
)
def test_two_outputs_at_once_are_refused(more: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["estimate", "trees.csv", *more]) == 2
    assert (more[-2] if more[-1] == "9" else more[-1]) in capsys.readouterr().err


@pytest.mark.parametrize("more", [["--totals", "household"], ["--compare"], ["--since", "first", "--years", "1"]])
def test_sums_do_not_take_the_place_of_their_trees(
    tmp_path: Path, more: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    text = "tag,species,dbh_cm,household\nT1,杉木,7.5,h1\n"
    trees, first = tmp_path / "trees.csv", tmp_path / "first"
    first.symlink_to(trees)
    trees.write_text(text, "utf-8")
    more = [str(first) if word == "first" else word for word in more]
    assert main(["estimate", str(trees), *more, "--out", str(first)]) == 2
    assert "first" in capsys.readouterr().err
    assert trees.read_text("utf-8") == text


def test_a_row_that_was_copied_is_counted_and_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    trees = tmp_path / "trees.csv"
    rows = "T1,杉木,7.5,h1\nT2,杉木,7.5,h1\nT1,杉木,7.5,h1\nT1,杉木,7.5,h2\n,杉木,7.5,h1\n,杉木,7.5,h1\n"
    trees.write_text("tag,species,dbh_cm,household\n" + rows, "utf-8")
    assert main(["estimate", str(trees), "--totals", "household", "--json"]) == 0
    printed = capsys.readouterr()
    assert [row["trees"] for row in json.loads(printed.out)] == [5, 1]
    assert i18n.t("command.estimate.copies", n=1, tree="T1") in printed.err
    trees.write_text("species,dbh_cm,household\n杉木,7.5,h1\n杉木,7.5,h1\n", "utf-8")  # two like trees
    assert main(["estimate", str(trees), "--totals", "household"]) == 0
    assert "T1" not in capsys.readouterr().err


def test_anybody_can_put_a_monte_carlo_beside_the_totals(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    trees = tmp_path / "trees.csv"
    rows = [f"A,马尾松,{5 + n % 7},{4 + n % 3}" for n in range(30)] + ["A,毛竹,6,", "B,杉木,6+7,", "B,杉木,周20,6"]
    trees.write_text("\n".join(["household,species,dbh_cm,height_m", *rows]), "utf-8")
    words = ["estimate", str(trees), "--totals", "household", "--monte-carlo", "600", "--json", "--seed"]
    printed = []
    for seed in ("7", "7", "8"):
        assert main([*words, seed]) == 1, "bamboo is refused"
        printed.append(capsys.readouterr().out)
    assert printed[0] == printed[1] != printed[2]
    for row in json.loads(printed[0]):
        assert row["monte_carlo_co2e_kg"] == pytest.approx(row["co2e_kg"], rel=0.05)
        half = row["co2e_high_kg"] - row["co2e_kg"]
        # the ranges of a fork's stems are added up, so the closed form is the wider one there
        assert row["monte_carlo_half_width_kg"] == pytest.approx(half, rel=0.12 if row["household"] == "A" else 0.35)
        assert (row["monte_carlo_draws"], row["monte_carlo_seed"]) == (600, 7)
    assert main(["estimate", str(trees), "--monte-carlo", "600"]) == 2
    assert main(["estimate", str(trees), "--totals", "household", "--monte-carlo", "1"]) == 2
