"""Bank card and account numbers: Luhn is a warning only, passbooks do not follow it."""

from __future__ import annotations

import re

from fieldapp.domain.numbers import plain_width
from fieldapp.errors import Finding, Severity

_FIELD = "bank_account"


def normalise(typed: str) -> str:
    """The number as it should be kept: ordinary digits without spaces or hyphens."""
    return re.sub(r"[\s\-]", "", plain_width(typed))


def luhn_ok(digits: str) -> bool:
    """Whether the last digit is the one that ISO/IEC 7812-1 gives to the others."""
    total = 0
    for position, character in enumerate(reversed(digits)):
        digit = int(character) << (position % 2)
        total += digit - 9 if digit > 9 else digit
    return total % 10 == 0


def check_account(number: str) -> tuple[Finding, ...]:
    """What is worth a look in an account number; nothing about it is ever refused but characters that are no digits."""
    digits = normalise(number)
    if not digits:
        return (Finding("account_missing", Severity.GREY, _FIELD),)
    if not re.fullmatch("[0-9]+", digits):
        return (Finding("account_characters", Severity.RED, _FIELD),)
    if not 8 <= len(digits) <= 30:
        return (Finding("account_length", Severity.AMBER, _FIELD, {"length": len(digits)}),)
    if digits != number:
        return (Finding("account_form", Severity.AMBER, _FIELD, suggestion=digits),)
    return () if luhn_ok(digits) else (Finding("account_luhn", Severity.AMBER, _FIELD),)
