"""Numbers are read as people type them, and never guessed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldapp.domain.numbers import Number, parse_number
from fieldapp.errors import Finding


@pytest.mark.parametrize(
    ("typed", "value", "decimals"),
    [
        ("12.5", 12.5, 1),
        ("12", 12, 0),
        (" 12.50 ", 12.5, 2),
        ("１２．５", 12.5, 1),
        ("１２。５", 12.5, 1),
        ("12,5", 12.5, 1),
        ("12，5", 12.5, 1),
        ("12。5", 12.5, 1),
        ("12 . 5", 12.5, 1),
        ("12·5", 12.5, 1),
        ("十二点五", 12.5, 1),
        ("十", 10, 0),
        ("二十五", 25, 0),
        ("一百零五", 105, 0),
        ("一百二十", 120, 0),
        ("一千零二十三", 1023, 0),
        ("两万三千", 23000, 0),
        ("两亩", 2, 0),
        ("一点五亩", 1.5, 1),
        ("二〇一八", 2018, 0),
        ("12点5", 12.5, 1),
        ("两个半", 2.5, 1),
        ("半", 0.5, 1),
        ("12.5cm", 12.5, 1),
        ("12.5 CM", 12.5, 1),
        ("12.5厘米", 12.5, 1),
        ("6.8 ｃｍ", 6.8, 1),
        ("1,234,567", 1234567, 0),
        ("1,234.5", 1234.5, 1),
        ("1.234,5", 1234.5, 1),
        ("1.234", 1.234, 3),
        ("0,125", 0.125, 3),
        ("-3", -3, 0),
        ("－3", -3, 0),
        (".5", 0.5, 1),
        ("12.", 12, 0),
        ("007", 7, 0),
    ],
)
def test_understood(typed: str, value: float, decimals: int) -> None:
    number = parse_number(typed)
    assert isinstance(number, Number)
    assert (number.value, number.decimals) == (value, decimals)
    assert float(number.normalised_text) == value


@pytest.mark.parametrize("typed", ["1,234", "12，345", "12 5", "一百二", "两千三"])
def test_two_readings_are_a_question(typed: str) -> None:
    finding = parse_number(typed)
    assert isinstance(finding, Finding)
    assert finding.code == "number_ambiguous"
    assert finding.params["first"] != finding.params["second"]


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "  ",
        "abc",
        "1e5",
        "nan",
        "inf",
        "12..5",
        "1.2.3",
        "12²",
        "१२",
        "①",
        "0x10",
        "--5",
        "十百",
        "点五五点",
        "9" * 50,
    ],
)
def test_no_number(typed: str) -> None:
    finding = parse_number(typed)
    assert isinstance(finding, Finding)
    assert finding.code == "number_unreadable"


def test_another_unit_is_shown_never_converted() -> None:
    finding = parse_number("125mm", unit="cm")
    assert isinstance(finding, Finding)
    assert (finding.code, finding.suggestion) == ("number_unit_converted", "12.5")
    metres = parse_number("650厘米", unit="m")
    assert isinstance(metres, Finding)
    assert metres.suggestion == "6.5"
    wrong = parse_number("3亩", unit="cm")
    assert isinstance(wrong, Finding)
    assert wrong.code == "number_unit"


@given(st.decimals(min_value=-9999, max_value=9999, places=2))
def test_what_is_printed_is_read_back(value: object) -> None:
    number = parse_number(f"{value}")
    assert isinstance(number, Number)
    assert number.value == float(str(value))


@given(st.text(max_size=60))
def test_no_text_breaks_it(text: str) -> None:
    assert isinstance(parse_number(text), Number | Finding)


@pytest.mark.parametrize(
    ("typed", "mu"),
    [
        ("一亩六分", "1.6"),
        ("1亩6分", "1.6"),
        ("１ 亩 ６ 分", "1.6"),
        ("十二亩零五厘", "12.05"),
        ("1亩6分5厘", "1.65"),
        ("两亩半", "2.5"),
        ("一亩六分半", "1.65"),
        ("一亩三", "1.3"),
        ("1亩6分5", "1.65"),
        ("六分地", "0.6"),
        ("2.5分", "0.25"),
        ("二十亩", "20"),
        ("半亩", "0.5"),
        ("十二点五", "12.5"),
    ],
)
def test_areas_are_read_as_farmers_say_them(typed: str, mu: str) -> None:
    number = parse_number(typed, "mu")
    assert isinstance(number, Number)
    assert number.normalised_text == mu
    assert number.value == float(mu)


@pytest.mark.parametrize("typed", ["1.5亩6分", "1亩12分", "亩六分", "6分1亩", "1亩-6分", "分", "1亩x分", "1亩2亩"])
def test_areas_that_nobody_says_so_are_not_read(typed: str) -> None:
    assert isinstance(parse_number(typed, "mu"), Finding)


def test_parts_of_a_mu_are_no_lengths() -> None:
    assert isinstance(parse_number("1亩6分", "cm"), Finding)
    assert isinstance(parse_number("6分", "cm"), Finding)
