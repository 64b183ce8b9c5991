"""What is known of a photo file: only what stands in its bytes, with findings for what cannot be believed."""

from __future__ import annotations

from dataclasses import dataclass

from fieldapp.errors import Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoFacts:
    """A photo file's facts. None means that the file does not say it, or says something that is refused.

    `width` and `height` are pixels as stored, before `orientation` (EXIF, 1 to 8) turns them upright;
    `taken_at` is the camera's local time, ISO 8601; `taken_at_zone` its offset such as `+08:00`;
    `lat`, `lon` are WGS 84 degrees, `alt_m` and `accuracy_m` metres. `ok` says that every pixel could be read.
    """

    sha256: bytes
    size_bytes: int
    format: str | None = None
    width: int | None = None
    height: int | None = None
    orientation: int | None = None
    taken_at: str | None = None
    taken_at_zone: str | None = None
    lat: float | None = None
    lon: float | None = None
    alt_m: float | None = None
    accuracy_m: float | None = None
    findings: tuple[Finding, ...] = ()
    ok: bool = False

    @property
    def media_type(self) -> str:
        """The format's MIME type, `application/octet-stream` for a file that is no known image."""
        return f"image/{self.format.lower()}" if self.format else "application/octet-stream"
