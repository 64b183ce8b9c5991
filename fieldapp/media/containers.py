"""What a photo file's outer structure says before any pixel is decoded: its format, its size, whether it is whole.

Decoders forgive: libheif reads a HEIC whose end is missing, and libjpeg paints a tail of zeros grey.
Structure: ISO/IEC 14496-12 boxes (HEIC, AVIF) and ITU-T T.81 markers (JPEG).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

_HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis"}
_HEIF_BRANDS = {b"mif1", b"msf1", b"hevc", b"hevx", b"mif2"}
_SIGNATURES = (
    (b"\xff\xd8\xff", "JPEG"),
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"GIF87a", "GIF"),
    (b"GIF89a", "GIF"),
    (b"II*\x00", "TIFF"),
    (b"MM\x00*", "TIFF"),
)


def image_format(data: bytes) -> str | None:
    """The format by the file's first bytes, never by its name; None for what is not a photo."""
    for signature, name in _SIGNATURES:
        if data.startswith(signature):
            return name
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WEBP"
    if data[4:8] == b"ftyp":
        return _iso_format(data[8:12])
    return None


def _iso_format(brand: bytes) -> str | None:
    if brand in _HEIC_BRANDS:
        return "HEIC"
    if brand in _HEIF_BRANDS:
        return "HEIF"
    return "AVIF" if brand in (b"avif", b"avis") else None


def is_cut_off(data: bytes, name: str) -> bool:
    """Whether the structure shows that the end of the file is missing, however well a decoder copes with it."""
    if name in ("HEIC", "HEIF", "AVIF"):
        return any(box.missing for box in _boxes(data, 0, len(data)))
    return name == "JPEG" and _ends_in_zeros(data)


def _ends_in_zeros(data: bytes) -> bool:
    """A camera that lost power leaves a file of full length whose picture never ends."""
    return data.endswith(bytes(64)) and data.find(b"\xff\xd9", _scan_start(data)) < 0


def _scan_start(data: bytes) -> int:
    """Offset of the first start-of-scan marker; thumbnails inside APP segments are stepped over."""
    at = 2
    while at + 4 <= len(data) and data[at] == 0xFF:
        if data[at + 1] == 0xDA:
            return at
        at += 1 if data[at + 1] == 0xFF else 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    return min(at, len(data))


@dataclass(frozen=True, slots=True)
class _Box:
    kind: bytes
    start: int
    end: int
    missing: bool


def _boxes(data: bytes, start: int, end: int) -> Iterator[_Box]:
    at = start
    while at + 8 <= end:
        size, head = int.from_bytes(data[at : at + 4], "big"), 8
        if size == 1:
            size, head = int.from_bytes(data[at + 8 : at + 16], "big"), 16
        elif size == 0:
            size = end - at
        if size < head:
            yield _Box(data[at + 4 : at + 8], at, end, missing=True)
            return
        yield _Box(data[at + 4 : at + 8], at + head, min(at + size, end), missing=at + size > end)
        at += size


def _child(data: bytes, parent: _Box | None, kind: bytes, skip: int = 0) -> _Box | None:
    if parent is None:
        return None
    return next((box for box in _boxes(data, parent.start + skip, parent.end) if box.kind == kind), None)


def iso_stored_size(data: bytes) -> tuple[int, int] | None:
    """Width and height of a HEIC's primary image as stored, before its rotation box turns it; None if not said."""
    meta = next((box for box in _boxes(data, 0, len(data)) if box.kind == b"meta"), None)
    primary = _child(data, meta, b"pitm", skip=4)
    properties = _child(data, meta, b"iprp", skip=4)
    container = _child(data, properties, b"ipco")
    links = _child(data, properties, b"ipma")
    if primary is None or container is None or links is None:
        return None
    if primary.end - primary.start < 6 or links.end - links.start < 8:
        return None
    wide = data[primary.start] > 0
    item = int.from_bytes(data[primary.start + 4 : primary.start + (8 if wide else 6)], "big")
    found = list(_boxes(data, container.start, container.end))
    for index in _property_indices(data[links.start : links.end], item):
        if 0 < index <= len(found) and found[index - 1].kind == b"ispe":
            at = found[index - 1].start + 4
            return int.from_bytes(data[at : at + 4], "big"), int.from_bytes(data[at + 4 : at + 8], "big")
    return None


def _property_indices(ipma: bytes, wanted: int) -> list[int]:
    """Numbers (from 1) of the properties that belong to the wanted item."""
    id_size = 2 if ipma[0] < 1 else 4
    large = bool(ipma[3] & 1)
    at = 8
    for _ in range(int.from_bytes(ipma[4:8], "big")):
        if at + id_size >= len(ipma):
            break
        item, count = int.from_bytes(ipma[at : at + id_size], "big"), ipma[at + id_size]
        at += id_size + 1
        width = 2 if large else 1
        mask = 0x7FFF if large else 0x7F
        if item == wanted:
            return [int.from_bytes(ipma[at + i * width : at + (i + 1) * width], "big") & mask for i in range(count)]
        at += count * width
    return []
