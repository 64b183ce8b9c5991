"""Makes resources/fonts/NotoSansSC-Regular.otf from the wheel of PyPI's pylopdf-fonts-zh-cn. With fonttools installed:

    pip download --no-deps pylopdf-fonts-zh-cn==0.1.1
    python -m tools.make_font pylopdf_fonts_zh_cn-0.1.1-py3-none-any.whl

All characters stay, rare ones of names and places too, but for the radicals U+2E80-2FDF: with them in the font,
text copied out of a PDF holds radicals instead of the characters that look the same. Same input, same bytes.
"""

from __future__ import annotations

import io
import sys
import zipfile
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

FOLDER = Path(__file__).resolve().parent.parent / "resources" / "fonts"
FONT = "pylopdf_fonts_zh_cn/NotoSansSC-Regular.otf"
RADICALS = range(0x2E80, 0x2FE0)
VERTICAL_TABLES = ["vhea", "vmtx", "VORG"]


def subset(source: bytes) -> bytes:
    """The font without radicals and without what only vertical writing needs."""
    font = TTFont(io.BytesIO(source), recalcTimestamp=False)
    options = Options(
        layout_features=["*"], name_IDs=["*"], notdef_outline=True, hinting=True, drop_tables=VERTICAL_TABLES
    )
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=[code for code in font.getBestCmap() if code not in RADICALS])
    subsetter.subset(font)
    out = io.BytesIO()
    font.save(out)
    return out.getvalue()


def main() -> int:
    """Writes the font and its licence from the wheel that is named."""
    with zipfile.ZipFile(sys.argv[1]) as wheel:
        licence = next(name for name in wheel.namelist() if name.endswith("licenses/LICENSE"))
        (FOLDER / "OFL.txt").write_bytes(wheel.read(licence))
        (FOLDER / "NotoSansSC-Regular.otf").write_bytes(subset(wheel.read(FONT)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
