"""Names are found by the first letters of how they are read."""

from __future__ import annotations

import subprocess
import sys

import pytest

from fieldapp.domain.pinyin import all_initials, initials


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("杨进光", "yjg"),
        ("单文秀", "swx"),
        ("曾祥贵", "zxg"),
        ("覃阿妹", "qam"),
        ("欧阳锋", "oyf"),
        ("石 Anna", "sanna"),
    ],
)
def test_people(name: str, letters: str) -> None:
    assert initials(name, person=True) == letters


def test_places_and_codes() -> None:
    assert initials("重庆路社区") == "cqlsq"
    assert initials("A-0012") == "a0012"
    assert initials("") == ""


def test_other_readings() -> None:
    readings = all_initials("乐明", person=True)
    assert readings[0] == "ym"
    assert "lm" in readings
    assert len(all_initials("曾长乐重单朴", person=True)) <= 8


def test_nothing_is_loaded_before_the_first_character() -> None:
    code = "import sys, fieldapp.domain.pinyin as p; p.initials('abc'); print('pypinyin' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
