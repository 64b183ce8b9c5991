"""Luhn only warns."""

from __future__ import annotations

import pytest

from fieldapp.domain.bankcard import check_account, luhn_ok
from fieldapp.errors import Severity


@pytest.mark.parametrize(
    ("typed", "codes"),
    [
        ("4111111111111111", []),
        ("4111111111111112", ["account_luhn"]),
        ("4111 1111 1111 1111", ["account_form"]),
        ("４１１１１１１１１１１１１１１１", ["account_form"]),
        ("", ["account_missing"]),
        ("6217A", ["account_characters"]),
        ("12345", ["account_length"]),
    ],
)
def test_findings(typed: str, codes: list[str]) -> None:
    assert [f.code for f in check_account(typed)] == codes


def test_luhn_never_forbids() -> None:
    assert luhn_ok("79927398713")
    assert check_account("6210951234567890")[0].severity is Severity.AMBER
