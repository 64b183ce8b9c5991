"""Sections of a frame: operations of one shape (record, kind, schema, fields) side by side, as columns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fieldapp.domain.ids import DeviceId, RecordId
from fieldapp.domain.ops import Op, OpKind, OpRef, Value
from fieldapp.sync import columns
from fieldapp.sync.columns import IdTable, pack_integers, unpack_integers

MAX_COLUMNS = 200  # a record has some 20 fields; more than this is an attack, not a newer schema

_MOST_CLOCK = 2**64 - 1
_MOST_COUNTER = 2**63 - 1
_MOST_SCHEMA = 2**31 - 1

Seen = Mapping[str, tuple[OpRef, ...]]
_NOTHING_SEEN: Seen = {}


@dataclass(frozen=True, slots=True)
class Section:
    """Operations of one shape in counter order; `values` holds one column per field of `names`."""

    record: str
    kind: OpKind
    schema: int
    names: tuple[str, ...]
    counters: list[int]
    hlcs: list[int]
    record_ids: list[RecordId]
    persons: list[str]
    values: list[list[Value]]
    seen: list[Seen] | None

    def ops(self, device: DeviceId, village_code: str) -> Iterator[Op]:
        """The operations one by one."""
        rows = zip(*self.values, strict=True) if self.values else iter([()] * len(self.counters))
        seen = self.seen if self.seen is not None else [_NOTHING_SEEN] * len(self.counters)
        for counter, hlc, record_id, person, row, saw in zip(
            self.counters, self.hlcs, self.record_ids, self.persons, rows, seen, strict=True
        ):
            yield Op(
                device,
                counter,
                hlc,
                village_code,
                self.record,
                record_id,
                self.kind,
                dict(zip(self.names, row, strict=True)),
                saw,
                person,
                self.schema,
            )


def group(ops: Sequence[Op]) -> list[list[Op]]:
    """Operations of equal shape together, in the order in which the shapes first appear."""
    shapes: dict[tuple[Any, ...], list[Op]] = {}
    for op in ops:
        shape = (op.record, op.kind, op.schema, *op.fields)
        members = shapes.get(shape)
        if members is None:
            shapes[shape] = [op]
        else:
            members.append(op)
    return list(shapes.values())


def pack(ops: Sequence[Op], ids: IdTable) -> list[Any]:
    """One section as msgpack-able lists; all operations must have one shape."""
    first = ops[0]
    names = list(first.fields)
    rows = [op.fields for op in ops]
    return [
        first.record,
        int(first.kind),
        first.schema,
        names,
        pack_integers([op.counter for op in ops]),
        pack_integers([op.hlc for op in ops]),
        pack_integers(ids.indexes([op.record_id for op in ops])),
        columns.pack([op.person for op in ops], ids),
        [columns.pack([row[name] for row in rows], ids) for name in names],
        _pack_seen(ops, ids),
    ]


def _pack_seen(ops: Sequence[Op], ids: IdTable) -> list[Any] | None:
    """Field names, how many operations were seen of each, and these as device and counter; None when nothing was."""
    if not any(op.seen for op in ops):
        return None
    refs = [ref for op in ops for held in op.seen.values() for ref in held]
    return [
        pack_integers([len(op.seen) for op in ops]),
        columns.pack([name for op in ops for name in op.seen], ids),
        pack_integers([len(held) for op in ops for held in op.seen.values()]),
        pack_integers(ids.indexes([ref.device for ref in refs])),
        pack_integers([ref.counter for ref in refs]),
    ]


def unpack(packed: Sequence[Any], ids: Sequence[bytes], most: int) -> Section:
    """A section of at most `most` operations. Raises ValueError, TypeError or IndexError when it is damaged."""
    record, kind, schema, names, counters, hlcs, record_ids, persons, values, seen = packed
    record, *names = _texts((record, *names))
    if len(names) > MAX_COLUMNS or len(names) != len(values) or len(set(names)) != len(names):
        raise ValueError("field names")
    if type(schema) is not int or not 0 <= schema <= _MOST_SCHEMA:
        raise ValueError("section head")
    numbers = unpack_integers(counters, most)
    count = len(numbers)
    places = unpack_integers(record_ids, most)
    stamps = unpack_integers(hlcs, most)
    if not 0 < count <= most or len(places) != count or len(stamps) != count or min(places) < 0:
        raise ValueError("section length")
    if min(stamps) < 0 or max(stamps) > _MOST_CLOCK:
        raise ValueError("clock")
    people = _texts(columns.unpack(persons, count, ids))
    return Section(
        record=record,
        kind=OpKind(kind),
        schema=schema,
        names=tuple(names),
        counters=numbers,
        hlcs=stamps,
        record_ids=[RecordId(ids[place]) for place in places],
        persons=people,
        values=[columns.unpack(one, count, ids) for one in values],
        seen=None if seen is None else _unpack_seen(seen, count, ids, most),
    )


def _unpack_seen(packed: Sequence[Any], count: int, ids: Sequence[bytes], most: int) -> list[Seen]:
    fields_per_op = unpack_integers(packed[0], most)
    if len(fields_per_op) != count or min(fields_per_op) < 0:
        raise ValueError("seen")
    names = iter(_texts(columns.unpack(packed[1], sum(fields_per_op), ids)))
    refs_per_field = unpack_integers(packed[2], MAX_COLUMNS * most)
    devices, counters = unpack_integers(packed[3], MAX_COLUMNS * most), unpack_integers(packed[4], MAX_COLUMNS * most)
    if len(devices) != len(counters) or len(devices) != sum(refs_per_field) or min(devices, default=0) < 0:
        raise ValueError("seen")
    if min(counters, default=0) < 0 or max(counters, default=0) > _MOST_COUNTER:
        raise ValueError("seen")
    refs = (OpRef(DeviceId(ids[device]), counter) for device, counter in zip(devices, counters, strict=True))
    sizes = iter(refs_per_field)
    return [
        {next(names): tuple(next(refs) for _ in range(next(sizes))) for _ in range(fields)} for fields in fields_per_op
    ]


def _texts(found: Sequence[Any]) -> list[str]:
    """The same texts with a question mark for a lone surrogate, which has no UTF-8 form and would stop later steps."""
    if not all(type(one) is str for one in found):
        raise ValueError("text")
    return [one if one.isascii() else one.encode("utf-8", "replace").decode("utf-8") for one in found]
