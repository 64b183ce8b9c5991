"""Which conflicts a change has settled: the values that stood against each other when it was made, and whose they were.

Nothing of it is stored: an operation names what its author saw, so that history can tell it of any change, made by
the inbox or in the field itself, here or on another laptop.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from fieldapp.domain.current import MeasurementFact, disputed, known_to_each, one_visit
from fieldapp.domain.fields import Merge
from fieldapp.domain.ids import RecordId
from fieldapp.domain.merge import Head, merge_rule, unaware
from fieldapp.domain.ops import Op, OpKind, OpRef


def settled(op: Op, ops: Mapping[OpRef, Op]) -> dict[str, tuple[Head, ...]]:
    """The fields of a change that settled a conflict; `ops` are all operations of its record."""
    if op.kind == OpKind.ADD:
        return {}
    found = {}
    for name in op.fields:
        heads = _against(op, ops, name)
        if len({head.value for head in heads}) > 1:
            found[name] = heads
    return found


def _against(op: Op, ops: Mapping[OpRef, Op], name: str) -> tuple[Head, ...]:
    seen = [ops[ref] for ref in op.seen.get(name, ()) if ref in ops]
    heads = [_head(one, name) for one in seen if name in one.fields]
    if name == "removed":
        heads += _kept_by(op, ops, [head.ref for head in heads if head.value])
    elif merge_rule(op.record, name) is not Merge.CONFLICT:
        return ()
    return tuple(sorted(heads, key=lambda head: head[:3]))


def _kept_by(op: Op, ops: Mapping[OpRef, Op], removals: list[OpRef]) -> list[Head]:
    """The last edit of what somebody else had put into the bin meanwhile: it said that the record stays."""
    late = [
        _head(ops[ref], name)._replace(value=0)
        for name, refs in op.seen.items()
        if name != "removed"
        for ref in refs
        if ref in ops
        and ops[ref].kind == OpKind.EDIT
        and removals
        and all(unaware(ops, r, ref, name) for r in removals)
    ]
    return [max(late, key=lambda head: head[:3])] if late else []


def _head(op: Op, name: str) -> Head:
    return Head(op.hlc, op.device, op.counter, op.fields.get(name), op.person)


def settled_measurements(
    facts: Iterable[MeasurementFact],
) -> dict[RecordId, dict[str, tuple[MeasurementFact, ...]]]:
    """Of one tree's measurements those that settled a dispute: by quantity, what was said before."""
    found: dict[RecordId, dict[str, tuple[MeasurementFact, ...]]] = {}
    for fact, before in known_to_each(facts):
        sides = {
            quantity: said
            for quantity, said in (disputed(before) if len(before) > 1 else {}).items()
            if fact.speaks_of(quantity) and one_visit(fact.measured_on, said[-1].measured_on)
        }
        if sides:
            found[fact.id] = sides
    return found
