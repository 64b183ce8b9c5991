"""Headings of the table of trees: which column says what, in which unit, so that no measured column is passed over."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from fieldapp.errors import ItemError

TEXTS = {
    "species": ("species", "species_id", "species_cn", "树种", "树种名称"),
    "equation": ("equation", "方程"),
    "parcel": ("parcel", "parcel_id", "地块", "小地名"),
}
_LENGTHS = (
    "mm",
    "毫米",
    "cm",
    "厘米",
    "公分",
    "dm",
    "分米",
    "m",
    "米",
    "尺",
    "寸",
    "in",
    "inch",
    "inches",
    "ft",
    "feet",
)


@dataclass(frozen=True, slots=True)
class _Measured:
    """A measured column: its names, its unit and how that is written, and whether a name may stand without it."""

    names: tuple[str, ...]
    unit: str
    written: tuple[str, ...]
    others: tuple[str, ...]
    bare: tuple[str, ...]


_CENTIMETRES = ("cm", "厘米", "公分")
MEASURED = {
    "dbh_cm": _Measured(("dbh", "胸径"), "cm", _CENTIMETRES, _LENGTHS, ("胸径",)),
    "girth_cm": _Measured(("girth", "胸围"), "cm", _CENTIMETRES, _LENGTHS, ("胸围",)),
    "height_m": _Measured(("height", "树高"), "m", ("m", "米"), _LENGTHS, ("树高",)),
    "wood_density": _Measured(
        ("wooddensity", "木材密度"),
        "g/cm3",
        ("gcm3", "tm3", "克立方厘米", "克每立方厘米"),
        ("kgm3", "千克立方米", "公斤立方米", "千克每立方米"),
        ("wooddensity", "木材密度"),
    ),
    "age": _Measured(("age", "树龄"), "a", ("year", "years", "yr", "年", "岁"), ("months", "月"), ("age", "树龄")),
}
_BETWEEN = re.compile(r"[\s()\[\]/_·.-]+")


def places_of(header: list[str]) -> dict[str, int | None]:
    """Where each known column stands; ItemError when nobody knows which one is meant, or in which unit it is."""
    found: dict[str, int | None] = {}
    for column, accepted in TEXTS.items():
        names = [name.strip().lower() for name in header]
        name = next((known for known in accepted if known in names), None)
        if name is not None and names.count(name) > 1:
            raise ItemError("estimate_column_twice", name=name)
        found[column] = None if name is None else names.index(name)
    compact = [_BETWEEN.sub("", unicodedata.normalize("NFKC", name).lower()) for name in header]
    for column, one in MEASURED.items():
        found[column] = _place(one, compact, header)
    return found


def _place(one: _Measured, compact: list[str], header: list[str]) -> int | None:
    """The only column of this meaning and unit; a column of it in another unit is not passed over without a word."""
    right = {*one.bare, *(name + unit for name in one.names for unit in one.written)}
    known = {*one.names, *(name + unit for name in one.names for unit in one.others)}
    places = [place for place, name in enumerate(compact) if name in right]
    if len(places) > 1:
        names = [header[place].strip() for place in places]
        if len({name.lower() for name in names}) == 1:
            raise ItemError("estimate_column_twice", name=names[0].lower())
        raise ItemError("estimate_columns_alike", names=", ".join(names))
    if places:
        return places[0]
    odd = next((header[place].strip() for place, name in enumerate(compact) if name in known), None)
    if odd is not None:
        raise ItemError("estimate_column_unit", name=odd, unit=one.unit)
    return None
