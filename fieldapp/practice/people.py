"""Invented people: names as they are common in south-east Guizhou, numbers that can belong to nobody."""

from __future__ import annotations

import datetime as dt
from random import Random

from fieldapp.domain.idcard import check_character

SURNAMES = ("杨", "吴", "石", "潘", "龙", "陆", "欧", "王", "李", "韦", "姜", "粟")
_SURNAME_WEIGHTS = (24, 20, 14, 10, 8, 7, 4, 4, 3, 3, 2, 1)
_MEN = (
    "光明",
    "胜华",
    "通海",
    "昌荣",
    "再兴",
    "老岩",
    "秀文",
    "正国",
    "宏德",
    "开先",
    "成林",
    "远贵",
    "世杰",
    "金保",
    "明",
)
_WOMEN = ("妹兰", "秀英", "培花", "银香", "奶月", "桂芝", "爱莲", "凤仙", "美珍", "玉梅", "小菊", "春燕", "芳", "翠兰")
_RELATIONS = (("配偶", "woman"), ("子", "man"), ("女", "woman"), ("父", "man"), ("母", "woman"), ("孙子", "man"))
_AREA_CODES = ("522632", "522632", "522632", "522631", "522633")


class People:
    """Draws people from one source of chance; no ID number is drawn twice."""

    def __init__(self, chance: Random) -> None:
        self._chance = chance
        self._numbers: set[str] = set()
        self._count = 0

    def surname(self) -> str:
        """A surname, the common ones more often."""
        return self._chance.choices(SURNAMES, _SURNAME_WEIGHTS)[0]

    def name(self, surname: str, *, woman: bool = False) -> str:
        """A full name."""
        return surname + self._chance.choice(_WOMEN if woman else _MEN)

    def id_number(self, *, oldest: int = 1945, youngest: int = 1990) -> str:
        """An ID number with a right checksum and sequence 000, which no office gives out."""
        while True:
            day = dt.date(oldest, 1, 1) + dt.timedelta(days=self._chance.randrange((youngest - oldest) * 365))
            first17 = f"{self._chance.choice(_AREA_CODES)}{day:%Y%m%d}000"
            number = first17 + check_character(first17)
            if number not in self._numbers:
                self._numbers.add(number)
                return number

    def phone(self) -> str:
        """Eleven digits that no network connects: no mobile number begins with 100."""
        return f"1000000{self._chance.randrange(10_000):04d}"

    def account(self) -> str:
        """A passing Luhn check on a number whose bank prefix is all nines: no bank has it."""
        self._count += 1
        body = f"999999000000{self._count:06d}"
        digits = [int(digit) for digit in reversed(body)]
        total = sum(digit if place % 2 else sum(divmod(2 * digit, 10)) for place, digit in enumerate(digits))
        return f"{body}{-total % 10}"

    def relation(self, order: int) -> tuple[str, bool]:
        """Relation to the head of the member with this order, and whether it is a woman."""
        name, sex = _RELATIONS[order % len(_RELATIONS)]
        return name, sex == "woman"


def with_wrong_checksum(number: str) -> str:
    """The slip that a checksum is for: one digit of the birth day is another."""
    return number[:13] + ("1" if number[13] != "1" else "2") + number[14:]
