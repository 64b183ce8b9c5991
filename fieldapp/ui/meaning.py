"""What typed text means for a declared field. Pure: a text in, a value or a finding out.

A diameter may be typed as a girth or as several stems: its meaning is then the text of `domain/stems.py`.
"""

from __future__ import annotations

import re
from dataclasses import replace

from fieldapp.domain import bankcard, idcard
from fieldapp.domain.checks import plain_phone
from fieldapp.domain.fields import FieldSpec, Kind
from fieldapp.domain.numbers import parse_number, plain_width
from fieldapp.domain.ops import Value
from fieldapp.domain.stems import read_stems, says_stems
from fieldapp.errors import Finding, Severity
from fieldapp.ui.shown import day

DBH = "dbh_cm"
_MOBILE = re.compile("1[3-9][0-9]{9}")
_NUMBERS = {
    "id_number": idcard.normalise,
    "bank_account": bankcard.normalise,
    "phone": lambda text: mobile if _MOBILE.fullmatch(mobile := plain_phone(text)) else plain_width(text),
    "tag": plain_width,
}


def understand(spec: FieldSpec, text: str) -> Value | Finding:
    """What typed text means for a field: its value, None when empty, or the finding that says why not."""
    text = text.strip()
    if not text:
        return None
    if spec.name == DBH and says_stems(text):
        stems = read_stems(text)
        return replace(stems, field=spec.name) if isinstance(stems, Finding) else stems.text
    if spec.kind in (Kind.INTEGER, Kind.REAL):
        number = parse_number(text, spec.unit)
        if isinstance(number, Finding):
            return replace(number, field=spec.name)
        return int(number.value) if spec.kind is Kind.INTEGER and number.value.is_integer() else number.value
    if spec.kind is Kind.DATE:
        return day(text) or Finding("date_unreadable", Severity.RED, spec.name, {"text": text})
    return _plain(spec.name, text)


def _plain(name: str, text: str) -> str:
    """Numbers of people, cards and plates in ordinary digits, as a Chinese keyboard often does not give them.

    What is no number at all stays as it was typed, for a finding to quote.
    """
    plain = _NUMBERS[name](text) if name in _NUMBERS else text
    return plain if plain.replace("-", "").isalnum() and plain.isascii() else text
