"""Names are found by the first letters of how they are read."""

from __future__ import annotations

import subprocess
import sys
import unicodedata

import pytest
from pypinyin import Style, lazy_pinyin
from pypinyin.constants import PHRASES_DICT, PINYIN_DICT

from fieldapp.domain.pinyin import _IN_CONTEXT, all_initials, initials
from fieldapp.domain.places import load


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


def test_what_stands_around_a_character_is_looked_at_wherever_a_phrase_changes_its_letter() -> None:
    def letter(reading: str) -> str:
        return unicodedata.normalize("NFD", reading)[0].lower()

    changed = {
        sign
        for phrase, readings in PHRASES_DICT.items()
        for sign, (reading, *_) in zip(phrase, readings, strict=True)
        if letter(reading) != letter(PINYIN_DICT.get(ord(sign), reading))
    }
    assert changed == _IN_CONTEXT


def test_the_letters_of_every_place_are_those_of_its_whole_name() -> None:
    names = {hit.name for hit in load().villages("52")}
    assert len(names) > 10_000
    for name in names:
        parts = lazy_pinyin(name, style=Style.FIRST_LETTER, errors=str)
        whole = "".join(c for part in parts for c in part.lower() if c.isascii() and c.isalnum())
        assert initials(name) == whole, name
