"""How values are written for the eye: numbers, days, times, sizes, masks. Pure functions."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from typing import Any

from fieldapp import i18n
from fieldapp.domain.fields import FieldSpec, Kind, spec
from fieldapp.domain.masking import mask_account, mask_id, mask_name, mask_phone
from fieldapp.domain.numbers import plain_width
from fieldapp.domain.ops import Value
from fieldapp.domain.records import BY_NAME
from fieldapp.errors import Finding

NOTES = frozenset({"phone_shared"})  # grey, and yet nothing is missing: worth knowing, no more
_NAMES = frozenset({"head_name", "name", "account_holder", "holder", "witness", "measured_by"})
_DAY = re.compile(r"(\d{4})\s*[-./年 ]\s*(\d{1,2})\s*[-./月 ]\s*(\d{1,2})\s*日?|(\d{4})(\d{2})(\d{2})")


def declared(record: str, name: str) -> FieldSpec:
    """The declaration of a field by the names of record and field."""
    known: Any = BY_NAME[record]
    return spec(known, name)


def number(value: float | None, decimals: int = 1) -> str:
    """A number with a fixed count of decimals; a dash when there is none."""
    return "—" if value is None else f"{value:,.{decimals}f}"


def value_text(spec: FieldSpec, value: Value) -> str:
    """A stored value as it stands in its field: never rounded away from what was typed.

    A diameter may be a girth or several stems.
    """
    if value is None:
        return ""
    if isinstance(value, str) and (spec.kind is Kind.REAL or spec.name == "stems"):
        return stems_text(value)
    if spec.kind is Kind.REAL:
        text = repr(float(value))
        return text.removesuffix(".0") if spec.decimals is None else _at_least(text, spec.decimals)
    return str(value)


def stems_text(kept: str) -> str:
    """Girths and stems as people write them in the language in force; typed again it means the same."""
    return kept.replace("C", i18n.t("ui.girth_sign"))


def _at_least(text: str, decimals: int) -> str:
    whole, _, part = text.partition(".")
    if "e" in text:
        return text
    return f"{whole}.{part.ljust(decimals, '0')}" if decimals else text


def day(text: str) -> str | None:
    """A calendar day as ISO text out of 2024-5-1, 2024年5月1日 or 20240501; None when it is no real day."""
    match = _DAY.fullmatch(plain_width(text).strip())
    if match is None:
        return None
    year, month, number_ = (int(part) for part in match.groups() if part)
    try:
        return dt.date(year, month, number_).isoformat()
    except ValueError:
        return None


def mask(spec: FieldSpec, text: str) -> str:
    """A personal value so far covered that it can still be told apart from its neighbours; what is no name wholly."""
    cover = {"id_number": mask_id, "bank_account": mask_account, "phone": mask_phone}
    return cover.get(spec.name, mask_name if spec.name in _NAMES else _all_covered)(text)


def _all_covered(text: str) -> str:
    return "**" if text else ""


def told_apart(spec: FieldSpec, texts: Sequence[str]) -> list[str]:
    """Several personal values covered, but never so far that two different ones look the same.

    Where the usual mask does not tell them apart it shows six characters of the tail, then those that differ.
    """
    different = len(set(texts))
    covered = [mask(spec, text) for text in texts]
    if len(set(covered)) == different:
        return covered
    length = max(map(len, texts))
    padded = [text.ljust(length) for text in texts]
    differing = {place for place in range(length) if len({text[place] for text in padded}) > 1}
    for shown in (set(range(length - 6, length)), differing):
        open_ = [_only(text, shown) for text in texts]
        if len(set(open_)) == different:
            return open_
    return [f"{cover} ({number_})" for number_, cover in enumerate(covered, start=1)]


def _only(text: str, shown: set[int]) -> str:
    return "".join(letter if place in shown else "*" for place, letter in enumerate(text))


def finding_words(finding: Finding) -> str:
    """A finding as a sentence; a code that this version has no words for is shown as it is, never hidden."""
    return i18n.finding_text(finding) if i18n.has(finding.key) else finding.code


def brief_words(finding: Finding) -> str:
    """A finding in a few words where there is little room, with the likely right value."""
    short = f"{finding.key}.short"
    return i18n.t(short, **finding.params) if i18n.has(short) else finding_words(finding)


def marked_words(finding: Finding, *, brief: bool = False) -> str:
    """A finding as a sentence after the word for its weight; `brief` for a line that has little room."""
    words = brief_words(finding) if brief else finding_words(finding)
    if finding.code in NOTES:
        return words
    return i18n.t("ui.marked", severity=i18n.t(f"severity.{finding.severity}"), words=words)


def today() -> str:
    """The day by the clock of this laptop."""
    return dt.date.today().isoformat()


def clock(ms: int | None) -> str:
    """A moment as the wall clock of this laptop shows it: the time today, or day and time; "" for None."""
    if ms is None:
        return ""
    moment = dt.datetime.fromtimestamp(ms / 1000)
    if moment.date() == dt.date.today():
        return f"{moment:%H:%M:%S}"
    if moment.date() == dt.date.today() - dt.timedelta(days=1):
        return i18n.t("ui.yesterday", time=f"{moment:%H:%M}")
    return f"{moment:%Y-%m-%d %H:%M}"


def megabytes(size_bytes: int) -> str:
    """A size in MB, GB from one up, KB below one MB: what is there is never shown as nothing."""
    if size_bytes < 999_500:
        return f"{(size_bytes + 999) // 1_000} KB"
    return f"{size_bytes / 1e9:.1f} GB" if size_bytes >= 1e9 else f"{size_bytes / 1e6:.0f} MB"


def degrees(lat: float, lon: float) -> str:
    """A place in decimal degrees with its hemisphere, six decimals (0.1 m)."""
    return f"{abs(lat):.6f}°{'N' if lat >= 0 else 'S'}  {abs(lon):.6f}°{'E' if lon >= 0 else 'W'}"
