"""Coordinates as people type or paste them. Every reading is a candidate that says what was understood; none is chosen.

Degrees with or without marks, letters or Chinese words, in either order; CGCS2000 Gauss-Krueger pairs with or without
the zone number.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from fieldapp.domain.numbers import plain_width
from fieldapp.errors import ItemError
from fieldapp.geo.crs import Crs, gauss_meridian, gauss_zone, to_degrees
from fieldapp.geo.guizhou import in_guizhou

_WORDS = (
    ("东经", "E"), ("西经", "W"), ("北纬", "N"), ("南纬", "S"), ("经度", "E"), ("纬度", "N"),
    ("度", "°"), ("分", "'"), ("秒", '"'), ("º", "°"), ("˚", "°"), ("′", "'"), ("’", "'"), ("‘", "'"), ("`", "'"),
    ("´", "'"), ("″", '"'), ("”", '"'), ("“", '"'), ("''", '"'), ("，", " "), ("、", " "), ("；", " "), ("−", "-"),
    ("&", " "), ("LATITUDE", "N"), ("LONGITUDE", "E"), ("LAT", "N"), ("LON", "E"), ("LNG", "E"),
)  # fmt: skip
_NUMBER = r"\d+(?:\.\d+)?"
_ANGLE = rf"(-?)({_NUMBER})\s*°\s*(?:({_NUMBER})\s*'\s*)?(?:({_NUMBER})\s*\"\s*)?"
_DECIMAL_COMMAS = re.compile(r"(-?\d{1,3}),(\d{3,})[\s;]+(-?\d{1,3}),(\d{3,})")
_COMPACT = re.compile(r"([NS])?(\d\d)(\d\d)(\d\d(?:\.\d+)?)([NS])?[\s,/]*([EW])?(\d{3})(\d\d)(\d\d(?:\.\d+)?)([EW])?")
_MERIDIANS_DEG = (105, 108, 111)  # zones 35, 36 and 37, which cover Guizhou


@dataclass(frozen=True, slots=True)
class Candidate:
    """One way to read a text: a WGS 84/CGCS2000 place, the notation and coordinate system that it was read in.

    `reading` is degrees, degrees_minutes, dms or gauss (catalogue key `coordinates.<reading>`); `swapped` says that
    the longitude stood first; `inside` that the place lies in Guizhou.
    """

    lat: float
    lon: float
    reading: str
    crs: str
    swapped: bool = False

    @property
    def inside(self) -> bool:
        """Whether the place lies in or very near Guizhou."""
        return in_guizhou(self.lat, self.lon)


@dataclass(frozen=True, slots=True)
class _Angle:
    value: float
    letter: str  # N, S, E, W or "" when the text does not say


def parse_coordinates(text: str) -> list[Candidate]:
    """Every sensible reading, those inside Guizhou alone where there are any; [] for a text that is no place."""
    plain = _plain(text)
    found = _gauss(plain) or _marked(plain) or _unmarked(plain)
    inside = [candidate for candidate in found if candidate.inside]
    return inside or found


def _plain(text: str) -> str:
    plain = plain_width(text).upper()
    for word, mark in _WORDS:
        plain = plain.replace(word, mark)
    plain = re.sub(r"(?<=\d)。(?=\d)", ".", plain)
    commas = _DECIMAL_COMMAS.fullmatch(plain.strip())
    if commas:
        plain = f"{commas[1]}.{commas[2]} {commas[3]}.{commas[4]}"
    compact = _COMPACT.fullmatch(plain.strip())
    if compact and (compact[1] or compact[5]) and (compact[6] or compact[10]):
        north, east = compact[1] or compact[5], compact[6] or compact[10]
        plain = f"{north} {' '.join(compact.group(2, 3, 4))} {east} {' '.join(compact.group(7, 8, 9))}"
    plain = re.sub(r"(?<=\d)-(?=\d)", " ", plain)  # behind a digit it separates, it is no sign
    return re.sub(r"[:=：]", " ", re.sub(r"(\d)\s*:\s*(?=\d)", r"\1 ", plain)).strip(" ()[]{}.")


def _gauss(plain: str) -> list[Candidate]:
    """A northing of seven digits and an easting of six, or of eight with the zone number."""
    pairs = re.fullmatch(rf"[A-Z北东坐标\s]*({_NUMBER})\s*M?[,;/\sA-Z北东坐标]+({_NUMBER})\s*M?", plain)
    if not pairs:
        return []
    one, two = float(pairs[1]), float(pairs[2])
    found = []
    for north, east, swapped in ((one, two, False), (two, one, True)):
        if 1_000_000 <= north < 7_000_000 and (100_000 <= east < 1_000_000 or 13_000_000 <= east < 46_000_000):
            found += _gauss_candidates(north, east, swapped=swapped)
    return found


def _gauss_candidates(north: float, east: float, *, swapped: bool) -> list[Candidate]:
    if east < 1_000_000:
        systems = [gauss_meridian(meridian) for meridian in _MERIDIANS_DEG]
    else:
        zone = int(east // 1_000_000)
        systems = [gauss_zone(zone), gauss_zone(zone, width_deg=6)]
    found = []
    for crs in systems:
        place = _place(north, east, crs) if crs else None
        if crs and place:
            found.append(Candidate(*place, "gauss", crs.name, swapped))
    return found


def _place(north: float, east: float, crs: Crs) -> tuple[float, float] | None:
    try:
        return to_degrees(north, east, crs)
    except ItemError:
        return None  # not a place of this zone: no candidate


def _marked(plain: str) -> list[Candidate]:
    """Angles with degree signs, letters before or after each."""
    body = re.sub(r"[,;/]", " ", plain).strip()
    before = re.fullmatch(rf"([NSEW])\s*{_ANGLE}\s*([NSEW])\s*{_ANGLE}", body)
    after = re.fullmatch(rf"{_ANGLE}\s*([NSEW])?\s*{_ANGLE}\s*([NSEW])?", body)
    if before:
        g = before.groups("")
        first, second = (g[0], g[1:5]), (g[5], g[6:10])
    elif after:
        g = after.groups("")
        first, second = (g[4], g[0:4]), (g[9], g[5:9])
    else:
        return []
    deepest = max(index for _, parts in (first, second) for index in range(1, 4) if parts[index])
    reading = ("", "degrees", "degrees_minutes", "dms")[deepest]
    angles = [_angle(parts[0], parts[1:], letter) for letter, parts in (first, second)]
    return _pairs(angles[0], angles[1], reading) if angles[0] and angles[1] else []


def _unmarked(plain: str) -> list[Candidate]:
    """Two, four or six bare numbers, with or without letters."""
    body = re.sub(r"[,;/'\"°]", " ", plain)
    letters = re.findall(r"[NSEW]", body)
    if re.search(r"[^\d\s.\-NSEW]", body) or len(letters) not in (0, 2):
        return []
    numbers = re.findall(rf"(-?)({_NUMBER})", body)
    if re.sub(rf"-?{_NUMBER}|[NSEW\s]", "", body) or len(numbers) not in (2, 4, 6):
        return []
    half = len(numbers) // 2
    angles = []
    for index, group in enumerate((numbers[:half], numbers[half:])):
        parts = tuple(number for _, number in group) + ("",) * (3 - half)
        if any(sign for sign, _ in group[1:]):
            return []
        angles.append(_angle(group[0][0], parts, letters[index] if letters else ""))
    reading = ("degrees", "degrees_minutes", "dms")[half - 1]
    return _pairs(angles[0], angles[1], reading) if angles[0] and angles[1] else []


def _angle(sign: str, parts: tuple[str, ...], letter: str) -> _Angle | None:
    degrees, minutes, seconds = (float(part or 0) for part in parts)
    if minutes >= 60 or seconds >= 60 or ("." in parts[0] and (parts[1] or parts[2])):
        return None
    if parts[1] and "." in parts[1] and parts[2]:
        return None
    value = degrees + minutes / 60 + seconds / 3600
    return _Angle(-value if sign or letter in ("S", "W") else value, letter)


def _pairs(first: _Angle, second: _Angle, reading: str) -> list[Candidate]:
    """The pair in the order that its letters tell, or else in every order that gives a place."""
    lat_first = {"N": True, "S": True, "E": False, "W": False}
    told = {lat_first[first.letter]} if first.letter else set()
    told |= {not lat_first[second.letter]} if second.letter else set()
    if len(told) == 2:
        return []  # two latitudes or two longitudes
    found = []
    for swapped in (False, True):
        lat, lon = (second.value, first.value) if swapped else (first.value, second.value)
        if (not told or (not swapped) in told) and -90 <= lat <= 90 and -180 <= lon <= 180:
            found.append(Candidate(lat, lon, reading, "wgs84", swapped))
    return found
