"""Whether two people carry one ID number, or two households one bank account or phone. Pure: people in, findings out.

The same person in two households would be paid twice; exact numbers are compared, however they were typed.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from fieldapp.domain import bankcard, checks, idcard
from fieldapp.domain.ids import RecordId
from fieldapp.domain.masking import mask_name
from fieldapp.errors import Finding, Others, Severity

_SHORTEST = {"id_number": 15, "bank_account": 8, "phone": 7}  # shorter ones are no number of anybody
_PLAIN = {"id_number": idcard.normalise, "bank_account": bankcard.normalise, "phone": checks.plain_phone}
# how people set the digits apart on paper and on cards
_GROUPS = {"id_number": ((6, 8, 4), (6, 4, 4, 4)), "bank_account": ((4, 4, 4, 4, 4), (6, 13)), "phone": ((3, 4, 4),)}
_SEVERITIES = {"id_number": Severity.RED, "bank_account": Severity.AMBER, "phone": Severity.GREY}
_CODES = {"id_number": "id_shared", "bank_account": "account_shared", "phone": "phone_shared"}
SHARED = tuple(_CODES)  # the fields that are compared
CODES = frozenset({*_CODES.values(), "id_shared_inside"})


@dataclass(frozen=True, slots=True)
class Person:
    """A head or a member with what may be somebody else's too; `household_id` is the record's own for a head."""

    record_id: RecordId
    household_id: RecordId
    village_code: str
    device_tag: str
    number: int  # of the household
    name: str
    id_number: str
    phone: str
    bank_account: str = ""


def spellings(field: str, typed: str) -> set[str]:
    """How one number is commonly written, for a database that can look for exact texts alone; none for no number."""
    plain = _plain(field, typed)
    if not plain:
        return set()
    written = {sign.join(_grouped(plain, sizes)) for sizes in _GROUPS[field] for sign in " -"} | {plain}
    if field == "phone":
        written |= {code + one for code in ("86", "+86", "+86 ", "+86-") for one in written}
    if field == "id_number" and len(plain) == 18 and plain[6:8] == "19":
        written.add(plain[:6] + plain[8:17])  # as papers of before 1999 have it
    return {typed} | written | {one.lower() for one in written}


def _grouped(plain: str, sizes: Sequence[int]) -> Iterator[str]:
    place = 0
    for size in sizes:
        if plain[place:]:
            yield plain[place : place + size]
        place += size
    if plain[place:]:
        yield plain[place:]


def shared_findings(
    people: Sequence[Person], villages: Mapping[str, str]
) -> dict[RecordId, dict[RecordId, list[Finding]]]:
    """By household, then by record: who else has the number; `villages` are names by code, for those of another one.

    An ID number is red, also inside a household; an account is amber, and a phone grey, where households share it.
    """
    found: dict[RecordId, dict[RecordId, list[Finding]]] = {}
    tags: dict[str, set[str]] = defaultdict(set)
    for person in people:
        tags[person.village_code].add(person.device_tag)
    for field in _CODES:
        for sharing in _sharing(people, field):
            for person in sharing:
                others = [one for one in sharing if one is not person]
                finding = _finding(field, person, others, villages, tags)
                found.setdefault(person.household_id, {}).setdefault(person.record_id, []).append(finding)
    return found


def _sharing(people: Iterable[Person], field: str) -> Iterator[list[Person]]:
    """Those who have one number, in a steady order."""
    by_number: dict[str, list[Person]] = defaultdict(list)
    for person in people:
        number = _plain(field, getattr(person, field))
        if number:
            by_number[number].append(person)
    for sharing in by_number.values():
        households = len({person.household_id for person in sharing})
        if households > 1 or (field == "id_number" and len(sharing) > 1):
            yield sharing


def _finding(
    field: str, person: Person, others: Sequence[Person], villages: Mapping[str, str], tags: Mapping[str, set[str]]
) -> Finding:
    # somebody of another household first: that is where the money would go twice
    elsewhere = [one for one in others if one.household_id != person.household_id]
    other = (elsewhere or others)[0]
    more = Others(len(others) - 1)
    name = mask_name(other.name) or "**"
    if not elsewhere:
        return Finding("id_shared_inside", _SEVERITIES[field], field, {"name": name, "more": more})
    # two laptops give the same numbers: named as the list of households names it
    several = other.device_tag != person.device_tag or len(tags[other.village_code]) > 1
    tag = f"{other.device_tag}-" if several else ""
    place = "" if other.village_code == person.village_code else villages.get(other.village_code, other.village_code)
    params = {"place": f"{place} " if place else "", "number": f"{tag}{other.number}", "name": name, "more": more}
    return Finding(_CODES[field], _SEVERITIES[field], field, params)


@lru_cache(maxsize=20_000)  # the numbers of a whole township, looked at again after every save
def _plain(field: str, typed: str) -> str:
    """The number itself, whatever stands between its digits; "" for what is none."""
    plain = _PLAIN[field](typed)
    if field == "id_number" and re.fullmatch("[0-9]{15}", plain):
        plain = idcard.from_fifteen(plain)
    return plain if len(plain) >= _SHORTEST[field] and re.search("[0-9]", plain) else ""
