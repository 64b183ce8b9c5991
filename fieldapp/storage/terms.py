"""The words under which households, members and parcels are found; kept beside the rows, in the encrypted database."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping

from fieldapp.domain.ids import RecordId
from fieldapp.domain.ops import Value
from fieldapp.domain.pinyin import all_initials
from fieldapp.storage.connection import Connection

NAME, INITIALS, ID_TAIL, NUMBER = "n", "p", "i", "c"
INDEXED = frozenset({"household", "member", "parcel"})
_LONGEST = 64
_NAMES = {"household": ("head_name", "group_name"), "member": ("name",), "parcel": ("place_name",)}
_PERSONS = ("head_name", "name")
_TAILS = ("id_number", "phone")


def fold(text: str) -> str:
    """Text as it is compared: full-width forms and case do not matter, nor do blanks; half a sign finds nothing."""
    text = text.encode("utf-8", "replace").decode("utf-8")
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())[:_LONGEST]


def reindex(connection: Connection, record: str, record_id: RecordId, values: Mapping[str, Value]) -> None:
    """Replaces the words of one record; one in the bin has none."""
    connection.execute("DELETE FROM search_term WHERE record_id = ?", (record_id,))
    if not values.get("removed"):
        rows = [(term, record_id, record, kind) for term, kind in set(_terms(record, values))]
        connection.executemany("INSERT INTO search_term (term, record_id, record, kind) VALUES (?, ?, ?, ?)", rows)


def matters(record: str, names: Mapping[str, Value]) -> bool:
    """Whether a change of these fields changes the words of the record."""
    if record not in INDEXED:
        return False
    return any(name in names for name in (*_NAMES[record], *_TAILS, "number", "removed"))


def _terms(record: str, values: Mapping[str, Value]) -> Iterator[tuple[str, str]]:
    for name in _NAMES[record]:
        text = values.get(name)
        if isinstance(text, str) and text.strip():
            folded = fold(text)
            # Every ending of a name is a word of its own: a prefix search then finds any part of it.
            yield from ((folded[start:], NAME) for start in range(len(folded)))
            person = name in _PERSONS
            yield from ((fold(letters), INITIALS) for letters in all_initials(text, person=person) if letters)
    for name in _TAILS:
        text = values.get(name)
        if isinstance(text, str) and text.strip():
            yield fold(text)[::-1], ID_TAIL
    number = values.get("number")
    if record == "household" and isinstance(number, int):
        yield f"h{number:04d}", NUMBER
        yield f"{number}", NUMBER
