"""The seal of a methodology: what its files were when its version was published.

A version names one content. Files that a disk, a mail or a hand has changed since are told, and what they compute is
stamped as changed; a copy with a version of its own is not held against the seal of the one that it came from. Packs
need none: they are signed.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from fieldapp import paths

if TYPE_CHECKING:
    from fieldapp.carbon.registry import Registry

SEAL = "seal.txt"  # beside the files: the version and the checksum of all of them
_SHIPPED = "fieldapp-provisional"  # the name of what the program brings
_FORM = re.compile(r"(\S+) ([0-9a-f]{64})\n?")


def seal_of(registry: Registry) -> str:
    """The seal that these files would carry."""
    return f"{registry.about['version']} {registry.checksum}\n"


def is_broken(folder: Path, registry: Registry) -> bool:
    """Whether the files are not those that their version was sealed with, in this folder or in the one shipped."""
    seal = _read(folder)
    return (seal is not None and _contradicts(seal, registry)) or is_shipped_otherwise(registry)


def is_shipped_otherwise(registry: Registry) -> bool:
    """Whether the program brings other files under the same name and version."""
    seal = _read(paths.resources() / "species") if registry.about.get("name") == _SHIPPED else None
    return seal is not None and _contradicts(seal, registry)


def _read(folder: Path) -> str | None:
    try:
        return (folder / SEAL).read_text("utf-8", "replace")
    except FileNotFoundError:
        return None
    except OSError:
        return ""  # there, and nobody can read it


def _contradicts(seal: str, registry: Registry) -> bool:
    found = _FORM.fullmatch(seal)
    if found is None:
        return True  # a seal that nobody can read proves nothing
    return found[1] == registry.about["version"] and found[2] != registry.checksum
