"""Looks at a photo's bytes and says what is in them, and whether every pixel can be read."""

from __future__ import annotations

import hashlib

from fieldapp.media.containers import iso_stored_size
from fieldapp.media.facts import PhotoFacts
from fieldapp.media.opening import Opened, decode, open_photo

_FIRST_ON_ITS_SIDE = 5  # orientations 5 to 8 swap width and height


def inspect(data: bytes) -> PhotoFacts:
    """The facts of a photo file; damage of any kind is told by findings and `ok`, never raised."""
    facts, _ = examine(data)
    return facts


def examine(data: bytes) -> tuple[PhotoFacts, Opened]:
    """The facts together with the decoded image, for those who go on working with the pixels."""
    opened = open_photo(data)
    trouble = decode(opened)
    findings = list(opened.findings)
    if trouble is not None and trouble.code not in {finding.code for finding in findings}:
        findings.append(trouble)
    width, height = _stored_size(data, opened)
    exif = opened.exif
    facts = PhotoFacts(
        sha256=hashlib.sha256(data).digest(),
        size_bytes=len(data),
        format=opened.format,
        width=width,
        height=height,
        orientation=exif.orientation,
        taken_at=exif.taken_at,
        taken_at_zone=exif.taken_at_zone,
        lat=exif.lat,
        lon=exif.lon,
        alt_m=exif.alt_m,
        accuracy_m=exif.accuracy_m,
        findings=(*findings, *exif.findings),
        ok=not opened.refused and not findings,
    )
    return facts, opened


def _stored_size(data: bytes, opened: Opened) -> tuple[int | None, int | None]:
    """libheif and Pillow's TIFF reader hand out the turned picture, and its GIF reader grows a picture to its frames;
    the file itself says how it is stored."""
    if opened.format == "TIFF" and opened.width is not None and (opened.exif.orientation or 1) >= _FIRST_ON_ITS_SIDE:
        return opened.height, opened.width
    if opened.format == "GIF":
        return int.from_bytes(data[6:8], "little"), int.from_bytes(data[8:10], "little")
    stored = iso_stored_size(data) if opened.format in ("HEIC", "HEIF") else None
    return stored or (opened.width, opened.height)
