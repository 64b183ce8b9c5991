"""Species names as people write them: authors, brackets, traditional characters, pinyin, a genus alone.

A name is looked up as it stands first. What is then left out or put in its place is only what cannot change the
species; first letters and pinyin are readings, and a result that rests on one is marked.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import islice, product

from fieldapp.carbon.entries import Species

UNKNOWN, AMBIGUOUS, GENUS_KNOWN = "carbon_species_unknown", "carbon_species_ambiguous", "carbon_species_of_genus"
READ_FLAG = "name_read"
_MOST_KEPT = 4096
_MOST_LETTERS = 120  # longer than any name with its authors
_MOST_READINGS = 8
_INFRASPECIFIC = ("var", "subsp", "ssp", "f", "cv")
_AROUND = ".,()[]"
_BETWEEN = " ()[]/,;、-"  # what stands between a Chinese name and its Latin one
_GENUS_ALONE = ("sp", "spp")
_CHINESE = re.compile(r"[\u3400-\u9fff]")
_SPACE_IN_CHINESE = re.compile(r"(?<=[\u3400-\u9fff])\s+(?=[\u3400-\u9fff])")
_BRACKETS = re.compile(r"\s*[(\[](.*?)[)\]]\s*$")
# of the characters in names of trees, those that are written otherwise in traditional script
_SIMPLIFIED = str.maketrans(
    "馬雲濕灣鬆華銀櫟樹榿響楊楓閩薔櫻鵝連欒萊懸鈴蘋廣蘭園圓鐵堅紅黃櫸樸貞莢櫱漢烏棗樺鹽膚燈臺潤藍藥葉關側羅歐亞蠟緣齒龍蘇東銹類屬針闊軟絲鋸"
    "錐樅沖長爾國賽殼麗陰陽鬱蒼檸檳鳳鴨雞貓魚鳥點寶粵麥韌頭順頂頸顏飛飼鮮複無絨棟樓線細綠緋織纓雜雙歡鐘錢鐮門間貴鄉極檢構樑椏欖橢脈薑蕁鱗鹹",
    "马云湿湾松华银栎树桤响杨枫闽蔷樱鹅连栾莱悬铃苹广兰园圆铁坚红黄榉朴贞荚檗汉乌枣桦盐肤灯台润蓝药叶关侧罗欧亚蜡缘齿龙苏东锈类属针阔软丝锯"
    "锥枞冲长尔国赛壳丽阴阳郁苍柠槟凤鸭鸡猫鱼鸟点宝粤麦韧头顺顶颈颜飞饲鲜复无绒栋楼线细绿绯织缨杂双欢钟钱镰门间贵乡极检构梁桠榄椭脉姜荨鳞咸",
)


def plain(name: str) -> str:
    """A name without what typing adds: width, spaces, marks that cannot be seen, capitals, a stop at its end."""
    text = unicodedata.normalize("NFKC", name).replace("_", " ").casefold()
    text = "".join(c for c in text if unicodedata.category(c) != "Cf")
    return " ".join(_SPACE_IN_CHINESE.sub("", text).split()).rstrip(" .,;:、。")


class Names:
    """What the species of a registry are called."""

    def __init__(self, species: Sequence[Species]) -> None:
        self._species = species
        self._by_name = {plain(name): one for one in reversed(species) for name in one.names}
        self._read: dict[str, tuple[Species | None, str]] = {}
        self._genera = _genera(species)

    def find(self, name: str) -> tuple[Species | None, str]:
        """The species, with READ_FLAG when the name was read as its pinyin; or None and why there is none."""
        found = self._by_name.get(name) or self._by_name.get(plain(name))
        if found is not None:
            return found, ""
        if name not in self._read:
            if len(self._read) >= _MOST_KEPT:
                self._read.clear()
            self._read[name] = self._search(name)
        return self._read[name]

    def _search(self, name: str) -> tuple[Species | None, str]:
        if len(name) > _MOST_LETTERS:
            return None, UNKNOWN
        written = unicodedata.normalize("NFKC", name).strip()
        if _CHINESE.search(written):
            return self._chinese(written)
        words = plain(name).split()
        found = self._latin(written, words)
        if found is not None:
            return found, ""
        readings = self._pinyin.get(_letters(words), ())
        if readings and written == written.lower():  # in capitals it may be a code of another list
            return (readings[0], READ_FLAG) if len(readings) == 1 else (None, AMBIGUOUS)
        genus = self._genera.get(words[0]) if len(words) > 1 else None
        if genus is not None and genus.habit == "bamboo":
            return genus, ""
        return None, UNKNOWN if genus is None else GENUS_KNOWN

    def _chinese(self, written: str) -> tuple[Species | None, str]:
        """In traditional characters; with the Latin name, or another one, in brackets behind it."""
        brackets = _BRACKETS.search(written)
        inner = self._simplified(brackets[1]) if brackets else None
        found = self._simplified(written) or self._simplified(_BRACKETS.sub("", written))
        if found is not None:
            return (found, "") if inner in (None, found) else (None, AMBIGUOUS)
        return self._in_two_scripts(written)

    def _in_two_scripts(self, written: str) -> tuple[Species | None, str]:
        """A Chinese name and the Latin one before or behind it; two that mean different species are none."""
        chinese = [place for place, sign in enumerate(written) if _CHINESE.match(sign)]
        before, behind = written[: chinese[0]].strip(_BETWEEN), written[chinese[-1] + 1 :].strip(_BETWEEN)
        latin = before or behind
        words = plain(latin).split()
        by_latin = self._latin(latin, words) if latin else None
        by_chinese = self._simplified(written[chinese[0] : chinese[-1] + 1])
        if by_latin is None or by_chinese is None or by_latin == by_chinese:
            return (by_latin, "") if by_latin is not None else (None, UNKNOWN)
        is_its_genus = words[0] == plain(by_chinese.latin).split()[0] and (not words[1:] or words[1] in _GENUS_ALONE)
        return (by_chinese, "") if is_its_genus else (None, AMBIGUOUS)

    def _simplified(self, written: str) -> Species | None:
        text = plain(written)
        return self._by_name.get(text) or self._by_name.get(text.translate(_SIMPLIFIED))

    def _latin(self, written: str, words: list[str]) -> Species | None:
        """A Latin name with its authors, or a genus alone; a name of another species is none of these."""
        bare = [word.strip(_AROUND) for word in words]
        if len(bare) == 1 or (len(bare) == 2 and bare[1] in _GENUS_ALONE):
            return self._by_name.get(bare[0]) or self._genera.get(bare[0])
        if not bare or not _authors_follow(written, bare):
            return None
        ranks = [place for place, word in enumerate(bare) if word in _INFRASPECIFIC and 1 < place < len(bare) - 1]
        for place in ranks:
            name = self._by_name.get(f"{bare[0]} {bare[1]} {bare[place]}. {bare[place + 1]}")
            if name is not None:
                return name
        return self._by_name.get(f"{bare[0]} {bare[1]}")

    @cached_property
    def _pinyin(self) -> dict[str, tuple[Species, ...]]:
        """First letters, and pinyin without tones, of the Chinese names; made when it is first asked for."""
        found: dict[str, dict[str, Species]] = defaultdict(dict)
        for one in self._species:
            found[one.pinyin_initials][one.id] = one
            for name in (one.chinese, *one.chinese_synonyms):
                for reading in _readings(name):
                    found[reading][one.id] = one
        return {letters: tuple(species.values()) for letters, species in found.items() if letters}


def _letters(words: list[str]) -> str:
    """The letters of a pinyin name, without tones and what parts its syllables."""
    apart = unicodedata.normalize("NFD", "".join(words))
    return "".join(c for c in apart if c.isalpha())


def _authors_follow(written: str, bare: list[str]) -> bool:
    """Whether all behind genus and epithet is authors or a rank: a small word would be another epithet."""
    rest = written.split()[2:]
    small = {"ex", "et", "and", "de", "von", "in", "&", "×"} | set(_INFRASPECIFIC)
    epithets = {place + 1 for place, word in enumerate(rest) if word.strip(_AROUND).lower() in _INFRASPECIFIC}
    return len(bare) > 1 and all(
        word.strip(_AROUND).lower() in small or place in epithets or not word[:1].islower()
        for place, word in enumerate(rest)
    )


def _genera(species: Sequence[Species]) -> dict[str, Species]:
    """A genus as a name of its own: only what all its species in the registry share counts for it."""
    members: dict[str, list[Species]] = defaultdict(list)
    for one in species:
        genus, _, rest = one.latin.partition(" ")
        if rest[:1].islower():
            members[genus].append(one)
    return {genus.casefold(): _genus(genus, of_it) for genus, of_it in members.items()}


def _genus(latin: str, members: list[Species]) -> Species:
    shared = tuple(group for group in members[0].groups if all(group in one.groups for one in members))
    habit = members[0].habit if len({one.habit for one in members}) == 1 else "group"
    return Species(latin.lower(), latin, f"{latin} 属", "", (), (), members[0].family, shared, "", "", habit, "group")


def _readings(chinese: str) -> Iterator[str]:
    """The pinyin of a name without tones, in every reading of its characters, at most eight."""
    from pypinyin import Style, pinyin  # 0.15 s, and few tables need it

    yield "".join(syllable[0] for syllable in pinyin(chinese, style=Style.NORMAL))
    alone = [pinyin(one, style=Style.NORMAL, heteronym=True)[0] for one in chinese]
    for syllables in islice(product(*alone), _MOST_READINGS):
        yield "".join(syllables)
