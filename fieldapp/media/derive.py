"""Makes the pictures that travel and are shown: an upright working copy and a thumbnail, in sRGB, without metadata.

Time, place and camera live in the photo's record; nothing personal leaves the laptop inside a copy.
"""

from __future__ import annotations

import io
from dataclasses import dataclass

from PIL import Image, ImageCms

from fieldapp.errors import ItemError
from fieldapp.media.inspect import examine
from fieldapp.media.opening import WORKING_LONG_SIDE_PX

THUMBNAIL_LONG_SIDE_PX = 320
_WORKING_QUALITY = 82  # tag numbers stay readable, a 12 MP photo becomes some 300 to 500 kB
_THUMBNAIL_QUALITY = 75
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


@dataclass(frozen=True, slots=True)
class Derivatives:
    """Two JPEG files: `working` with a long side of at most 1,600 px, `thumbnail` of at most 320 px."""

    working: bytes
    thumbnail: bytes


def derive(data: bytes) -> Derivatives:
    """The derivatives of a photo file. Raises ItemError with the finding's code when it cannot be read."""
    facts, opened = examine(data)
    if opened.image is None or not facts.ok:
        raise ItemError(facts.findings[0].code)
    return derive_decoded(opened.image, facts.orientation)


def derive_decoded(image: Image.Image, orientation: int | None) -> Derivatives:
    """The derivatives of an image that is decoded already."""
    small = _fit(_plain(image), WORKING_LONG_SIDE_PX)
    working = _srgb(small, image.info.get("icc_profile"))
    # libheif and the TIFF reader have turned their picture already, whatever the EXIF says
    turn = None if image.format in ("HEIF", "TIFF") else TURNS.get(orientation or 1)
    if turn is not None:
        working = working.transpose(turn)
    thumbnail = _fit(working, THUMBNAIL_LONG_SIDE_PX)
    return Derivatives(_jpeg(working, _WORKING_QUALITY), _jpeg(thumbnail, _THUMBNAIL_QUALITY))


def _plain(image: Image.Image) -> Image.Image:
    """Three channels on white, whatever the file had."""
    if image.mode in ("RGB", "L", "CMYK"):
        return image
    if image.mode.startswith(("I", "F")):  # 16-bit greys would be clipped to white
        low, high = image.convert("F").getextrema()
        span = max(float(high) - float(low), 1.0)  # type: ignore[arg-type]
        return image.convert("F").point(lambda v: (v - low) * (255 / span)).convert("L")
    if image.has_transparency_data:
        clear = image.convert("RGBA")
        white = Image.new("RGBA", clear.size, "white")
        return Image.alpha_composite(white, clear).convert("RGB")
    return image.convert("RGB")


def _fit(image: Image.Image, long_side_px: int) -> Image.Image:
    scale = long_side_px / max(image.size)
    if scale >= 1:
        return image
    size = max(1, round(image.width * scale)), max(1, round(image.height * scale))
    return image.resize(size, Image.Resampling.BICUBIC, reducing_gap=2.0)


def _srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Phones store wide colours (Display P3); without this the copy would look pale."""
    if profile:
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            if "sRGB" not in ImageCms.getProfileDescription(source):
                turned = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
                return turned if turned is not None else image
        except (ImageCms.PyCMSError, OSError, ValueError):
            return image.convert("RGB")  # a broken profile: the bare colours are the best there is
    return image.convert("RGB")


def _jpeg(image: Image.Image, quality: int) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality, subsampling="4:2:0")
    return out.getvalue()
