"""Photos made for the tests: of nobody's tree, with the EXIF that a test asks for."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image


@pytest.fixture(scope="session")
def jpeg() -> Callable[..., bytes]:
    """Makes a JPEG; `gps` and `times` are raw EXIF tags, `size` is as stored."""

    def make(
        size: tuple[int, int] = (64, 48),
        gps: dict[int, Any] | None = None,
        times: dict[int, Any] | None = None,
        orientation: Any = None,
        colour: Any = (90, 120, 60),
    ) -> bytes:
        exif = Image.Exif()
        if orientation is not None:
            exif[0x0112] = orientation
        exif.get_ifd(0x8825).update(gps or {})
        exif.get_ifd(0x8769).update(times or {})
        out = io.BytesIO()
        Image.new("RGB", size, colour).save(out, "JPEG", exif=exif)
        return out.getvalue()

    return make
