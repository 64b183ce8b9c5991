"""How a record's field is declared: once, with unit, range, sensitivity and merge rule.

Columns, wire, forms, export headers and the data dictionary are made from these declarations.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any

_KEY = "fieldapp"


class Kind(StrEnum):
    """What a field holds, and so how it is stored and sent."""

    TEXT = "text"
    INTEGER = "integer"
    REAL = "real"
    DATE = "date"  # ISO text, a day and no instant
    INSTANT = "instant"  # integer milliseconds since 1970, UTC
    REF = "ref"  # 16-byte record id
    HASH = "hash"  # 32-byte SHA-256
    FLAG = "flag"  # integer 0 or 1


class Sensitivity(StrEnum):
    """PIPL class of a field: personal is masked in lists, sensitive is masked everywhere until asked for."""

    PUBLIC = "public"
    PERSONAL = "personal"
    SENSITIVE = "sensitive"


class Merge(StrEnum):
    """What happens when two people changed the field without having seen each other's value."""

    LATEST = "latest"  # the later hybrid clock shows, the other stays in history
    CONFLICT = "conflict"  # both are kept until a person decides


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """One declared field; `label` is its catalogue key, ranges are inclusive and in `unit`."""

    record: str
    name: str
    kind: Kind
    unit: str = ""
    decimals: int | None = None
    minimum: float | None = None
    maximum: float | None = None
    choices: tuple[str, ...] = ()
    target: str = ""
    sensitivity: Sensitivity = Sensitivity.PUBLIC
    merge: Merge = Merge.LATEST
    indexed: bool = False

    @property
    def label(self) -> str:
        """Catalogue key of the field's name on forms and in headers."""
        return f"field.{self.record}.{self.name}"


def declare(kind: Kind, *, default: Any = None, **spec: Any) -> Any:
    """A dataclass field that carries its declaration; every field but id and village may be empty (None)."""
    return dataclasses.field(default=default, metadata={_KEY: {"kind": kind, **spec}})


def text(**spec: Any) -> Any:
    """Free or coded text."""
    return declare(Kind.TEXT, **spec)


def integer(**spec: Any) -> Any:
    """A whole number."""
    return declare(Kind.INTEGER, **spec)


def real(**spec: Any) -> Any:
    """A measured number; `decimals` is how it is usually shown, never a rounding of what was typed."""
    return declare(Kind.REAL, **spec)


def date(**spec: Any) -> Any:
    """A calendar day, ISO 8601."""
    return declare(Kind.DATE, **spec)


def instant(**spec: Any) -> Any:
    """Milliseconds since 1970, UTC."""
    return declare(Kind.INSTANT, **spec)


def ref(target: str, **spec: Any) -> Any:
    """The id of another record; `target` is its record name, or "" for any."""
    return declare(Kind.REF, target=target, indexed=True, **spec)


def digest(**spec: Any) -> Any:
    """SHA-256 of a file's bytes."""
    return declare(Kind.HASH, indexed=True, **spec)


def flag(**spec: Any) -> Any:
    """Yes or no."""
    return declare(Kind.FLAG, **spec)


def specs(record: type) -> tuple[FieldSpec, ...]:
    """The declared fields of a record class in order, without `id`, `village_code` and `version`."""
    return _specs(record)


@cache
def _specs(record: type) -> tuple[FieldSpec, ...]:
    return tuple(
        FieldSpec(record=record.record_name, name=f.name, **f.metadata[_KEY])  # type: ignore[attr-defined]
        for f in dataclasses.fields(record)
        if _KEY in f.metadata
    )


@cache
def spec(record: type, name: str) -> FieldSpec:
    """The declaration of one field. Raises KeyError for a field that the record does not have."""
    for candidate in specs(record):
        if candidate.name == name:
            return candidate
    raise KeyError(name)
