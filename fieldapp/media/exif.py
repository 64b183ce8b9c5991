"""Reads time, place and orientation out of EXIF, and refuses what cannot be true instead of mending it."""

from __future__ import annotations

import math
import re
import struct
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from PIL import Image

from fieldapp.errors import Finding, Severity

# What Pillow lets through when EXIF is damaged: it reads tags lazily, each with its own way to fail.
DAMAGE = (
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    AttributeError,
    OSError,
    EOFError,
    SyntaxError,
    OverflowError,
    ZeroDivisionError,
    struct.error,
)
_ORIENTATION, _EXIF_IFD, _GPS_IFD = 0x0112, 0x8769, 0x8825
_TIME_ORIGINAL, _OFFSET_ORIGINAL = 0x9003, 0x9011
_LAT_REF, _LAT, _LON_REF, _LON, _ALT_REF, _ALT, _ERROR_M = 1, 2, 3, 4, 5, 6, 31
_LOWEST_M, _HIGHEST_M = -500.0, 9_000.0  # the Dead Sea's shore and Everest, with room
_WORST_ACCURACY_M = 100_000.0  # cell-tower fixes reach kilometres; more says nothing
_DATE = re.compile(r"(\d{4})[:\-/.](\d{2})[:\-/.](\d{2})[ T](\d{2}):(\d{2}):(\d{2})")
_ZONE = re.compile(r"([+-])(\d{2}):?(\d{2})")


@dataclass(slots=True)
class ExifFacts:
    """What EXIF says and may be believed; `findings` names what was refused."""

    orientation: int | None = None
    taken_at: str | None = None
    taken_at_zone: str | None = None
    lat: float | None = None
    lon: float | None = None
    alt_m: float | None = None
    accuracy_m: float | None = None
    findings: list[Finding] = field(default_factory=list)

    def refuse(self, code: str, name: str = "") -> None:
        """Notes once that something in the file is not believed."""
        if all(known.code != code for known in self.findings):
            self.findings.append(Finding(code, Severity.AMBER, field=name))


def read_exif(image: Image.Image) -> ExifFacts:
    """The facts in an opened image's EXIF; damage becomes a finding, never an exception."""
    facts = ExifFacts()
    if not _has_tiff_header(image.info.get("exif")):
        facts.refuse("photo_exif_damaged")
    try:
        exif = _raw_exif(image)
        main = {tag: exif.get(tag) for tag in (_ORIENTATION, _EXIF_IFD, _GPS_IFD)}
    except DAMAGE:
        facts.refuse("photo_exif_damaged")
        return facts
    # pi_heif turns the pixels itself and then writes 1 into the EXIF that it hands out
    _orientation(image.info.get("original_orientation") or main[_ORIENTATION], facts)
    _time(_directory(exif, _EXIF_IFD, main[_EXIF_IFD], facts), facts)
    _place(_directory(exif, _GPS_IFD, main[_GPS_IFD], facts), facts)
    return facts


def _raw_exif(image: Image.Image) -> Image.Exif:
    """EXIF alone: `getexif` would fill a missing orientation from XMP, which viewers do not follow."""
    if image.format == "TIFF":
        return image.getexif()
    exif = Image.Exif()
    exif.load(image.info.get("exif") or b"")
    return exif


def _has_tiff_header(raw: Any) -> bool:
    """Pillow reads nothing from EXIF without a TIFF header and says nothing about it."""
    if not isinstance(raw, bytes) or not raw:
        return True
    start = raw.removeprefix(b"Exif\0\0").removeprefix(b"Exif\0\0")[:4]
    return start in (b"II*\0", b"MM\0*", b"")


def _directory(exif: Image.Exif, tag: int, pointer: Any, facts: ExifFacts) -> dict[int, Any]:
    if pointer is None:
        return {}
    if not isinstance(pointer, int | dict):
        facts.refuse("photo_exif_damaged")
        return {}
    try:
        return dict(exif.get_ifd(tag))
    except DAMAGE:
        facts.refuse("photo_exif_damaged")
        return {}


def _orientation(value: Any, facts: ExifFacts) -> None:
    if value is None:
        return
    if isinstance(value, int) and 1 <= value <= 8:
        facts.orientation = value
    else:
        facts.refuse("photo_orientation_invalid", "orientation")


def _text(value: Any) -> str | None:
    """EXIF text without the padding that cameras leave; None when there is none."""
    if isinstance(value, bytes):
        value = value.decode("ascii", "replace")
    return value.strip("\0 \t\r\n") or None if isinstance(value, str) else None


def _time(tags: dict[int, Any], facts: ExifFacts) -> None:
    raw = tags.get(_TIME_ORIGINAL)
    if raw is None:
        return
    match = _DATE.match(_text(raw) or "")
    try:
        if match is None:
            raise ValueError(_TIME_ORIGINAL)
        facts.taken_at = datetime(*(int(part) for part in match.groups())).isoformat()  # type: ignore[arg-type]
    except ValueError:
        facts.refuse("photo_time_invalid", "taken_at_local")
        return
    facts.taken_at_zone = _zone(_text(tags.get(_OFFSET_ORIGINAL)), facts)


def _zone(raw: str | None, facts: ExifFacts) -> str | None:
    if raw is None:
        return None
    if raw == "Z":
        return "+00:00"
    match = _ZONE.fullmatch(raw)
    if match and int(match[2]) <= 14 and int(match[3]) < 60:
        return f"{match[1]}{match[2]}:{match[3]}"
    facts.refuse("photo_zone_invalid", "taken_at_local")
    return None


def _place(tags: dict[int, Any], facts: ExifFacts) -> None:
    if _LAT in tags or _LON in tags:
        lat = _degrees(tags.get(_LAT), _text(tags.get(_LAT_REF)), "NS", 90.0)
        lon = _degrees(tags.get(_LON), _text(tags.get(_LON_REF)), "EW", 180.0)
        if lat is None or lon is None:
            facts.refuse("photo_position_invalid", "lat")
        elif lat == 0.0 and lon == 0.0:
            facts.refuse("photo_position_zero", "lat")
        else:
            facts.lat, facts.lon = lat, lon
    if _ALT in tags and _ALT_REF in tags:  # without its reference an altitude may as well be a depth
        below = tags[_ALT_REF] in (1, b"\x01")
        facts.alt_m = _metres(tags[_ALT], facts, "alt_m", _LOWEST_M, _HIGHEST_M, sign=-1 if below else 1)
    if _ERROR_M in tags:
        facts.accuracy_m = _metres(tags[_ERROR_M], facts, "accuracy_m", 0.0, _WORST_ACCURACY_M)
        if facts.accuracy_m == 0.0:  # no receiver is perfect: the field was never filled
            facts.accuracy_m = None
            facts.refuse("photo_accuracy_invalid", "accuracy_m")


def _number(value: Any) -> float | None:
    """A rational as a float; None for 0/0, for text and for everything else that is no number."""
    if isinstance(value, tuple):
        value = value[0] if len(value) == 1 else None
    if value is None or isinstance(value, str | bytes):
        return None
    try:
        number = float(value)
    except (TypeError, ValueError, ZeroDivisionError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def _degrees(value: Any, hemisphere: str | None, letters: str, limit: float) -> float | None:
    """Signed degrees of a degrees-minutes-seconds triple; None unless all of it is there and possible."""
    if not isinstance(value, tuple) or len(value) != 3:
        return None
    if hemisphere is None or hemisphere[0].upper() not in letters:
        return None
    parts = [_number(part) for part in value]
    degrees, minutes, seconds = parts
    if degrees is None or minutes is None or seconds is None:
        return None
    if min(degrees, minutes, seconds) < 0 or minutes > 60 or seconds > 60:
        return None
    total = degrees + minutes / 60 + seconds / 3600
    if total > limit:
        return None
    return -total if hemisphere[0].upper() == letters[1] else total


def _metres(value: Any, facts: ExifFacts, name: str, low: float, high: float, sign: int = 1) -> float | None:
    number = _number(value)
    if number is not None and low <= sign * number <= high:
        return sign * number
    facts.refuse("photo_altitude_invalid" if name == "alt_m" else "photo_accuracy_invalid", name)
    return None
