"""A folder of photo files to practise the import with, broken ones among them."""

from __future__ import annotations

from pathlib import Path

from fieldapp.practice.pictures import spare_pictures
from fieldapp.practice.village import PracticeVillage

FOLDER = "photos-to-import"


def write(folder: Path, plan: PracticeVillage) -> list[Path]:
    """Writes the files as a camera card would hold them."""
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for picture in spare_pictures(plan):
        file = folder / picture.name
        file.write_bytes(picture.data())
        files.append(file)
    return files
