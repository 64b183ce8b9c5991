"""Whether an operation from outside can be taken in; one that cannot is set aside and the others go on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from fieldapp.domain.ops import CLOCK_MOST, COUNTER_BITS, Op, OpKind, Value
from fieldapp.domain.records import BY_NAME
from fieldapp.domain.values import canonical, foreign
from fieldapp.errors import ItemError
from fieldapp.storage.layout import layout

# Reasons as they stand in the quarantine and in the catalogue.
OTHER_VILLAGE = "other_village"
UNKNOWN_RECORD = "unknown_record"
BAD_NAME = "bad_name"
BAD_VALUE = "bad_value"
FACT_EDITED = "fact_edited"
FACT_EXISTS = "fact_exists"
ID_TAKEN = "id_taken"


def check(op: Op, village_code: str) -> tuple[Op, str]:
    """The operation with its values in canonical form and "", or as it came and the reason why it is set aside.

    Fields that only a newer program declares are kept as they are.
    """
    if op.village_code != village_code:
        return op, OTHER_VILLAGE
    if not _well_named(op):
        return op, BAD_NAME
    if op.record not in BY_NAME:
        return op, UNKNOWN_RECORD
    known = layout(op.record)
    if op.kind != OpKind.ADD and not known.editable:
        return op, FACT_EDITED
    specs = known.specs
    fields: dict[str, Value] = {}
    try:
        for name, value in op.fields.items():
            fields[name] = canonical(specs[name], value) if name in specs else foreign(name, value)
    except ItemError:
        return op, BAD_VALUE
    return (op if _the_same(fields, op.fields) else replace(op, fields=fields)), ""


def _the_same(canonical_fields: Mapping[str, Value], sent: Mapping[str, Value]) -> bool:
    """Whether nothing had to be changed; 12 and 12.0, 1 and true, 0.0 and -0.0 are equal, and not the same bytes."""
    return canonical_fields == sent and not any(
        type(value) is not type(sent[name]) or (value == 0 and isinstance(value, float))
        for name, value in canonical_fields.items()
    )


def _well_named(op: Op) -> bool:
    return (
        len(op.device) == 16
        and len(op.record_id) == 16
        and 0 < op.counter < 1 << COUNTER_BITS
        and 0 <= op.hlc <= CLOCK_MOST
        and op.kind in (OpKind.ADD, OpKind.EDIT)
    )
