"""Whether a value fits a declared field, and its one canonical form, on which laptop and server agree."""

from __future__ import annotations

import math

from fieldapp.domain.fields import FieldSpec, Kind
from fieldapp.domain.ops import Value
from fieldapp.errors import ItemError

_LENGTHS = {Kind.REF: 16, Kind.HASH: 32}
_MAX_INTEGER = 2**63 - 1


def canonical(spec: FieldSpec, value: Value) -> Value:
    """The value as it is stored and sent; ranges are findings and never refused here.

    Raises ItemError `value_refused` for a value of another kind than the field's.
    """
    if value is None:
        return None
    if spec.kind in (Kind.TEXT, Kind.DATE):
        return _text(spec, value)
    if spec.kind is Kind.REAL:
        return _real(spec, value)
    if spec.kind in (Kind.INTEGER, Kind.INSTANT, Kind.FLAG):
        return _integer(spec, value)
    if isinstance(value, bytes) and len(value) == _LENGTHS[spec.kind]:
        return value
    raise _refused(spec)


def foreign(name: str, value: Value) -> Value:
    """The value of a field that only a newer program declares, as it is. Raises ItemError for what cannot be kept."""
    if isinstance(value, str):
        try:
            value.encode("utf-8")
        except UnicodeEncodeError as error:
            raise ItemError("value_refused", field=name) from error
        return value
    if value is None or isinstance(value, float | bytes) or (isinstance(value, int) and -(2**63) <= value < 2**64):
        return value
    raise ItemError("value_refused", field=name)


def _text(spec: FieldSpec, value: Value) -> str:
    if not isinstance(value, str):
        raise _refused(spec)
    # A lone surrogate (a broken emoji from a clipboard) has no UTF-8 form and would stop every later step.
    return value.encode("utf-8", "replace").decode("utf-8") if not value.isascii() else value


def _real(spec: FieldSpec, value: Value) -> float:
    if isinstance(value, int | float) and math.isfinite(value):
        return float(value) + 0.0  # minus zero and zero are one value
    raise _refused(spec)


def _integer(spec: FieldSpec, value: Value) -> int:
    if isinstance(value, int) and -_MAX_INTEGER <= value <= _MAX_INTEGER:
        return int(value)
    raise _refused(spec)


def _refused(spec: FieldSpec) -> ItemError:
    return ItemError("value_refused", record=spec.record, field=spec.name)
