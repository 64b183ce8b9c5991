"""Copies the icons that the window uses from the npm package of Tabler's icons: `npm pack @tabler/icons@3.51.0`, then

    python -m tools.make_icons tabler-icons-3.51.0.tgz

The names below are Tabler's own. Strokes stay `currentColor`: the window puts the palette's colour in.
"""

from __future__ import annotations

import sys
import tarfile
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "resources" / "icons"
WANTED = """
alert-triangle arrow-back-up arrow-forward-up arrows-sort ban calculator calendar camera certificate check
chevron-down chevron-left chevron-right chevron-up circle-check circle-x clipboard-data clock cloud-check cloud-off
cloud-up copy current-location database device-floppy device-laptop device-usb download edit eye eye-off
file-import file-text filter flag folder folder-open help-circle history home home-2 id inbox info-circle key language
layout-grid leaf link list lock lock-open logout map map-2 map-pin menu-2 message moon packages photo
photo-plus photo-off plant-2 plug plus printer qrcode refresh report ruler-2 satellite search server settings
shield-check sun table tag transfer trash tree trees unlink upload usb user users wifi wifi-off x zoom-in zoom-out
"""


def main() -> int:
    """Writes the icons and their licence from the tarball that is named."""
    with tarfile.open(sys.argv[1]) as package:
        _copy(package, "package/LICENSE", FOLDER / "LICENSE.txt")
        for name in WANTED.split():
            _copy(package, f"package/icons/outline/{name}.svg", FOLDER / f"{name}.svg")
    return 0


def _copy(package: tarfile.TarFile, member: str, target: Path) -> None:
    file = package.extractfile(member)
    if file is None:
        raise FileNotFoundError(member)
    target.write_bytes(file.read())


if __name__ == "__main__":
    sys.exit(main())
