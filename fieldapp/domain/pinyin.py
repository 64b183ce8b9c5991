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
# read with another first letter in some phrase than alone (重庆 but 重量); a test finds the same in pypinyin
_IN_CONTEXT = frozenset(
    "万不丱么乐乘乜仇从仿会传伺伽侗侥侧便俟信倘傀傍僪免其兹冯凹刨券刹剿匙匮卒单卡厦参句叨叶吁合吓吖否吭呲呵呷咖咯咳咶哕哦喔喳嗒嘲噱囤圈圜圩坏坻埏埔埶堕堡壳大夯奇姥婑宿射将尉尾尿屏属岂巷干弄弟強弹强彊徼忪恶"
    "惓房扁扒扛扞扢折拂拗括挝挟捰提揭撮擿攒於无景暴曝曾朘朝期术杓枞枸柚查栅栖校棬椎楛槛欹殖殽氏汤沈沓泊泌浍浒涡混溃漯澄澹炰焯燋燵犍狧猲率玢瑱畜番疟痡盛省眴瞿矜石碡磅祕禅秘稽窨粘粥系絜纚红纤纥纶给缉耆耙腊腌"
    "膀膻臭般艾艿芥苕苣茄茜荑荠荤莘莞莩菹葚蔓蔚蕃藏虾蛇蛤螫行被袷裨裳裼褎褚见解识说调谷豉贾趄蹊车轧辗辟遗適邪郄酖重鐀铅铛铤镐长閒阿陂降隗靓革鞘鞞颈颉颤食騃驮骠鸟鹄鹘麇齐龈龟"
)


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
    # The dictionary of phrases takes 20-40 us for a name and is needed for few characters.
    return _in_context(text) if not _IN_CONTEXT.isdisjoint(text) else "".join(map(_alone, text))


def _in_context(text: str) -> str:
    from pypinyin import Style, lazy_pinyin

    parts = lazy_pinyin(text, style=Style.FIRST_LETTER, errors=str)
    return "".join(c for part in parts for c in part.lower() if c.isascii() and c.isalnum())


_alone = lru_cache(maxsize=8192)(_in_context)


@lru_cache(maxsize=4096)
def _readings(character: str) -> tuple[str, ...]:
    if character.isascii():
        return (character.lower() if character.isalnum() else "",)
    from pypinyin import Style, pinyin

    found = pinyin(character, style=Style.FIRST_LETTER, heteronym=True, errors="ignore")
    letters = dict.fromkeys(c.lower() for reading in found for c in reading if c.isascii() and c.isalnum())
    surnames = [_SURNAMES[character]] if character in _SURNAMES else []
    return tuple(dict.fromkeys(surnames + list(letters))) or ("",)
