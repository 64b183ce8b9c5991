"""A 12-megapixel photo imported: decoded, checked, working copy, thumbnail, hashes, encryption, in CPU time."""

from __future__ import annotations

import hashlib
import io
import os
import statistics
import time
from random import Random

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from PIL import Image

from benchmarks.figures import Figure
from fieldapp.media.importing import import_bytes

WIDTH_PX, HEIGHT_PX = 4000, 3000
LIMIT_MS = 140.0
_REPEATS = 7


def run() -> list[Figure]:
    """The median of several imports, everything on one core."""
    data = phone_photo()
    cipher = AESGCM(os.urandom(32))

    def put(blob: bytes) -> bytes:
        digest = hashlib.sha256(blob).digest()
        cipher.encrypt(os.urandom(12), blob, digest)
        return digest

    import_bytes(data, put)  # loads the codecs
    times_ms = []
    for _ in range(_REPEATS):
        start = time.process_time()
        import_bytes(data, put)
        times_ms.append((time.process_time() - start) * 1000)
    note = f"JPEG of {len(data) / 1e6:.1f} MB, process CPU time, median of {_REPEATS}"
    return [Figure("12 MP photo imported", statistics.median(times_ms), "ms", LIMIT_MS, note=note)]


def phone_photo(seed: int = 1) -> bytes:
    """A JPEG with as much detail as a phone's photo of bark and leaves has: noise at three scales."""
    chance = Random(seed)
    picture = _noise(chance, 160)
    picture = Image.blend(picture, _noise(chance, 1000), 0.45)
    picture = Image.blend(picture, _noise(chance, WIDTH_PX), 0.16)
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=92, subsampling="4:2:0")
    return out.getvalue()


def _noise(chance: Random, width_px: int) -> Image.Image:
    size = width_px, width_px * HEIGHT_PX // WIDTH_PX
    bands = [Image.frombytes("L", size, chance.randbytes(size[0] * size[1])) for _ in range(3)]
    return Image.merge("RGB", bands).resize((WIDTH_PX, HEIGHT_PX), Image.Resampling.BICUBIC)
