"""How a typed text, a photo or a receiver's log can be understood as a place, in words; nothing is chosen here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from fieldapp import i18n
from fieldapp.errors import ItemError

if TYPE_CHECKING:
    from fieldapp.geo.coordinates import Candidate
    from fieldapp.geo.nmea import Fix
    from fieldapp.storage.views import PhotoRow

_MOST_LOG_BYTES = 50_000_000
RAW_KEPT = 4_000  # characters of the log kept with the position; the log file itself stays with its owner
_BETWEEN = " · "
_CENTRE_OFFSET_DEG = {3: 0, 6: -3}  # a zone's central meridian is its number times its width, less this


@dataclass(frozen=True, slots=True)
class Offer:
    """A place that somebody may take: where, how it was understood, and the other fields of its record."""

    lat: float
    lon: float
    source: str
    how: str
    more: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LogOffers:
    """What a receiver's log offers; `moved_m` says that it was carried along, so that a person has to choose."""

    offers: tuple[Offer, ...]
    moved_m: float | None


def is_zero(lat: float, lon: float) -> bool:
    """Whether this is 0,0: what devices write when they know nothing, and never a place of ours."""
    return round(lat, 5) == 0 and round(lon, 5) == 0


def typed_offers(text: str, village_code: str) -> tuple[list[Offer], bool]:
    """Readings of a typed text, the nearest to the county first; and whether one was 0,0 and left out."""
    from fieldapp.geo.coordinates import parse_coordinates  # pyproj comes with it: not at start
    from fieldapp.geo.counties import metres_from_county

    readings = parse_coordinates(text) if text.strip() else []
    found = [one for one in readings if not is_zero(one.lat, one.lon)]
    found.sort(key=lambda one: metres_from_county(one.lat, one.lon, village_code) or 0.0)  # stable where unknown
    raw = text[:RAW_KEPT]
    offers = [Offer(o.lat, o.lon, "typed", _typed_words(o, village_code), {"datum": o.crs, "raw": raw}) for o in found]
    # behind all others: whoever copied them from a phone's map knows, nobody else should take them by mistake
    offers += [_shifted(one, raw, village_code) for one in found if one.crs == "wgs84" and one.inside]
    return offers, len(found) < len(readings)


def _typed_words(found: Candidate, village_code: str) -> str:
    parts = [] if found.reading == "gauss" else [i18n.t(f"coordinates.{found.reading}")]
    parts.append(crs_words(found.crs))
    if found.swapped:
        parts.append(i18n.t("ui.position.east_first" if found.reading == "gauss" else "ui.position.swapped"))
    if not found.inside:
        parts.append(i18n.t("ui.position.outside"))
    return _BETWEEN.join(filter(None, (*parts, county_words(found.lat, found.lon, village_code))))


def _shifted(found: Candidate, raw: str, village_code: str) -> Offer:
    from fieldapp.geo.average import distance_m
    from fieldapp.geo.crs import parse_crs, to_degrees

    lat, lon = to_degrees(found.lat, found.lon, parse_crs("gcj02"))
    moved = i18n.t("ui.position.gcj02", m=f"{distance_m(found.lat, found.lon, lat, lon):,.0f}")
    how = _BETWEEN.join(filter(None, (moved, county_words(lat, lon, village_code))))
    return Offer(lat, lon, "typed", how, {"datum": "gcj02", "raw": raw})


def crs_words(name: str) -> str:
    """A coordinate system as people call it."""
    from fieldapp.geo.crs import gauss_of

    gauss = gauss_of(name)
    if gauss is None:
        return i18n.t("crs.wgs84") if name in ("wgs84", "cgcs2000") else name.upper()
    width, zone = gauss
    return i18n.t("crs.gauss", width=width, zone=zone, meridian=zone * width + _CENTRE_OFFSET_DEG[width])


def county_words(lat: float, lon: float, village_code: str) -> str:
    """Whether a place lies in the village's county, and how far from it; empty where no outline is known."""
    from fieldapp.domain import programme
    from fieldapp.geo.counties import metres_from_county

    away_m = metres_from_county(lat, lon, village_code)
    if away_m is None:
        return ""
    far = i18n.t("ui.position.far", km=f"{away_m / 1000:,.0f}")
    return far if away_m > programme.load().number("county_margin_m") else i18n.t("ui.position.county")


def photo_offers(photos: Sequence[PhotoRow], village_code: str) -> list[Offer]:
    """The places that the camera wrote into photos: where the camera stood, not the tree."""
    offers = []
    for photo in photos:
        if photo.lat is None or photo.lon is None or is_zero(photo.lat, photo.lon):
            continue
        taken = photo.taken_at_local.replace("T", " ")[:16]
        parts = (i18n.t("ui.position.camera"), taken, county_words(photo.lat, photo.lon, village_code))
        how = _BETWEEN.join(filter(None, parts))
        offers.append(Offer(photo.lat, photo.lon, "exif", how, {"accuracy_m": photo.accuracy_m}))
    return offers


def log_offers(file: Path, village_code: str) -> LogOffers:
    """The averaged position of a log; of one that was carried along, its end too. ItemError when it holds none."""
    from fieldapp.geo.movement import moved_m, standing_at_end
    from fieldapp.geo.nmea import read

    try:
        with file.open("rb") as stream:
            data = stream.read(_MOST_LOG_BYTES)
    except OSError as error:
        raise ItemError("log_unreadable") from error
    log = read(data.splitlines())
    raw = data[:RAW_KEPT].decode("ascii", "replace")
    moved = moved_m(log.fixes)
    whole = _averaged(log.fixes, raw, village_code, moved)
    if whole is None and log.rejected.get("zero_position"):
        raise ItemError("log_all_zero", n=log.rejected["zero_position"])
    if whole is None:
        raise ItemError("log_without_position", sentences=log.sentences)
    if moved is None:
        return LogOffers((whole,), None)
    end = _averaged(standing_at_end(log.fixes), raw, village_code, None, i18n.t("ui.position.log_end"))
    return LogOffers((whole,) if end is None else (end, whole), moved)


def _averaged(fixes: Sequence[Fix], raw: str, village_code: str, moved: float | None, which: str = "") -> Offer | None:
    """One mean of fixes, with what is known of its quality."""
    from fieldapp.domain import programme
    from fieldapp.geo.average import FEWEST_GOOD, accuracy_m, average
    from fieldapp.geo.nmea import MEASURED

    mean = average(fixes)
    if mean is None:
        return None
    left_out = sum(fix.quality in MEASURED for fix in fixes) - mean.n
    kind = which or i18n.t("ui.position.averaged" if mean.n > 1 else "ui.position.one_fix")
    if moved is not None:
        kind = i18n.t("ui.position.of_a_way", m=f"{moved:,.0f}")
    less = i18n.t("ui.position.left_out", n=left_out) if left_out else ""
    how = _BETWEEN.join(filter(None, (kind, less, county_words(mean.lat, mean.lon, village_code))))
    is_known = mean.n >= FEWEST_GOOD and moved is None  # a few fixes, or a way, allow no claim
    range_error_m = programme.load().number("receiver_range_error_m")
    more: dict[str, object] = {
        "alt_m": mean.alt_m,
        "fixes": mean.n,
        "spread_m": mean.spread_m,
        "hdop": mean.hdop,
        "accuracy_m": accuracy_m(fixes, mean, range_error_m) if is_known else None,
        "raw": raw,
    }
    return Offer(mean.lat, mean.lon, "nmea", how, more)
