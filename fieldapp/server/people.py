"""Who else on this server carries the ID number, the account or the phone of a household's people, masked.

A laptop asks it of the villages that it holds; here all villages meet. A laptop reads every number, however it is
written; here, where a province may meet, the database is asked for the common spellings.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import sqlalchemy as sa

from fieldapp.domain.ids import RecordId
from fieldapp.domain.shared import SHARED, Person, shared_findings, spellings
from fieldapp.errors import Finding
from fieldapp.server.schema import RECORDS

_HOUSEHOLD, _MEMBER, _VILLAGE = RECORDS["household"], RECORDS["member"], RECORDS["village"]
_OWN = _HOUSEHOLD.c
_NOBODY = RecordId(bytes(16))
_ABOUT = (_OWN.id.label("household_id"), _OWN.village_code, _OWN.device_tag, _OWN.number)


def shared(connection: sa.Connection, village: str, households: Sequence[bytes]) -> dict[bytes, list[Finding]]:
    """By household of a village: findings about its head and members, each once."""
    mine = _people(connection, (_OWN.village_code == village) & _OWN.id.in_(households))
    everybody = {person.record_id: person for person in mine}
    for field in SHARED:
        numbers = {text for person in mine for text in spellings(field, getattr(person, field))}
        members = _MEMBER.c[field].in_(numbers) if field in _MEMBER.c else sa.false()
        if numbers:
            alike = _people(connection, _OWN[field].in_(numbers), members)
            everybody |= {person.record_id: person for person in alike}
    villages = {person.village_code for person in everybody.values()}
    everyone = [*everybody.values(), *_laptops(connection, villages)]
    found = shared_findings(everyone, _village_names(connection, villages))
    return {key: _once(found[RecordId(key)].values()) for key in households if key in found}


def _once(records: Iterable[Iterable[Finding]]) -> list[Finding]:
    every: list[Finding] = []
    for finding in (finding for about in records for finding in about):
        if finding not in every:
            every.append(finding)
    return every


def _people(
    connection: sa.Connection, heads: sa.ColumnElement[bool], members: sa.ColumnElement[bool] | None = None
) -> list[Person]:
    """Heads of households that meet a condition, and members that meet theirs; without one, those of these heads."""
    there = sa.func.coalesce(_OWN.removed, 0) == 0
    names = (_OWN.id, *_ABOUT, _OWN.head_name, _OWN.id_number, _OWN.phone, _OWN.bank_account)
    found = [_person(row) for row in connection.execute(sa.select(*names).where(there, heads))]
    joined = _MEMBER.join(
        _HOUSEHOLD, (_OWN.village_code == _MEMBER.c.village_code) & (_OWN.id == _MEMBER.c.household_id)
    )
    columns = (_MEMBER.c.id, *_ABOUT, _MEMBER.c.name, _MEMBER.c.id_number, _MEMBER.c.phone, sa.literal(""))
    asked = there & (sa.func.coalesce(_MEMBER.c.removed, 0) == 0) & (heads if members is None else members)
    return found + [_person(row) for row in connection.execute(sa.select(*columns).select_from(joined).where(asked))]


def _person(row: Sequence[Any]) -> Person:
    key, household, village, tag, number, *texts = row
    return Person(key, household, village, tag or "", number or 0, *(text or "" for text in texts))


def _laptops(connection: sa.Connection, villages: Iterable[str]) -> Iterator[Person]:
    """Somebody without numbers for each laptop of these villages: where there are several, numbers need their tags."""
    query = sa.select(_OWN.village_code, _OWN.device_tag).where(_OWN.village_code.in_(list(villages))).distinct()
    for village, tag in connection.execute(query):
        yield Person(_NOBODY, _NOBODY, village, tag or "", 0, "", "", "")


def _village_names(connection: sa.Connection, villages: Iterable[str]) -> dict[str, str]:
    query = sa.select(_VILLAGE.c.village_code, _VILLAGE.c.name).where(_VILLAGE.c.village_code.in_(list(villages)))
    return {row.village_code: row.name for row in connection.execute(query) if row.name}
