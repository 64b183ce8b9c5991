"""Names of provinces, prefectures, counties, townships and villages by their official codes.

The list is read when it is first asked for and not before; a code that is not in it is unknown (None), never guessed.
"""

from __future__ import annotations

import gzip
from bisect import bisect_left
from dataclasses import dataclass
from functools import cache
from itertools import takewhile
from pathlib import Path

from fieldapp import paths

PROVINCES = {"52": "贵州省"}
CODE_LENGTHS = (2, 4, 6, 9, 12)  # province, prefecture, county, township, village
_VILLAGE_DIGITS = CODE_LENGTHS[-1]
_LEAST_OF_AREA = 2  # letters of a county's or township's name that say which one is meant
_Ranked = tuple[int, bool, int, str, str]  # how well it fits, whether it lies elsewhere, length, code, name


@dataclass(frozen=True, slots=True)
class VillageName:
    """The official names above and of one village."""

    province: str
    city: str
    county: str
    township: str
    village: str

    @property
    def short(self) -> str:
        """The village without its committee, as people write it: `岜沙村` for `岜沙村村民委员会`."""
        return short_name(self.village)


@dataclass(frozen=True, slots=True)
class PlaceHit:
    """One place that a search or a browse found; `code` has 4, 6, 9 or 12 digits."""

    code: str
    name: str


class Places:
    """The places of one resource file: look-up by code, search by name or pinyin initials, browsing downwards."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._loaded: dict[str, tuple[str, str]] | None = None
        self._codes: list[str] = []

    def _rows(self) -> dict[str, tuple[str, str]]:
        if self._loaded is None:
            lines = gzip.decompress(self._file.read_bytes()).decode("utf-8").splitlines()
            split = (line.split("\t") for line in lines)
            self._loaded = {code: (name, letters) for code, name, letters in split}
            self._codes = sorted(self._loaded)
        return self._loaded

    def name(self, code: str) -> str | None:
        """The place's own official name; None when the code is unknown."""
        if code in PROVINCES:
            return PROVINCES[code]
        row = self._rows().get(code)
        return row[0] if row else None

    def county(self, code: str) -> str | None:
        """Name of the county of a code that begins with its 6 digits; None when unknown."""
        return self.name(code[:6]) if len(code) >= 6 else None

    def village(self, code: str) -> VillageName | None:
        """All names of a village's 12-digit code; None when any of them is unknown."""
        if len(code) != _VILLAGE_DIGITS:
            return None
        names = [self.name(code[:length]) for length in CODE_LENGTHS]
        known = [name for name in names if name is not None]
        return VillageName(*known) if len(known) == len(names) else None

    def children(self, code: str = "") -> list[PlaceHit]:
        """The places directly below a code, in code order; "" gives the provinces."""
        if not code:
            return [PlaceHit(*item) for item in PROVINCES.items()]
        longer = [length for length in CODE_LENGTHS if length > len(code)]
        return [hit for hit in self._below(code) if len(hit.code) == longer[0]] if longer else []

    def villages(self, code: str) -> list[PlaceHit]:
        """Every village below a prefecture, county or township."""
        return [hit for hit in self._below(code) if len(hit.code) == _VILLAGE_DIGITS]

    def _below(self, code: str) -> list[PlaceHit]:
        rows = self._rows()
        first, last = bisect_left(self._codes, code), bisect_left(self._codes, code + ":")  # ":" follows "9"
        return [PlaceHit(found, rows[found][0]) for found in self._codes[first:last] if found != code]

    def search(
        self, text: str, *, within: str = "", near: str = "", limit: int = 50, villages_only: bool = True
    ) -> list[PlaceHit]:
        """Places whose name holds `text`, whose pinyin initials begin with it, or whose code begins with it.

        A county or township may stand before it, with a space (榕江 dlc) or without (栽麻大利), or alone. `within`
        narrows to a code's descendants. What begins with the text comes first, of that what is below `near`.
        """
        words = text.lower().split()
        if not words:
            return []
        ranked = self._ranked(words[-1], within, near, villages_only)
        for area in words[:-1]:
            ranked = [found for found in ranked if self._lies_in(found[3], area)]
        if not ranked and len(words) == 1:
            ranked = self._below_named_area(words[0], within, near, villages_only)
        return [PlaceHit(code, name) for *_, code, name in sorted(ranked)[:limit]]

    def _ranked(self, wanted: str, within: str, near: str, villages_only: bool) -> list[_Ranked]:
        found: list[_Ranked] = []
        for code, (name, letters) in self._rows().items():
            if (villages_only and len(code) != _VILLAGE_DIGITS) or not code.startswith(within):
                continue
            if name.startswith(wanted) or letters.startswith(wanted) or code.startswith(wanted):
                found.append((0, not (near and code.startswith(near)), len(name), code, name))
            elif wanted in name:
                found.append((1, not (near and code.startswith(near)), len(name), code, name))
        return found

    def _lies_in(self, code: str, area: str) -> bool:
        """Whether a place lies in one whose name, initials or code begin so."""
        above = [code[:length] for length in CODE_LENGTHS[1:] if length < len(code)]
        known = [(one, *self._rows()[one]) for one in above if one in self._rows()]
        return any(
            one.startswith(area) or name.startswith(area) or letters.startswith(area) for one, name, letters in known
        )

    def _below_named_area(self, text: str, within: str, near: str, villages_only: bool) -> list[_Ranked]:
        """A text that begins with the name of a county or township, and goes on with a place in it or ends there."""
        found: set[_Ranked] = set()
        for code, (name, _) in self._rows().items():
            if len(code) == _VILLAGE_DIGITS or not code.startswith(within):
                continue
            shared = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(name, text, strict=False)))
            if shared == len(text):
                found.update((0, False, 0, hit.code, hit.name) for hit in self.villages(code))
            elif shared >= _LEAST_OF_AREA:
                rest = text[shared:]
                inner = self._ranked(rest, code, near, villages_only)
                found.update(inner or self._below_named_area(rest, code, near, villages_only))
        return list(found)


def short_name(village: str) -> str:
    """A village's or community's name without the words for its committee."""
    for committee, kept in (
        ("村村民委员会", "村"),
        ("村村委会", "村"),
        ("社区居民委员会", "社区"),
        ("社区居委会", "社区"),
        ("居民委员会", "居委会"),
        ("村民委员会", "村"),
        ("村委会", "村"),
    ):
        if village.endswith(committee):
            return village.removesuffix(committee) + kept
    return village


@cache
def load() -> Places:
    """The shipped places; nothing is read from the disk before the first question."""
    return Places(paths.resources() / "admin" / "guizhou.tsv.gz")
