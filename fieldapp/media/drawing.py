"""Draws photos that never were: a trunk with its hanging tag, as a phone would file it, EXIF included.

The practice village and the tests need photos of nobody's trees; it lives here because only this package knows Pillow.
"""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import dataclass
from random import Random

from PIL import Image, ImageDraw, ImageFilter, ImageFont

from fieldapp.media.derive import TURNS

LONG_SIDE_PX, SHORT_SIDE_PX = 1600, 1200
_QUALITY = 68
_BARKS = ((94, 72, 54), (112, 88, 66), (82, 70, 60), (128, 112, 94))
_GREENS = ((58, 92, 50), (78, 112, 60), (44, 76, 48), (96, 120, 70))
_WALLS = ((142, 110, 78), (158, 128, 94), (120, 92, 70))
_INVERSE = {6: 8, 8: 6}  # every other turn is its own inverse


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """What a drawn photo shows and says; a field that is None is missing from its EXIF."""

    seed: int
    label: str
    subject: str = "tree"
    taken_at: dt.datetime | None = None
    zone: str | None = None
    lat: float | None = None
    lon: float | None = None
    alt_m: float | None = None
    accuracy_m: float | None = None
    orientation: int | None = None


def draw(scene: Scene) -> bytes:
    """A JPEG of 1600 x 1200 or, turned by its orientation, the other way; the same bytes for the same scene."""
    chance = Random(scene.seed)
    turned = (scene.orientation or 1) >= 5
    size = (SHORT_SIDE_PX, LONG_SIDE_PX) if turned else (LONG_SIDE_PX, SHORT_SIDE_PX)
    picture = _ground(chance, size)
    if scene.subject == "tree":
        _trunk(chance, picture, scene.label)
    elif scene.subject == "household":
        _house(chance, picture, scene.label)
    else:
        _slope(chance, picture, scene.label)
    turn = scene.orientation or 1
    stored = picture if turn == 1 else picture.transpose(TURNS[_INVERSE.get(turn, turn)])
    out = io.BytesIO()
    stored.save(out, "JPEG", quality=_QUALITY, subsampling="4:2:0", exif=_exif(scene))
    return out.getvalue()


def _noise(chance: Random, size: tuple[int, int], grain: tuple[int, int]) -> Image.Image:
    small = Image.frombytes("L", grain, chance.randbytes(grain[0] * grain[1]))
    return small.resize(size, Image.Resampling.BILINEAR)


def _ground(chance: Random, size: tuple[int, int]) -> Image.Image:
    """Undergrowth: two greens mixed by coarse and fine noise."""
    light, dark = Image.new("RGB", size, chance.choice(_GREENS)), Image.new("RGB", size, (28, 40, 26))
    mask = Image.blend(_noise(chance, size, (32, 24)), _noise(chance, size, (260, 195)), 0.45)
    return Image.composite(light, dark, mask)


def _trunk(chance: Random, picture: Image.Image, label: str) -> None:
    width, height = picture.size
    girth = int(width * chance.uniform(0.2, 0.34))
    left = int(width * chance.uniform(0.28, 0.42))
    bark = Image.new("RGB", (girth, height), chance.choice(_BARKS))
    furrows = _noise(chance, (girth, height), (max(8, girth // 9), height // 60))
    bark = Image.composite(bark, Image.new("RGB", bark.size, (40, 30, 24)), furrows)
    edge = Image.linear_gradient("L").rotate(90).resize((girth, height))
    bark = Image.composite(bark, Image.new("RGB", bark.size, (24, 18, 14)), edge.point(lambda v: min(255, 90 + v)))
    lean = chance.randrange(-30, 31)
    outline = Image.new("L", bark.size, 0)
    ImageDraw.Draw(outline).polygon([(20 + lean // 2, 0), (girth - 20, 0), (girth, height), (0, height)], fill=255)
    picture.paste(bark, (left, 0), outline)
    _tag(chance, picture, (left + girth // 2, int(height * chance.uniform(0.42, 0.56))), label)


def _tag(chance: Random, picture: Image.Image, centre: tuple[int, int], label: str) -> None:
    """A white plate on a wire, a little crooked, its number to be read."""
    plate = Image.new("RGBA", (380, 200), (0, 0, 0, 0))
    pen = ImageDraw.Draw(plate)
    pen.rounded_rectangle((4, 4, 375, 195), 22, fill=(244, 244, 238, 255), outline=(60, 60, 60, 255), width=4)
    pen.ellipse((178, 14, 202, 38), fill=(50, 50, 50, 255))
    pen.text((190, 116), label, font=ImageFont.load_default(74), fill=(20, 30, 90, 255), anchor="mm")
    plate = plate.rotate(chance.uniform(-9, 9), Image.Resampling.BICUBIC, expand=True)
    line = ImageDraw.Draw(picture)
    line.line((centre[0], centre[1] - 190, centre[0], centre[1] - 75), fill=(190, 190, 190), width=4)
    picture.paste(plate, (centre[0] - plate.width // 2, centre[1] - plate.height // 2), plate)


def _house(chance: Random, picture: Image.Image, label: str) -> None:
    width, height = picture.size
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, 0, width, height // 3), fill=(188, 204, 214))
    wall, top = chance.choice(_WALLS), height // 2
    pen.rectangle((width // 6, top, width * 5 // 6, height * 5 // 6), fill=wall)
    for x in range(width // 6, width * 5 // 6, 46):
        pen.line((x, top, x, height * 5 // 6), fill=tuple(int(part * 0.8) for part in wall), width=3)
    pen.polygon([(width // 10, top), (width // 2, height // 4), (width * 9 // 10, top)], fill=(66, 66, 70))
    pen.rectangle((width * 4 // 9, height * 6 // 10, width * 5 // 9, height * 5 // 6), fill=(70, 46, 30))
    _tag(chance, picture, (width * 3 // 4, height * 7 // 10), label)


def _slope(chance: Random, picture: Image.Image, label: str) -> None:
    width, height = picture.size
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, 0, width, height // 3), fill=(196, 208, 216))
    for order in range(140):
        base = height // 3 + int((order / 140) ** 1.4 * height * 0.6)
        x, size = chance.randrange(width), 30 + order
        pen.polygon([(x - size // 2, base), (x, base - size * 2), (x + size // 2, base)], fill=chance.choice(_GREENS))
    picture.paste(picture.filter(ImageFilter.GaussianBlur(1.2)))
    _tag(chance, picture, (width // 5, height * 4 // 5), label)


def _exif(scene: Scene) -> Image.Exif:
    exif = Image.Exif()
    exif[0x010F], exif[0x0110] = "Practice", "Practice phone"
    if scene.orientation is not None:
        exif[0x0112] = scene.orientation
    if scene.taken_at is not None:
        times = exif.get_ifd(0x8769)
        times[0x9003] = scene.taken_at.strftime("%Y:%m:%d %H:%M:%S")
        if scene.zone is not None:
            times[0x9011] = scene.zone
    if scene.lat is not None and scene.lon is not None:
        place = exif.get_ifd(0x8825)
        place.update({1: "S" if scene.lat < 0 else "N", 2: _triple(scene.lat)})
        place.update({3: "W" if scene.lon < 0 else "E", 4: _triple(scene.lon)})
        if scene.alt_m is not None:
            place.update({5: b"\x01" if scene.alt_m < 0 else b"\x00", 6: abs(scene.alt_m)})
        if scene.accuracy_m is not None:
            place[31] = scene.accuracy_m
    return exif


def _triple(degrees: float) -> tuple[float, float, float]:
    whole, rest = divmod(abs(degrees) * 60, 60)
    minutes, part = divmod(rest, 1)
    return float(whole), float(minutes), round(part * 60, 5)
