"""One NMEA 0183 sentence: a right checksum is not a right sentence, so every field that is used is looked at.

GGA, GNS, RMC, GLL, GSA, GST and ZDA are read, of the talkers that receivers of this decade use; others are left alone.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from functools import reduce
from operator import xor

TALKERS = frozenset({"GP", "GN", "BD", "GB", "GL", "GA", "GQ", "QZ", "GI"})
LONGEST_BYTES = 512  # the standard says 82, receivers exceed it; more than this is no sentence
_TIME = re.compile(r"(\d\d)(\d\d)(\d\d)(?:\.(\d*))?")
_LATITUDE = re.compile(r"(\d\d)(\d\d(?:\.\d*)?)")
_LONGITUDE = re.compile(r"(\d\d\d)(\d\d(?:\.\d*)?)")
_DATE = re.compile(r"(\d\d)(\d\d)(\d\d)")
_DATE_PART = re.compile(r"\d{1,4}")
_NUMBER = re.compile(r"[+-]?(\d{1,9}(\.\d*)?|\.\d+)")
_COUNT = re.compile(r"\d{1,2}")
_UNPRINTABLE = re.compile(rb"[^ -~]")
_FRAME = re.compile(rb"([^*]*)\*([0-9A-Fa-f]{2})(?![0-9A-Za-z,*])")  # a binary message may follow without a line end
# what RMC and GLL say of their own mode -> quality as in GGA
_MODE_QUALITY = {"A": 1, "D": 2, "P": 3, "R": 4, "F": 5, "E": 6, "M": 7, "S": 8, "N": 0}


class Rejected(ValueError):
    """A sentence that must not be used; the argument is the reason, as counted in the log's `rejected`."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """What one sentence says; None where it says nothing. `quality` is GGA's: 0 none, 1 GNSS, 2 differential, ..."""

    kind: str
    time_ms: int | None = None  # of the day, UTC
    date: dt.date | None = None
    lat: float | None = None
    lon: float | None = None
    quality: int | None = None
    satellites: int | None = None
    hdop: float | None = None
    alt_m: float | None = None
    sigma_m: float | None = None


def is_framed(raw: bytes) -> bool:
    """Whether what follows a dollar sign is whole up to its checksum."""
    return _FRAME.match(raw) is not None


def read_sentence(raw: bytes) -> Sentence | None:
    """Reads what follows the dollar sign, `...*hh`; None for another kind. Raises Rejected with the reason."""
    framed = _FRAME.match(raw)
    body = framed[1] if framed else raw
    if _UNPRINTABLE.search(body):
        raise Rejected("non_ascii")
    if framed is None:
        raise Rejected("no_checksum" if b"*" not in raw else "malformed")
    if len(body) > LONGEST_BYTES:
        raise Rejected("too_long")
    digits = framed[2]
    if reduce(xor, body, 0) != int(digits, 16):
        raise Rejected("checksum")
    fields = body.decode("ascii").split(",")
    head = fields[0]
    reader = _READERS.get(head[2:])
    return reader(fields) if reader and head[:2] in TALKERS else None


def _gga(f: list[str]) -> Sentence:
    _at_least(f, 12)
    if f[6] and not re.fullmatch(r"\d", f[6]):
        raise Rejected("malformed")
    quality = int(f[6] or "0")
    time_ms = _time(f[1])
    if quality == 0:
        return Sentence("GGA", time_ms, quality=0)
    lat, lon = _position(f[2:6])
    alt_m = _number(f[9])
    if f[10] not in ("M", "m", ""):
        raise Rejected("malformed")
    return Sentence("GGA", time_ms, None, lat, lon, quality, _count(f[7]), _dop(f[8]), alt_m)


def _gns(f: list[str]) -> Sentence:
    """GGA's twin of receivers for several constellations: a letter each for how it took part, the best one counts."""
    _at_least(f, 11)
    modes = {letter: _MODE_QUALITY.get(letter) for letter in f[6]}
    if None in modes.values():
        raise Rejected("malformed")
    quality = next((_MODE_QUALITY[letter] for letter in "RFPDAEMS" if letter in modes), 0)
    time_ms = _time(f[1])
    if quality == 0:
        return Sentence("GNS", time_ms, quality=0)
    lat, lon = _position(f[2:6])
    return Sentence("GNS", time_ms, None, lat, lon, quality, _count(f[7]), _dop(f[8]), _number(f[9]))


def _rmc(f: list[str]) -> Sentence:
    _at_least(f, 10)
    mode = f[12].strip() if len(f) > 12 else ""
    quality = _status_quality(f[2], mode)
    time_ms = _time(f[1])
    if quality == 0:
        return Sentence("RMC", time_ms, quality=0)
    lat, lon = _position(f[3:7])
    return Sentence("RMC", time_ms, _date(f[9]), lat, lon, quality)


def _gll(f: list[str]) -> Sentence:
    _at_least(f, 5)
    time_ms = _time(f[5]) if len(f) > 5 else None
    quality = _status_quality(f[6] if len(f) > 6 else "A", f[7].strip() if len(f) > 7 else "")
    if quality == 0 or not f[1]:
        return Sentence("GLL", time_ms, quality=0)
    lat, lon = _position(f[1:5])
    return Sentence("GLL", time_ms, None, lat, lon, quality)


def _gsa(f: list[str]) -> Sentence:
    _at_least(f, 18)
    return Sentence("GSA", hdop=_dop(f[16]))


def _gst(f: list[str]) -> Sentence:
    _at_least(f, 9)
    north_m, east_m = _number(f[6]), _number(f[7])
    sigma_m = (north_m**2 + east_m**2) ** 0.5 if north_m is not None and east_m is not None else None
    return Sentence("GST", _time(f[1]), sigma_m=sigma_m)


def _zda(f: list[str]) -> Sentence:
    _at_least(f, 5)
    told = all(_DATE_PART.fullmatch(text) for text in f[2:5])  # empty while the clock is not set
    return Sentence("ZDA", _time(f[1]), _day(int(f[4]), int(f[3]), int(f[2])) if told else None)


_READERS = {"GGA": _gga, "GNS": _gns, "RMC": _rmc, "GLL": _gll, "GSA": _gsa, "GST": _gst, "ZDA": _zda}


def _at_least(fields: list[str], count: int) -> None:
    if len(fields) < count:
        raise Rejected("malformed")


def _status_quality(status: str, mode: str) -> int:
    """Quality of a status letter (A valid, V not) with a mode letter that older receivers do not send."""
    if status not in ("A", "V", "D", "N", ""):
        raise Rejected("malformed")
    if status in ("V", "N", ""):
        return 0
    if mode and mode not in _MODE_QUALITY:
        raise Rejected("malformed")
    return _MODE_QUALITY[mode] if mode else (2 if status == "D" else 1)


def _position(f: list[str]) -> tuple[float, float]:
    lat = _degrees(_LATITUDE, f[0], 90) * _hemisphere(f[1], "NS")
    lon = _degrees(_LONGITUDE, f[2], 180) * _hemisphere(f[3], "EW")
    if lat == 0 and lon == 0:
        raise Rejected("zero_position")
    return lat, lon


def _degrees(form: re.Pattern[str], text: str, largest: int) -> float:
    found = form.fullmatch(text)
    if found is None:
        raise Rejected("malformed")
    minutes = float(found[2])
    degrees = int(found[1]) + minutes / 60
    if minutes >= 60 or degrees > largest:
        raise Rejected("range")
    return degrees


def _hemisphere(letter: str, letters: str) -> int:
    if letter not in letters or len(letter) != 1:
        raise Rejected("hemisphere")
    return 1 if letter == letters[0] else -1


def _time(text: str) -> int | None:
    if not text:
        return None
    found = _TIME.fullmatch(text)
    if found is None:
        raise Rejected("malformed")
    hours, minutes, seconds = int(found[1]), int(found[2]), int(found[3])
    leap = (hours, minutes, seconds) == (23, 59, 60)  # the one minute of a day that may have 61 seconds, in UTC
    if hours > 23 or minutes > 59 or (seconds > 59 and not leap):
        raise Rejected("range")
    milliseconds = int(((found[4] or "") + "000")[:3])
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + milliseconds


def _date(text: str) -> dt.date | None:
    """The day of RMC. A clock that is not set says nothing or day 0: unknown, the position stands."""
    found = _DATE.fullmatch(text)
    if found is None:
        return None
    year = int(found[3])
    return _day(year + (1900 if year >= 80 else 2000), int(found[2]), int(found[1]))


def _day(year: int, month: int, day: int) -> dt.date | None:
    """A day of the calendar, None for one with a zero in it; another that does not exist (31 February) is refused."""
    if not (year and month and day):
        return None
    try:
        return dt.date(year, month, day)
    except ValueError as error:
        raise Rejected("range") from error


def _number(text: str) -> float | None:
    if not text:
        return None
    if not _NUMBER.fullmatch(text):
        raise Rejected("malformed")
    return float(text)


def _dop(text: str) -> float | None:
    """A dilution of precision; zero and 99 and more are how receivers say that they know none."""
    value = _number(text)
    return value if value is not None and 0 < value < 99 else None


def _count(text: str) -> int | None:
    if not text:
        return None
    if not _COUNT.fullmatch(text):
        raise Rejected("malformed")
    return int(text)
