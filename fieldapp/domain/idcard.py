"""The citizen's identity number (GB 11643): what is hard (checksum, date) and what is only worth a look (area).

The hard rules judge the number exactly as it was given; `normalise` is for what was typed into a form.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from fieldapp.domain.numbers import plain_width
from fieldapp.errors import Finding, Severity

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_CHARACTERS = "10X98765432"  # ISO 7064 MOD 11-2
_EIGHTEEN = re.compile(r"[0-9]{17}[0-9Xx]")
_FIFTEEN = re.compile(r"[0-9]{15}")
_OLDEST_YEARS = 120
# first two digits of GB/T 2260, with the codes of residence permits for Hong Kong, Macao and Taiwan residents
_PROVINCE_CODES = (
    "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82 83 91"
)
_PROVINCES = frozenset(_PROVINCE_CODES.split())
_LISTED_PROVINCE = "52"  # the only province whose counties are shipped

CountyName = Callable[[str], str | None]
Sex = Literal["male", "female"]


@dataclass(frozen=True, slots=True)
class IdCheck:
    """What an identity number says; `valid` means checksum and a real, past date of birth, nothing more."""

    valid: bool
    birth_date: dt.date | None
    sex: Sex | None
    county: str | None
    findings: tuple[Finding, ...]


def normalise(typed: str) -> str:
    """The number as it should be kept: ordinary digits, capital X, no spaces or hyphens."""
    return re.sub(r"[\s\-‐–—]", "", plain_width(typed)).upper()


def check_character(first17: str) -> str:
    """The last character that belongs to the first seventeen digits."""
    total = sum(int(digit) * weight for digit, weight in zip(first17, _WEIGHTS, strict=True))
    return _CHECK_CHARACTERS[total % 11]


def check_id(number: str, *, today: dt.date | None = None, county_name: CountyName | None = None) -> IdCheck:
    """Judges a number as given; `county_name` gives the name of a six-digit county code, None if it knows none."""
    if not _EIGHTEEN.fullmatch(number):
        return IdCheck(False, None, None, None, (_form_finding(number),))
    findings: list[Finding] = []
    if check_character(number[:17]) != number[17].upper():
        findings.append(_red("id_checksum"))
    birth_date = _birth_date(number[6:14])
    findings += _date_findings(birth_date, today or dt.date.today())
    valid = not findings or all(f.severity is not Severity.RED for f in findings)
    county = county_name(number[:6]) if county_name else None
    findings += _area_findings(number, county, known=county_name is not None)
    sex: Sex = "male" if int(number[16]) % 2 else "female"
    return IdCheck(valid, birth_date, sex, county, tuple(findings))


def from_fifteen(number: str) -> str:
    """The eighteen characters of a fifteen-digit number of before 1999: born in the 1900s, as all but a few were."""
    first17 = number[:6] + "19" + number[6:]
    return first17 + check_character(first17)


def _form_finding(number: str) -> Finding:
    plain = normalise(number)
    if _FIFTEEN.fullmatch(plain):
        return Finding("id_fifteen", Severity.RED, "id_number", suggestion=from_fifteen(plain))
    if _EIGHTEEN.fullmatch(plain):
        return Finding("id_form", Severity.RED, "id_number", suggestion=plain)
    if not plain:
        return Finding("id_missing", Severity.GREY, "id_number")
    if re.search(r"[^0-9X]|X.", plain):
        return _red("id_characters")
    return _red("id_length", length=len(plain))


def _birth_date(text: str) -> dt.date | None:
    try:
        return dt.date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return None


def _date_findings(birth_date: dt.date | None, today: dt.date) -> list[Finding]:
    if birth_date is None:
        return [_red("id_date")]
    if birth_date >= today:  # nobody has a number on the day of birth
        return [_red("id_future")]
    if today.year - birth_date.year > _OLDEST_YEARS:
        return [Finding("id_old", Severity.AMBER, "id_number", {"year": birth_date.year})]
    return []


def _area_findings(number: str, county: str | None, *, known: bool) -> list[Finding]:
    """Older people carry codes of counties that no longer exist: an unknown area is worth a look, never wrong."""
    listed = known and number.startswith(_LISTED_PROVINCE)
    if number[:2] not in _PROVINCES or (listed and county is None):
        return [Finding("id_area_unknown", Severity.AMBER, "id_number", {"area": number[:6]})]
    return []


def _red(code: str, **params: int) -> Finding:
    return Finding(code, Severity.RED, "id_number", dict(params))
