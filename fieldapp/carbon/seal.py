"""The seal of a methodology: what its files were when its version was published.

A version names one content. Files that a disk, a mail or a hand has changed since are told; a copy with a version of
its own is not held against the seal of the one that it came from. Packs need none: they are signed.
"""

from __future__ import annotations

from pathlib import Path

from fieldapp.carbon.check_rows import Problem
from fieldapp.carbon.registry import Registry
from fieldapp.carbon.tables import VERSION

SEAL = "seal.txt"  # beside the files: the version and the checksum of all of them


def seal_of(registry: Registry) -> str:
    """The seal that these files would carry."""
    return f"{registry.about['version']} {registry.checksum}\n"


def seal_problems(folder: Path, registry: Registry) -> list[Problem]:
    """One problem when the files are not those that their version was sealed with; none in a folder without a seal."""
    try:
        kept = (folder / SEAL).read_text("utf-8")
    except FileNotFoundError:
        return []
    version = registry.about["version"]
    if kept.partition(" ")[0] != version or kept == seal_of(registry):
        return []
    return [Problem("seal", VERSION, version, "version", {})]
