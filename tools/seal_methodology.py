"""Seals the shipped methodology: run after every change of its files, with the new version in version.json."""

from __future__ import annotations

import sys

from fieldapp import paths
from fieldapp.carbon.registry import load
from fieldapp.carbon.seal import SEAL, seal_of


def main() -> int:
    """Writes the seal."""
    folder = paths.resources() / "species"
    (folder / SEAL).write_text(seal_of(load()), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
