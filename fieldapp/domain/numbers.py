"""Numbers as people type them: full-width digits, a comma or a Chinese full stop as the point, Chinese numerals.

Nothing is guessed: text that can be read in two ways, or that carries another unit, comes back as a finding.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from fieldapp.domain.mu_parts import read_mu_parts
from fieldapp.domain.numerals import read_numeral
from fieldapp.errors import Finding, Severity

MAX_LENGTH = 40
# unit as written -> (field unit, factor to it)
_UNITS = {
    "cm": ("cm", 1.0),
    "厘米": ("cm", 1.0),
    "公分": ("cm", 1.0),
    "mm": ("cm", 0.1),
    "毫米": ("cm", 0.1),
    "m": ("m", 1.0),
    "米": ("m", 1.0),
    "公尺": ("m", 1.0),
    "亩": ("mu", 1.0),
    "mu": ("mu", 1.0),
    "公顷": ("mu", 15.0),
    "ha": ("mu", 15.0),
    "平方米": ("mu", 0.0015),
    "m2": ("mu", 0.0015),
    "m²": ("mu", 0.0015),
    "年": ("year", 1.0),
    "株": ("", 1.0),
    "棵": ("", 1.0),
}
_LENGTHS_CM = {"cm": 1.0, "m": 100.0}
_POINTS = str.maketrans({"。": ".", "｡": ".", "·": ".", "•": ".", "、": ",", "−": "-", "–": "-"})
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0xA0: 0x20}
_PLAIN = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)")
_UNIT_AT_END = re.compile("(" + "|".join(sorted(map(re.escape, _UNITS), key=len, reverse=True)) + r")\.?$", re.I)


@dataclass(frozen=True, slots=True)
class Number:
    """A number that was understood; `normalised_text` is how it is written plainly, `decimals` how it was typed."""

    value: float
    decimals: int
    normalised_text: str
    unit: str = ""


def plain_width(text: str) -> str:
    """Full-width letters, digits and signs as their ordinary twins; nothing else changes."""
    return text.translate(_FULL_WIDTH)


def parse_number(text: str, unit: str = "") -> Number | Finding:
    """Reads what was typed; `unit` is the field's unit (cm, m, mu), and a number in another one is never converted."""
    plain = plain_width(text).translate(_POINTS).strip()
    if not plain:
        return _unreadable()
    if unit == "mu" and (parts := read_mu_parts(plain, _plainly)) is not None:
        return replace(_number(parts), unit=unit)
    found = _UNIT_AT_END.search(plain)
    written = found.group(1).lower() if found else ""
    number = _read(plain[: found.start()].strip() if found else plain, text)
    if isinstance(number, Finding) or not written:
        return number
    return _in_unit(number, written, unit)


def _plainly(body: str) -> str | None:
    number = _read(body, body)
    return number.normalised_text if isinstance(number, Number) else None


def _in_unit(number: Number, written: str, wanted: str) -> Number | Finding:
    base, factor = _UNITS[written]
    if wanted and base and (base != wanted or factor != 1.0):
        if base in _LENGTHS_CM and wanted in _LENGTHS_CM:
            factor *= _LENGTHS_CM[base] / _LENGTHS_CM[wanted]
        elif base != wanted:
            return Finding("number_unit", Severity.RED, params={"unit": written, "wanted": wanted})
        likely = f"{number.value * factor:.10g}"
        params = {"unit": written, "wanted": wanted, "likely": likely}
        return Finding("number_unit_converted", Severity.RED, params=params, suggestion=likely)
    return Number(number.value, number.decimals, number.normalised_text, base)


def _read(body: str, original: str) -> Number | Finding:
    if len(body) > MAX_LENGTH:
        return _unreadable()
    if re.search(r"\d\s+\d", body):
        return _ambiguous(body, re.sub(r"\s+", "", body), re.sub(r"\s+", ".", body, count=1))
    body = re.sub(r"\s+", "", body)
    if re.search(r"[^\x00-\x7f]", body):
        numeral = read_numeral(body)
        if numeral is None:
            return _unreadable()
        if isinstance(numeral, tuple):
            return _ambiguous(original.strip(), *numeral)
        body = numeral
    return _western(body)


def _western(body: str) -> Number | Finding:
    """Digits with commas and points: a comma is a decimal point unless it can only group thousands."""
    commas = body.count(",")
    if commas == 1 and "." not in body:
        whole, fraction = body.lstrip("+-").split(",")
        if len(fraction) == 3 and 1 <= len(whole) <= 3 and not whole.startswith("0"):
            return _ambiguous(body, body.replace(",", ""), body.replace(",", "."))
        body = body.replace(",", ".")
    elif re.fullmatch(r"[+-]?\d{1,3}(,\d{3})+(\.\d*)?", body):
        body = body.replace(",", "")
    elif re.fullmatch(r"[+-]?\d{1,3}(\.\d{3})+,\d+", body) or re.fullmatch(r"[+-]?\d{1,3}(\.\d{3}){2,}", body):
        body = body.replace(".", "").replace(",", ".")
    if not _PLAIN.fullmatch(body) or not body.isascii():
        return _unreadable()
    return _number(body)


def _number(body: str) -> Number:
    sign = "-" if body.startswith("-") else ""
    whole, _, fraction = body.lstrip("+-").partition(".")
    whole = whole.lstrip("0") or "0"
    plain = sign + whole + ("." + fraction if fraction else "")
    return Number(float(plain), len(fraction), plain)


def _ambiguous(typed: str, first: str, second: str) -> Finding:
    return Finding("number_ambiguous", Severity.RED, params={"typed": typed, "first": first, "second": second})


def _unreadable() -> Finding:
    return Finding("number_unreadable", Severity.RED)
