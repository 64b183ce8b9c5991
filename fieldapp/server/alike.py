"""Households of one village that may be one household recorded twice: two laptops went there, or one went again.

A name alone proves nothing, so two heads whose ID numbers both stand here and differ by more than a slip are two
people. Numbers that are the same are told by `people`.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from fieldapp.domain import idcard
from fieldapp.domain.masking import mask_name
from fieldapp.errors import Finding, Others, Severity
from fieldapp.server.schema import RECORDS

_HOUSEHOLD = RECORDS["household"]
_OLD_DIGITS = 15
_SHORTEST = 3  # of two characters one is the surname: half a village would be one character apart


@dataclass(frozen=True, slots=True)
class Head:
    """What two households are compared by."""

    household_id: bytes
    device_tag: str
    number: int
    name: str
    group: str
    id_number: str


def alike(connection: sa.Connection, village: str, households: Sequence[bytes]) -> dict[bytes, list[Finding]]:
    """By household of these: the other households of the village that may be the same one."""
    heads = _heads(connection, village)
    several = len({head.device_tag for head in heads}) > 1
    found: dict[bytes, list[Finding]] = {}
    for head, others in pairs(heads, set(households)):
        likeness: dict[bool, list[Head]] = defaultdict(list)
        for other in others:
            likeness[other.name == head.name].append(other)
        found[head.household_id] = [_finding(some, exact, several) for exact, some in likeness.items()]
    return found


def pairs(heads: Sequence[Head], asked: set[bytes]) -> Iterator[tuple[Head, list[Head]]]:
    """Each asked household that is like others, and those, in the order of the heads."""
    places: dict[str, list[int]] = defaultdict(list)
    for place, head in enumerate(heads):
        for mark in _marks(head.name):
            places[mark].append(place)
    for head in heads:
        if head.household_id not in asked:
            continue
        near = {place for mark in _marks(head.name) for place in places[mark]}
        others = [heads[place] for place in sorted(near) if _alike(head, heads[place])]
        if others:
            yield head, others


def _marks(name: str) -> set[str]:
    """Texts of which two names have one in common when they are the same, or one character apart."""
    if not name:
        return set()
    without = {f"{name[:place]}\0{name[place + 1 :]}" for place in range(len(name))}
    shorter = {name[:place] + name[place + 1 :] for place in range(len(name))}
    return {name} | (without | shorter if len(name) >= _SHORTEST else set())


def _alike(one: Head, other: Head) -> bool:
    if one.household_id == other.household_id:
        return False
    if one.id_number and other.id_number:
        return one.id_number != other.id_number and _slip(one.id_number, other.id_number)
    # without both numbers a similar name wants the same group beside it; the very same name does not
    return one.name == other.name or (bool(one.group) and one.group == other.group and _slip(one.name, other.name))


def _slip(one: str, other: str) -> bool:
    """Whether two texts differ by one character, or by two neighbours that changed places."""
    if abs(len(one) - len(other)) == 1:
        longer, shorter = sorted((one, other), key=len, reverse=True)
        return any(longer[:place] + longer[place + 1 :] == shorter for place in range(len(longer)))
    if len(one) != len(other):
        return False
    apart = [place for place in range(len(one)) if one[place] != other[place]]
    if len(apart) == 2 and apart[1] == apart[0] + 1:
        return one[apart[0]] == other[apart[1]] and one[apart[1]] == other[apart[0]]
    return len(apart) <= 1


def _finding(others: Sequence[Head], exact: bool, several: bool) -> Finding:
    other = others[0]
    params = {
        "number": f"{other.device_tag}-{other.number}" if several and other.device_tag else str(other.number),
        "name": mask_name(other.name),
        "more": Others(len(others) - 1),
    }
    if exact:
        return Finding("household_same_name", Severity.AMBER, "head_name", params)
    return Finding("household_near_name", Severity.AMBER, "head_name", params)


def _heads(connection: sa.Connection, village: str) -> list[Head]:
    columns = (_HOUSEHOLD.c[name] for name in ("id", "device_tag", "number", "head_name", "group_name", "id_number"))
    query = (
        sa.select(*columns)
        .where(_HOUSEHOLD.c.village_code == village, sa.func.coalesce(_HOUSEHOLD.c.removed, 0) == 0)
        .order_by(_HOUSEHOLD.c.device_tag, _HOUSEHOLD.c.number, _HOUSEHOLD.c.id)
    )
    return [
        Head(key, tag or "", number or 0, _plain(name), _plain(group), _person(number_text or ""))
        for key, tag, number, name, group, number_text in connection.execute(query)
    ]


def _person(typed: str) -> str:
    """An ID number as it is compared; those of before 1999 as they are written now."""
    number = idcard.normalise(typed)
    return idcard.from_fifteen(number) if len(number) == _OLD_DIGITS and number.isdecimal() else number


def _plain(text: str | None) -> str:
    """A name as it is compared: full-width letters, spaces and the dot within names aside."""
    return "".join(one for one in unicodedata.normalize("NFKC", text or "").casefold() if one.isalnum())
