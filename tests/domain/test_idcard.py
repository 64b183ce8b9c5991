"""Checksum and a real, past date are hard; the area is only worth a look. Sequence 000: no real person is meant."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldapp.domain import places
from fieldapp.domain.idcard import check_character, check_id, normalise

TODAY = dt.date(2026, 6, 1)


def _number(area: str, birth: dt.date, sequence: str = "000") -> str:
    first17 = f"{area}{birth:%Y%m%d}{sequence}"
    return first17 + check_character(first17)


def test_vectors(shared_data: Path) -> None:
    with (shared_data / "idcard" / "idcard_vectors.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            assert str(check_id(row["number"]).valid) == row["hard_rule_verdict"], row["note"]


def test_what_a_number_says() -> None:
    check = check_id("522127195001010000", today=TODAY, county_name=places.load().county)
    assert check.valid
    assert (check.birth_date, check.sex, check.county) == (dt.date(1950, 1, 1), "female", None)
    assert [f.code for f in check.findings] == ["id_area_unknown"]
    assert check_id("520102190001010009", county_name=places.load().county).county == "南明区"


def test_another_province_is_no_finding() -> None:
    number = _number("430102", dt.date(1980, 5, 17))
    assert check_id(number, today=TODAY, county_name=places.load().county).findings == ()
    nowhere = _number("990102", dt.date(1980, 5, 17))
    assert [f.code for f in check_id(nowhere, today=TODAY).findings] == ["id_area_unknown"]


@given(st.dates(dt.date(1910, 1, 1), TODAY - dt.timedelta(days=1)), st.integers(0, 9), st.integers(0, 17))
def test_one_wrong_digit_is_always_noticed(birth: dt.date, digit: int, place: int) -> None:
    number = _number("520102", birth)
    assert check_id(number, today=TODAY).valid
    assert check_id(number.lower(), today=TODAY).valid
    wrong = number[:place] + str(digit) + number[place + 1 :]
    assert check_id(wrong, today=TODAY).valid == (wrong == number)


@given(st.text(max_size=25))
def test_no_text_breaks_it(text: str) -> None:
    check_id(text, today=TODAY)


@pytest.mark.parametrize("days", [0, 1])
def test_a_birthday_lies_in_the_past(days: int) -> None:
    number = _number("520102", TODAY + dt.timedelta(days=days))
    assert [f.code for f in check_id(number, today=TODAY).findings] == ["id_future"]
    assert not check_id(number, today=TODAY).valid


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "id_missing"),
        ("52010219000101000", "id_length"),
        ("52010219000101000A", "id_characters"),
        ("५२०१०२१९००01010009", "id_characters"),
        ("520102190013010008", "id_checksum"),
    ],
)
def test_forms(typed: str, code: str) -> None:
    check = check_id(typed, today=TODAY)
    assert not check.valid
    assert check.findings[0].code == code


def test_typed_forms_get_the_plain_one_suggested() -> None:
    full_width = "５２０１０２１９０００１０１０００９"
    assert check_id(full_width).findings[0].suggestion == "520102190001010009"
    assert normalise(" 520102 19000101 0009　") == "520102190001010009"
    old = check_id("520102500101000").findings[0]
    assert (old.code, check_id(old.suggestion).valid) == ("id_fifteen", True)
