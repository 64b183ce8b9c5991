"""Personal data as it may be seen in lists, on pages and on paper."""

from __future__ import annotations

import re

_SURNAMES_OF_TWO = (
    "欧阳 太史 端木 上官 司马 东方 独孤 南宫 万俟 闻人 夏侯 诸葛 尉迟 公羊 赫连 澹台 皇甫 宗政 濮阳 公冶 太叔 申屠 公孙"
    " 慕容 仲孙 钟离 长孙 宇文 司徒 鲜于 司空 令狐 百里 呼延 东郭 南门 羊舌 微生 左丘 东门 西门"
)
_TWO_CHARACTER_SURNAMES = frozenset(_SURNAMES_OF_TWO.split())
_STARS = "*"


def _keep(text: str, head: int, tail: int) -> str:
    """`head` first and `tail` last characters, stars between; a text too short to hide anything is all stars."""
    if len(text) < head + tail + 3:
        return _STARS * len(text)
    return text[:head] + _STARS * (len(text) - head - tail) + text[-tail:]


def mask_id(number: str | None) -> str:
    """An identity number as `5226**********4210`."""
    return _keep(number or "", 4, 4)


def mask_account(number: str | None) -> str:
    """A bank account with only its last four digits."""
    text = re.sub(r"\s", "", number or "")
    return _STARS * len(text) if len(text) < 8 else _STARS * (len(text) - 4) + text[-4:]


def mask_phone(number: str | None) -> str:
    """A phone number as `138****5678`."""
    return _keep(number or "", 3, 4)


def surname(name: str) -> str:
    """The surname of a Chinese name, of one or two characters; of another name its first letter."""
    name = name.strip()
    return name[:2] if len(name) > 2 and name[:2] in _TWO_CHARACTER_SURNAMES else name[:1]


def mask_name(name: str | None) -> str:
    """A name as surname and two stars, whatever its length, so that the length tells nothing."""
    return surname(name) + _STARS * 2 if name and name.strip() else ""
