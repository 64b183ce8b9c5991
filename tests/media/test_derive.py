"""Working copy and thumbnail: upright, small, without anything personal in them."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image, ImageCms

from fieldapp.errors import ItemError
from fieldapp.media.derive import derive
from fieldapp.media.inspect import inspect


def _quarters(orientation: int, size: tuple[int, int] = (400, 300)) -> bytes:
    """Stored so that, once upright, the left half is red and its upper quarter white."""
    upright = Image.new("RGB", size, "blue")
    upright.paste("red", (0, 0, size[0] // 2, size[1]))
    upright.paste("white", (0, 0, size[0] // 2, size[1] // 2))
    undo = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}.get(orientation)
    stored = upright if undo is None else upright.transpose(Image.Transpose(undo))
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "Maker"
    out = io.BytesIO()
    stored.save(out, "JPEG", quality=95, exif=exif)
    return out.getvalue()


def _near(pixel: object, wanted: tuple[int, int, int]) -> bool:
    return isinstance(pixel, tuple) and all(abs(a - b) < 40 for a, b in zip(pixel, wanted, strict=True))


@pytest.mark.parametrize("orientation", range(1, 9))
def test_copies_stand_upright(orientation: int) -> None:
    made = derive(_quarters(orientation))
    for data in (made.working, made.thumbnail):
        image = Image.open(io.BytesIO(data))
        width, height = image.size
        assert width > height
        assert _near(image.getpixel((width // 4, height // 4)), (255, 255, 255))
        assert _near(image.getpixel((width // 4, height * 3 // 4)), (255, 0, 0))
        assert _near(image.getpixel((width * 3 // 4, height // 2)), (0, 0, 255))


@pytest.mark.parametrize(
    ("stored", "working", "thumbnail"),
    [
        ((4000, 3000), (1600, 1200), (320, 240)),
        ((3000, 4000), (1200, 1600), (240, 320)),
        ((4000, 2250), (1600, 900), (320, 180)),
        ((640, 480), (640, 480), (320, 240)),
        ((5000, 2), (1600, 1), (320, 1)),
    ],
)
def test_long_sides(stored: tuple[int, int], working: tuple[int, int], thumbnail: tuple[int, int]) -> None:
    out = io.BytesIO()
    Image.new("RGB", stored, (90, 120, 60)).save(out, "JPEG")
    made = derive(out.getvalue())
    assert Image.open(io.BytesIO(made.working)).size == working
    assert Image.open(io.BytesIO(made.thumbnail)).size == thumbnail


def test_nothing_personal_is_left_in_the_copies() -> None:
    made = derive(_quarters(6))
    for data in (made.working, made.thumbnail):
        image = Image.open(io.BytesIO(data))
        assert not dict(image.getexif())
        assert b"Maker" not in data
        assert "icc_profile" not in image.info


def test_other_colour_spaces_become_srgb() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB"))
    out = io.BytesIO()
    Image.new("RGB", (50, 50), "red").save(out, "JPEG", icc_profile=profile.tobytes())
    assert Image.open(io.BytesIO(derive(out.getvalue()).working)).mode == "RGB"


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16"])
def test_every_mode_of_a_png_is_taken(mode: str) -> None:
    out = io.BytesIO()
    Image.new("RGBA" if mode == "P" else mode, (40, 30)).convert(mode).save(out, "PNG")
    assert Image.open(io.BytesIO(derive(out.getvalue()).thumbnail)).size == (40, 30)


def test_a_heic_is_turned_once(shared_data: Path) -> None:
    made = derive((shared_data / "photos" / "good" / "exifr_heic-iphone7.heic").read_bytes())
    assert Image.open(io.BytesIO(made.working)).size == (1600, 1200)


def test_a_broken_file_is_an_item_error() -> None:
    with pytest.raises(ItemError, match="photo_truncated"):
        derive(_quarters(1)[:1500])


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_tiff_is_turned_once_and_its_size_told_as_stored(orientation: int) -> None:
    jpeg = Image.open(io.BytesIO(_quarters(orientation)))
    out = io.BytesIO()
    jpeg.save(out, "TIFF", exif=jpeg.info["exif"])
    facts = inspect(out.getvalue())
    assert (facts.width, facts.height, facts.orientation) == (*jpeg.size, orientation)
    with Image.open(io.BytesIO(derive(out.getvalue()).working)) as upright:
        assert upright.size == (400, 300)
        assert _near(upright.getpixel((40, 40)), (255, 255, 255))
        assert _near(upright.getpixel((40, 260)), (255, 0, 0))
        assert _near(upright.getpixel((360, 40)), (0, 0, 255))
