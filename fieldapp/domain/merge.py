"""What a record is, from the set of its operations: the same on every laptop and server, whatever arrived first.

Per field, the heads are the operations that no other operation of that field has seen. One head, or several
that say the same, is the plain case. The visible value is that of the head with the greatest
(hybrid clock, laptop, counter); where the declaration asks for it, differing heads are a conflict as well,
and a decision is nothing but an edit that has seen all of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, NamedTuple

import msgpack

from fieldapp.domain.fields import Merge, specs
from fieldapp.domain.ids import DeviceId, RecordId
from fieldapp.domain.ops import Op, OpKind, OpRef, Value
from fieldapp.domain.records import BY_NAME

_REF_BYTES = 24
_PACK = msgpack.Packer(buf_size=4096).pack


class Head(NamedTuple):
    """A value that no later one has superseded; the first three order heads everywhere alike."""

    hlc: int
    device: DeviceId
    counter: int
    value: Value
    person: str = ""

    @property
    def ref(self) -> OpRef:
        """The operation that wrote it."""
        return OpRef(self.device, self.counter)


@dataclass(frozen=True, slots=True)
class Version:
    """Names, per field, the operations whose values a person sees: the creating one unless overridden."""

    base: OpRef
    overrides: Mapping[str, tuple[OpRef, ...]] = field(default_factory=dict)

    def seen(self, name: str) -> tuple[OpRef, ...]:
        """The operations behind the visible value of a field."""
        return self.overrides.get(name, (self.base,))

    def encode(self) -> bytes:
        """Compact and canonical: equal versions are equal bytes."""
        base = encode_ref(self.base)
        if not self.overrides:
            return base
        named = {
            name: encode_ref(refs[0]) if len(refs) == 1 else b"".join(map(encode_ref, sorted(refs)))
            for name, refs in sorted(self.overrides.items())
        }
        packed: bytes = _PACK(named)
        return base + packed


def encode_ref(ref: OpRef) -> bytes:
    """An operation's name as 24 bytes."""
    return ref.device + ref.counter.to_bytes(8, "big")


def decode_refs(data: bytes) -> tuple[OpRef, ...]:
    """The names in a run of 24-byte pieces."""
    if len(data) == _REF_BYTES:  # nearly always, and a third of the time
        return (OpRef(DeviceId(data[:16]), int.from_bytes(data[16:], "big")),)
    return tuple(
        OpRef(DeviceId(data[at : at + 16]), int.from_bytes(data[at + 16 : at + _REF_BYTES], "big"))
        for at in range(0, len(data), _REF_BYTES)
    )


def decode_version(data: bytes) -> Version:
    """The version behind a record's `version` bytes."""
    base = decode_refs(data[:_REF_BYTES])[0]
    if len(data) == _REF_BYTES:
        return Version(base)
    named = msgpack.unpackb(data[_REF_BYTES:])
    return Version(base, {name: decode_refs(refs) for name, refs in named.items()})


@dataclass(frozen=True, slots=True)
class RecordState:
    """One record as all its operations make it; `values` also holds fields that only a newer program declares."""

    record: str
    record_id: RecordId
    village_code: str
    hlc: int
    version: Version
    values: Mapping[str, Value]
    conflicts: Mapping[str, tuple[Head, ...]]


@cache
def merge_rule(record: str, name: str) -> Merge:
    """The declared rule of a field; a field that only a newer program knows shows its latest value."""
    declared: type[Any] | None = BY_NAME.get(record)
    if declared is None:
        return Merge.LATEST
    return next((spec.merge for spec in specs(declared) if spec.name == name), Merge.LATEST)


def merge(ops: Iterable[Op]) -> RecordState | None:
    """The state of the one record that `ops` are about; None as long as the operation that adds it is missing."""
    distinct = {op.ref: op for op in ops}
    adds = [op for op in distinct.values() if op.kind == OpKind.ADD]
    if not adds:
        return None
    base = min(adds, key=_order)
    heads = _heads(distinct.values())
    values: dict[str, Value] = {name: found[-1].value for name, found in heads.items()}
    conflicts = {
        name: tuple(found)
        for name, found in heads.items()
        if merge_rule(base.record, name) is Merge.CONFLICT and len({head.value for head in found}) > 1
    }
    _settle_removal(distinct, base, heads, values, conflicts)
    overrides = {
        name: tuple(sorted(head.ref for head in found))
        for name, found in heads.items()
        if len(found) > 1 or found[0].ref != base.ref
    }
    return RecordState(
        base.record, base.record_id, base.village_code, base.hlc, Version(base.ref, overrides), values, conflicts
    )


def _order(op: Op) -> tuple[int, DeviceId, int]:
    return op.hlc, op.device, op.counter


def _heads(ops: Iterable[Op]) -> dict[str, list[Head]]:
    written: dict[str, list[Head]] = defaultdict(list)
    superseded: dict[str, set[OpRef]] = defaultdict(set)
    for op in ops:
        for name, value in op.fields.items():
            written[name].append(Head(op.hlc, op.device, op.counter, value, op.person))
            superseded[name].update(ref for ref in op.seen.get(name, ()) if ref != op.ref)
    found = {}
    for name, heads in written.items():
        left = [head for head in heads if head.ref not in superseded[name]]
        # Only forged operations can name each other in a circle; then nothing is superseded.
        found[name] = sorted(left or heads, key=lambda head: head[:3])
    return found


def _settle_removal(
    ops: Mapping[OpRef, Op],
    base: Op,
    heads: Mapping[str, list[Head]],
    values: dict[str, Value],
    conflicts: dict[str, tuple[Head, ...]],
) -> None:
    """Removal against an edit that the remover had not seen: the row stays, and a person decides."""
    removals = [head for head in heads.get("removed", ()) if head.value]
    if not removals:
        return
    if "removed" in conflicts:
        values["removed"] = 0
        return
    if not values["removed"]:
        return
    late = [
        head
        for name, found in heads.items()
        if name != "removed"
        for head in found
        if head.ref != base.ref and all(unaware(ops, removal.ref, head.ref, name) for removal in removals)
    ]
    if late:
        keeper = max(late, key=lambda head: head[:3])
        values["removed"] = 0
        conflicts["removed"] = (*removals, keeper._replace(value=0))


def unaware(ops: Mapping[OpRef, Op], removal: OpRef, edit: OpRef, name: str) -> bool:
    """Whether neither the remover saw the edit nor the editor the removal."""
    return (
        removal != edit
        and edit not in ops[removal].seen.get(name, ())
        and removal not in ops[edit].seen.get("removed", ())
    )
