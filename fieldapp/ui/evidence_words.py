"""A photo and a position in one line each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fieldapp import i18n
from fieldapp.domain.records import Position
from fieldapp.ui.shown import degrees, megabytes, number

if TYPE_CHECKING:
    from fieldapp.storage.views import PhotoRow


def photo_words(photo: PhotoRow) -> str:
    """When it was taken, how large it is, and whether the office holds it."""
    taken = photo.taken_at_local.replace("T", " ")[:16] or i18n.t("ui.photos.no_time")
    state = i18n.t("ui.photos.waiting" if photo.waiting else "ui.photos.confirmed")
    size = f"{photo.size_bytes / 1e6:.1f} MB" if photo.size_bytes >= 1e6 else megabytes(photo.size_bytes)
    return f"{taken} · {size} · {state}"


def position_words(position: Position | None) -> str:
    """A position in one line: degrees, accuracy, how it came about."""
    if position is None or position.lat is None or position.lon is None:
        return i18n.t("ui.position.none")
    parts = [degrees(position.lat, position.lon)]
    if position.accuracy_m is not None:
        parts.append(f"±{number(position.accuracy_m)} m")
    if position.fixes:
        parts.append(i18n.t("ui.position.fixes", n=position.fixes))
    if position.spread_m is not None:
        parts.append(i18n.t("ui.position.spread", m=number(position.spread_m)))
    if position.hdop is not None:
        parts.append(f"HDOP {number(position.hdop)}")
    if position.source:
        key = f"choice.position.source.{position.source}"
        parts.append(i18n.t(key) if i18n.has(key) else position.source)  # a newer version may know others
    if position.datum == "gcj02":
        parts.append(i18n.t("ui.position.converted"))
    return " · ".join(parts)
