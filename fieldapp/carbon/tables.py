"""Reads a methodology's tables by their own dictionary of columns; every fault names file, line and column."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from decimal import Decimal, InvalidOperation
from math import isfinite
from pathlib import Path
from typing import Any

from fieldapp.carbon.entries import Curve, Density, Equation, Factor, Reference, Species, Status, WorkedValue
from fieldapp.carbon.exact import CONTEXT
from fieldapp.errors import ItemError, StorageError

ENTRIES: dict[str, type] = {
    "species.csv": Species,
    "equations.csv": Equation,
    "densities.csv": Density,
    "factors.csv": Factor,
    "curves.csv": Curve,
    "references.csv": Reference,
    "worked.csv": WorkedValue,
}
DICTIONARY = "columns.csv"
VERSION = "version.json"
FILES = (VERSION, DICTIONARY, *ENTRIES)


@dataclass(frozen=True, slots=True)
class ColumnNote:
    """One line of the dictionary of columns."""

    file: str
    column: str
    type: str
    unit: str
    english: str
    chinese: str


def read_folder(folder: Path) -> dict[str, bytes]:
    """The bytes of every file of a methodology; a missing one is an ItemError, a missing folder a StorageError."""
    contents = {}
    if not folder.is_dir():
        raise StorageError("folder_absent", name=folder.name)
    for name in FILES:
        try:
            contents[name] = (folder / name).read_bytes()
        except OSError as error:
            raise ItemError("methodology_file_missing", file=name) from error
    return contents


def read_version(contents: Mapping[str, bytes]) -> dict[str, str]:
    """Name, version, date and titles of the methodology."""
    try:
        version = json.loads(contents[VERSION].decode("utf-8"))
        about = {str(key): str(value) for key, value in version.items()} | {"version": str(version["version"])}
        "".join(about.values()).encode()  # half a sign can be written as JSON, and nowhere else
        return about
    except (ValueError, KeyError, AttributeError, TypeError, RecursionError) as error:
        raise ItemError("methodology_unreadable", file=VERSION, line=1, column="version") from error


def read_dictionary(contents: Mapping[str, bytes]) -> list[ColumnNote]:
    """The dictionary of columns."""
    rows = _rows(contents, DICTIONARY)
    try:
        notes = [ColumnNote(**row) for row in rows]
    except TypeError as error:
        raise ItemError("methodology_unreadable", file=DICTIONARY, line=1, column="") from error
    for line, note in enumerate(notes, start=2):
        if note.type not in CONVERSIONS:
            raise ItemError("methodology_unreadable", file=DICTIONARY, line=line, column="type")
    return notes


def read_table(contents: Mapping[str, bytes], name: str, notes: list[ColumnNote]) -> list[Any]:
    """The records of one table, converted as the dictionary says."""
    types = {note.column: note.type for note in notes if note.file == name}
    if types.keys() != _FIELD_TYPES[name].keys():
        odd = ", ".join(sorted(types.keys() ^ _FIELD_TYPES[name].keys()))
        raise ItemError("methodology_unreadable", file=DICTIONARY, line=1, column=odd)
    entries = []
    for line, row in enumerate(_rows(contents, name), start=2):
        if row.keys() != types.keys():
            odd = ", ".join(sorted(str(column) for column in row.keys() ^ types.keys()))
            raise ItemError("methodology_unreadable", file=name, line=line, column=odd)
        entries.append(ENTRIES[name](**_converted(name, line, row, types)))
    return entries


def _rows(contents: Mapping[str, bytes], name: str) -> list[dict[str, str]]:
    try:
        text = contents[name].decode("utf-8-sig")
        return list(csv.DictReader(io.StringIO(text, newline="")))
    except (UnicodeDecodeError, csv.Error) as error:
        raise ItemError("methodology_unreadable", file=name, line=1, column="") from error


def _converted(name: str, line: int, row: dict[str, str], types: dict[str, str]) -> dict[str, Any]:
    values = {}
    for column, text in row.items():
        try:
            values[column] = CONVERSIONS[types[column]](text.strip())
        except (ValueError, KeyError, ArithmeticError, AttributeError) as error:
            raise ItemError("methodology_unreadable", file=name, line=line, column=column) from error
    return values


def exact_number(text: str) -> Decimal:
    """A coefficient as published; fractions such as 7/3 or 44/12 are kept exact to 40 digits."""
    upper, slash, lower = text.partition("/")
    number = CONTEXT.create_decimal(upper)
    if slash:
        number = CONTEXT.divide(number, CONTEXT.create_decimal(lower))
    if not number.is_finite():
        raise InvalidOperation(text)
    return number


def _coefficients(text: str) -> dict[str, Decimal]:
    pairs = [part.split("=") for part in text.split(";") if part]
    found = {name.strip(): exact_number(value) for name, value in pairs}
    if len(found) != len(pairs):  # one name twice
        raise ValueError(text)
    return found


def _list(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(";") if part.strip())


def _number(text: str) -> float:
    number = float(text)
    if not isfinite(number):
        raise ValueError(text)
    return number


def _optional_number(text: str) -> float | None:
    return _number(text) if text else None


CONVERSIONS: dict[str, Callable[[str], Any]] = {
    "text": str,
    "list": _list,
    "number": _number,
    "optional number": _optional_number,
    "optional integer": lambda text: int(text) if text else None,
    "exact number": exact_number,
    "coefficients": _coefficients,
    "status": Status,
}
_KINDS = {
    "str": "text",
    "tuple[str, ...]": "list",
    "float": "number",
    "float | None": "optional number",
    "int | None": "optional integer",
    "Decimal": "exact number",
    "dict[str, Decimal]": "coefficients",
    "Status": "status",
}
_FIELD_TYPES = {
    name: {field.name: _KINDS[str(field.type)] for field in fields(entry)} for name, entry in ENTRIES.items()
}
