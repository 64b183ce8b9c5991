"""Which operations may enter the tables; a poisonous one is set aside visibly and its neighbours land."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from fieldapp.domain.fields import FieldSpec, Kind, specs
from fieldapp.domain.ops import Op, OpKind, Value
from fieldapp.domain.records import BY_NAME
from fieldapp.domain.values import canonical, foreign
from fieldapp.errors import ItemError

_MAX_INTEGER = 2**63 - 1
# Why an operation is set aside; the same words as on the laptop.
UNKNOWN_RECORD = "unknown_record"
FACT_EDITED = "fact_edited"
FACT_EXISTS = "fact_exists"
BAD_VALUE = "bad_value"
_LENGTHS = {Kind.REF: 16, Kind.HASH: 32}


def checked(op: Op) -> Op:
    """The operation with canonical values. Raises ItemError for one that may not enter the tables."""
    declared = BY_NAME.get(op.record)
    if declared is None:
        raise ItemError(UNKNOWN_RECORD)
    if op.kind is OpKind.EDIT and not declared.editable:
        raise ItemError(FACT_EDITED)
    known = {spec.name: spec for spec in specs(declared)}
    try:
        fields = {
            name: canonical(known[name], value) if name in known else foreign(name, value)
            for name, value in op.fields.items()
        }
    except ItemError as error:
        raise ItemError(BAD_VALUE, **error.params) from error
    return replace(op, fields=fields)


def canonical_column(spec: FieldSpec, values: Sequence[Value]) -> list[Value] | None:
    """A whole column in canonical form, or None when its values must be looked at one by one."""
    held: list[Any] = [value for value in values if value is not None]
    kinds = set(map(type, held))
    if spec.kind in (Kind.TEXT, Kind.DATE):
        return list(values) if kinds <= {str} and _has_utf8("".join(held)) else None
    if spec.kind is Kind.REAL:
        if not kinds <= {float} or not all(map(math.isfinite, held)):
            return None
        return list(values) if all(held) else [value if value is None else float(value) + 0.0 for value in values]
    if spec.kind in _LENGTHS:
        return list(values) if kinds <= {bytes} and set(map(len, held)) <= {_LENGTHS[spec.kind]} else None
    in_range = kinds <= {int} and (not held or (min(held) >= -_MAX_INTEGER and max(held) <= _MAX_INTEGER))
    return list(values) if in_range else None


def foreign_column(name: str, values: Sequence[Value]) -> list[Value] | None:
    """The same for a field that only a newer program declares."""
    try:
        return [foreign(name, value) for value in values]
    except ItemError:
        return None


def _has_utf8(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
