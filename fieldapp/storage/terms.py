"""The words under which households, members and parcels are found; kept beside the rows, in the encrypted database."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

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
_MATTERING = {record: frozenset((*names, *_TAILS, "number", "removed")) for record, names in _NAMES.items()}


def fold(text: str) -> str:
    """Text as it is compared: full-width forms and case do not matter, nor do blanks; half a sign finds nothing."""
    if text.isascii():  # nothing to normalise in it
        return "".join(text.lower().split())[:_LONGEST]
    text = text.encode("utf-8", "replace").decode("utf-8")
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())[:_LONGEST]


def reindex(connection: Connection, record: str, found: Iterable[tuple[RecordId, Mapping[str, Value]]]) -> None:
    """Writes the words of records of one kind into their rows; a record in the bin has none."""
    rows = [(None if values.get("removed") else words(record, values), record_id) for record_id, values in found]
    connection.executemany(f"UPDATE {record} SET words = ? WHERE id = ?", rows)


def words(record: str, values: Mapping[str, Value]) -> str | None:
    """Every word of a record, one a line, the first sign of each line being its kind; None when it has none."""
    return "\n".join(sorted({kind + term for term, kind in _terms(record, values)})) or None


def matching(words: str, asked: Mapping[str, str]) -> tuple[str, int] | None:
    """The kind and length of the shortest word that meets what is asked of its kind: names anywhere, others from
    their beginning."""
    fitting = [
        (len(line) - 1, line[0])
        for line in words.split("\n")
        if (text := asked.get(line[0])) and (text in line[1:] if line[0] == NAME else line.startswith(text, 1))
    ]
    if not fitting:
        return None
    length, kind = min(fitting)
    return kind, length


def matters(record: str, names: Mapping[str, Value]) -> bool:
    """Whether a change of these fields changes the words of the record."""
    return record in INDEXED and not _MATTERING[record].isdisjoint(names)


def _terms(record: str, values: Mapping[str, Value]) -> Iterator[tuple[str, str]]:
    for name in _NAMES[record]:
        text = values.get(name)
        if isinstance(text, str) and text.strip():
            yield from _of_name(text, person=name in _PERSONS)
    for name in _TAILS:
        text = values.get(name)
        if isinstance(text, str) and text.strip():
            yield fold(text)[::-1], ID_TAIL
    number = values.get("number")
    if record == "household" and isinstance(number, int):
        yield f"h{number:04d}", NUMBER
        yield f"{number}", NUMBER


@lru_cache(maxsize=1024)  # whoever fills in a form stores it field by field, and its names stay
def _of_name(text: str, *, person: bool) -> tuple[tuple[str, str], ...]:
    letters = ((fold(found), INITIALS) for found in all_initials(text, person=person) if found)
    return ((fold(text), NAME), *letters)
