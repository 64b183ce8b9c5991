"""Finds the photos among files and folders, and accounts for every other file: nothing is left out without a word."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from fieldapp.media.containers import image_format

_TAKEN = ".jpg .jpeg .jpe .jfif .heic .heif .hif .png .webp .avif .tif .tiff"
_VIDEO = ".mp4 .mov .m4v .3gp .3g2 .avi .mkv .mpg .mpeg .mts .m2ts .wmv .webm .flv"
_RAW = ".dng .cr2 .cr3 .crw .nef .nrw .arw .srf .sr2 .rw2 .orf .raf .pef .srw .x3f .raw .gpr"
_OTHER = ".gif .bmp .dib .psd .jp2 .j2k .jxl .svg .ico .tga .ppm .pcx .mpo .insp .insv .lrv"
SUFFIXES = frozenset(_TAKEN.split())
# pictures and films that somebody may take for photos of the record: each is told by its name
NOT_TAKEN = frozenset(f"{_VIDEO} {_RAW} {_OTHER}".split())
_HEAD_BYTES = 16


@dataclass(frozen=True, slots=True)
class Found:
    """The pictures, those that cannot be taken among them, and how many other files lay in the folders."""

    pictures: list[Path]
    others: int = 0


def look_through(paths: Iterable[Path]) -> Found:
    """Files as they are named and, of folders, the pictures anywhere inside: IMG_9 before IMG_10."""
    pictures: list[Path] = []
    others = 0
    for path in paths:
        if path.is_dir():
            files = [file for file in path.rglob("*") if file.is_file()]
            inside = [file for file in files if _is_picture(file) and _is_visible(file, path)]
            pictures += sorted(inside, key=lambda file: _natural(file.relative_to(path)))
            others += len(files) - len(inside)
        else:
            pictures.append(path)
    return Found(pictures, others)


def kind_not_taken(path: Path) -> str:
    """The ending of a file that is no photo by its name, such as `.gif`; empty for one that may be taken.

    A JPEG or PNG under a wrong name is a photo all the same; a file that cannot be opened tells that itself.
    """
    ending = path.suffix.lower()
    if ending not in NOT_TAKEN:
        return ""
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD_BYTES)
    except OSError:
        return ""
    return "" if image_format(head) in ("JPEG", "PNG") else ending


def _is_picture(file: Path) -> bool:
    return file.suffix.lower() in SUFFIXES | NOT_TAKEN


def _is_visible(file: Path, root: Path) -> bool:
    """Skips `.trashed-` photos of phones and `._` twins that macOS leaves on cards."""
    return not any(part.startswith(".") for part in file.relative_to(root).parts)


def _natural(path: Path) -> list[tuple[int, int, str]]:
    parts = re.split(r"(\d+)", path.as_posix().lower())
    return [(1, int(part), "") if part.isdecimal() else (0, 0, part) for part in parts]
