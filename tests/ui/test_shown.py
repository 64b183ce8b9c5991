"""Values as they are written for the eye."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldapp.ui.shown import day, declared, degrees, mask, megabytes, value_text


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("2024-05-01", "2024-05-01"), ("2024-5-1", "2024-05-01"), ("2024年5月1日", "2024-05-01"),
     ("２０２４．５．１", "2024-05-01"), ("20240501", "2024-05-01"),
     ("2024-02-30", None), ("1.5.2024", None), ("", None)],
)  # fmt: skip
def test_days_as_people_write_them(typed: str, meant: str | None) -> None:
    assert day(typed) == meant


@given(st.floats(min_value=0.1, max_value=400, allow_nan=False))
def test_a_measured_number_is_never_rounded_away(value: float) -> None:
    assert float(value_text(declared("measurement", "dbh_cm"), value)) == value


def test_a_measured_number_keeps_the_decimal_of_its_tape() -> None:
    assert value_text(declared("measurement", "dbh_cm"), 6.0) == "6.0"
    assert value_text(declared("measurement", "dbh_cm"), 6.25) == "6.25"


def test_personal_values_are_covered() -> None:
    assert mask(declared("household", "head_name"), "杨正光") == "杨**"
    assert "2261990010" not in mask(declared("household", "id_number"), "522626199001010000")
    assert mask(declared("household", "bank_account"), "6217000000000004210").endswith("4210")
    assert mask(declared("household", "phone"), "") == ""
    assert mask(declared("household", "ethnic_group"), "侗族") == "**", "no name: its first letter would give it away"


def test_sizes_and_places() -> None:
    assert [megabytes(size) for size in (0, 1, 350_000, 999_499)] == ["0 KB", "1 KB", "350 KB", "1000 KB"]
    assert megabytes(999_500) == "1 MB"
    assert megabytes(41_000_000) == "41 MB"
    assert megabytes(1_350_000_000) == "1.4 GB"
    assert degrees(26.0123, 108.5234) == "26.012300°N  108.523400°E"
