"""Places: names by code, the search and the browse, against the shipped list and the reference list."""

from __future__ import annotations

import csv
import gzip
from collections import Counter
from pathlib import Path

import pytest

from fieldapp.domain.places import CODE_LENGTHS, Places, VillageName, load, short_name


def test_every_reference_village_has_its_names(shared_data: Path) -> None:
    with gzip.open(shared_data / "admin" / "guizhou_villages.csv.gz", "rt", encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        found = load().village(row["code"])
        assert found is not None
        assert found.village == row["name"].strip()


def test_names_of_a_village_from_province_to_village() -> None:
    assert load().village("522633100207") == VillageName(
        "贵州省", "黔东南苗族侗族自治州", "从江县", "丙妹镇", "岜沙村村民委员会"
    )


@pytest.mark.parametrize("code", ["", "5226", "522633100299", "110101001001", "999999999999", "52263310020x"])
def test_unknown_codes_are_unknown(code: str) -> None:
    assert load().village(code) is None


def test_county_by_its_six_digits_and_none_for_an_abolished_one() -> None:
    assert load().county("522633") == "从江县"
    assert load().county("522633199001010000") == "从江县"
    assert load().county("522101") is None
    assert load().county("5226") is None


def test_search_by_name_by_initials_and_by_code() -> None:
    by_name, by_initials, by_code = (load().search(text) for text in ("岜沙", "BSC", "522633100207"))
    assert by_name[0].code == by_code[0].code == "522633100207"
    assert "522633100207" in [hit.code for hit in load().search("bsc", within="522633")]
    assert by_initials
    assert load().search("  ") == []
    assert load().search("没有这个地方") == []


@pytest.mark.parametrize(
    "text", ["榕江 dlc", "rj dlc", "栽麻 大利", "栽麻大利", "榕江县栽麻镇大利村", "榕江栽麻大利", "522632 大利"]
)
def test_a_county_or_township_may_stand_before_the_village(text: str) -> None:
    assert "522632106203" in [hit.code for hit in load().search(text)][:3]
    assert all(hit.code.startswith("522632") for hit in load().search(text))


def test_what_lies_near_comes_first() -> None:
    assert load().search("dlc")[0].code != "522632106203"
    assert load().search("dlc", near="522632")[0].code.startswith("522632")
    assert load().search("从江 没有") == []


def test_search_above_the_villages_when_asked() -> None:
    assert all(hit.code.startswith("522633") for hit in load().search("从江县"))
    assert len(load().search("从江县", limit=999)) == len(load().villages("522633"))
    assert [hit.code for hit in load().search("从江县", villages_only=False)] == ["522633"]


def test_browsing_down_reaches_every_village_once() -> None:
    places = load()
    level, counts = [hit.code for hit in places.children()], Counter[int]()
    while level:
        counts.update(len(code) for code in level)
        level = [hit.code for code in level for hit in places.children(code)]
    assert [counts[length] for length in CODE_LENGTHS] == [1, 9, 88, 1510, 17964]
    assert len(places.villages("52")) == 17964


def test_short_names() -> None:
    assert short_name("岜沙村村民委员会") == "岜沙村"
    assert short_name("大寨村民委员会") == "大寨村"
    assert short_name("城北社区居民委员会") == "城北社区"
    assert short_name("新街居民委员会") == "新街居委会"
    assert short_name("纪念塔社区") == "纪念塔社区"


def test_nothing_is_read_before_the_first_question(tmp_path: Path) -> None:
    Places(tmp_path / "absent.tsv.gz")
