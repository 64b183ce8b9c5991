"""Opens a photo with Pillow: few formats, a limit read from the header before any pixel, every pixel decoded.

Pillow's own bomb check warns through `warnings`, which threads share; ours answers with a finding instead.
"""

from __future__ import annotations

import io
import threading
import warnings
from dataclasses import dataclass

import pi_heif
from PIL import Image

from fieldapp.errors import Finding, Severity
from fieldapp.media.containers import image_format, is_cut_off
from fieldapp.media.exif import DAMAGE, ExifFacts, read_exif

pi_heif.register_heif_opener(thumbnails=False)
Image.MAX_IMAGE_PIXELS = None  # replaced by the limits below, which hold before decoding

FORMATS = ("JPEG", "PNG", "HEIF", "WEBP", "TIFF", "AVIF", "GIF")
WORKING_LONG_SIDE_PX = 1600
_MOST_PIXELS_JPEG = 250_000_000  # phones reach 200 MP; a JPEG is decoded at a fraction, row by row
_MOST_PIXELS = 100_000_000  # other formats are decoded whole: 300 MB
_MOST_RATIO = 2_000  # pixels per byte; a plain white JPEG of 12 MP has some 150
_FEW_PIXELS = 50_000_000  # below this nothing is a bomb

_warnings_lock = threading.Lock()


@dataclass(slots=True)
class Opened:
    """An image whose header was read: its stored size, its EXIF, and what is wrong with it so far."""

    image: Image.Image | None
    format: str | None
    width: int | None
    height: int | None
    exif: ExifFacts
    findings: list[Finding]

    @property
    def refused(self) -> bool:
        """Whether the pixels must not or cannot be decoded."""
        return self.image is None


def _red(code: str) -> list[Finding]:
    return [Finding(code, Severity.RED)]


def open_photo(data: bytes) -> Opened:
    """Reads header and EXIF, decodes nothing; whatever stands in the way is a red finding in the answer."""
    name = image_format(data)
    if not data or name is None:
        return Opened(None, name, None, None, ExifFacts(), _red("photo_not_an_image" if data else "photo_empty"))
    with _warnings_lock, warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        try:
            image = Image.open(io.BytesIO(data), formats=FORMATS)
        except (Image.DecompressionBombError, MemoryError):
            return Opened(None, name, None, None, ExifFacts(), _red("photo_too_many_pixels"))
        except DAMAGE:
            return Opened(None, name, None, None, ExifFacts(), _red("photo_damaged"))
        width, height = image.size
        if _is_bomb(image, len(data)):
            return Opened(None, name, width, height, ExifFacts(), _red("photo_too_many_pixels"))
        exif = ExifFacts() if _exif_follows_pixels(image) else read_exif(image)
    if told and not exif.findings:
        exif.refuse("photo_exif_damaged")
    findings = _red("photo_truncated") if is_cut_off(data, name) else []
    return Opened(image, name, width, height, exif, findings)


def _is_bomb(image: Image.Image, size_bytes: int) -> bool:
    pixels = image.width * image.height
    if pixels > (_MOST_PIXELS_JPEG if image.format in ("JPEG", "MPO") else _MOST_PIXELS):
        return True
    return pixels > _FEW_PIXELS and pixels > _MOST_RATIO * size_bytes


def _exif_follows_pixels(image: Image.Image) -> bool:
    """A PNG may carry its EXIF after the pixels: asking for it decodes them all."""
    return image.format == "PNG" and "exif" not in image.info


def decode(opened: Opened) -> Finding | None:
    """Decodes every pixel, a large JPEG at the smallest scale that a working copy needs.

    Even at a fraction libjpeg reads the whole file, so that a missing end is noticed.
    """
    image = opened.image
    if image is None:
        return None
    scale = min(1.0, WORKING_LONG_SIDE_PX / max(image.size))
    try:
        # the exact size that is needed: (1600, 1600) would decode a 4:3 photo at full size
        image.draft("RGB", (max(1, int(image.width * scale)), max(1, int(image.height * scale))))
        image.load()
        if image.format == "PNG":
            opened.exif = read_exif(image)
    except MemoryError:
        return Finding("photo_too_many_pixels", Severity.RED)
    except DAMAGE as error:
        cut = isinstance(error, OSError) and "truncated" in str(error)
        return Finding("photo_truncated" if cut else "photo_damaged", Severity.RED)
    return None
