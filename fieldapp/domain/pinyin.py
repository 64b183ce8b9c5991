"""First letters of Chinese names, so that 杨进光 is found by typing yjg.

pypinyin takes 0.15 s to load, so it is loaded with the first Chinese character and not before.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import product

from fieldapp.domain.masking import surname

# surnames that are not read as the character usually is
_SURNAMES = {
    "单": "s", "解": "x", "仇": "q", "曾": "z", "查": "z", "区": "o", "盖": "g", "翟": "z", "覃": "q", "缪": "m",
    "繁": "p", "乐": "y", "员": "y", "黑": "h", "秘": "b", "折": "s", "种": "c", "重": "c", "召": "s", "宓": "f",
    "朴": "p", "尹": "y", "石": "s", "柏": "b", "车": "c", "沈": "s", "尉迟": "yc", "长孙": "zs", "万俟": "mq",
    "澹台": "tt", "令狐": "lh", "夏侯": "xh",
}  # fmt: skip
_MOST_READINGS = 8


@lru_cache(maxsize=8192)
def initials(text: str, *, person: bool = False) -> str:
    """Lower-case first letters, one a Chinese character; Latin letters and digits stay, all else is left out.

    `person` reads the first character or two as a surname (单 is s, not d).
    """
    text = text.strip()
    head = surname(text) if person else ""
    known = _SURNAMES.get(head, "")
    return known + _letters(text[len(head) :] if known else text)


def all_initials(text: str, *, person: bool = False) -> tuple[str, ...]:
    """The usual first letters and those of the other readings of its characters, at most eight, the usual one first."""
    usual = initials(text, person=person)
    if text.isascii():
        return (usual,)
    found = {usual: None}
    for letters in product(*(_readings(c) for c in text.strip())):
        found["".join(letters)] = None
        if len(found) == _MOST_READINGS:
            break
    return tuple(found)


def _letters(text: str) -> str:
    if text.isascii():
        return "".join(c for c in text.lower() if c.isalnum())
    from pypinyin import Style, lazy_pinyin

    parts = lazy_pinyin(text, style=Style.FIRST_LETTER, errors=str)
    return "".join(c for part in parts for c in part.lower() if c.isascii() and c.isalnum())


@lru_cache(maxsize=4096)
def _readings(character: str) -> tuple[str, ...]:
    if character.isascii():
        return (character.lower() if character.isalnum() else "",)
    from pypinyin import Style, pinyin

    found = pinyin(character, style=Style.FIRST_LETTER, heteronym=True, errors="ignore")
    letters = dict.fromkeys(c.lower() for reading in found for c in reading if c.isascii() and c.isalnum())
    surnames = [_SURNAMES[character]] if character in _SURNAMES else []
    return tuple(dict.fromkeys(surnames + list(letters))) or ("",)
