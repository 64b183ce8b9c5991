"""Undo and redo that survive a restart: they write new operations, nothing is ever taken out of history.

A field that somebody else has changed since is left alone. What a fact said is taken back by a later fact;
consents, events and review remarks are statements about a day and stay.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import Any

import msgpack

from fieldapp.domain.current import FACT_FIELDS, QUANTITIES, MeasurementFact, current_measurement
from fieldapp.domain.ids import RecordId, new_id
from fieldapp.domain.ops import OpKind, Value
from fieldapp.domain.records import BY_NAME, Measurement, Position, Record
from fieldapp.storage import faults, oprows
from fieldapp.storage.layout import layout
from fieldapp.storage.store import Store
from fieldapp.storage.unit import UNDONE, Changes, UnitOfWork

_UNIT_SQL = (
    f"SELECT unit FROM op WHERE {oprows.of_device('?1')} AND unit IS NOT NULL AND counter < ?2 ORDER BY id DESC LIMIT 1"
)
_OPS_SQL = (
    "SELECT record, record_id, kind, fields, before, unit FROM op "
    f"WHERE {oprows.of_device('?1', above='?2 - 1')} ORDER BY id"
)
_FOREVER = 2**63 - 1


def undo(store: Store) -> Changes | None:
    """Takes back the last save that is not taken back yet; None when there is none."""
    undone = _undone(store)
    found = store.rows(_UNIT_SQL, (store.device_no, undone[-1] if undone else _FOREVER))
    if not found:
        return None
    unit = found[0][0]
    return _replay(store, unit, [*undone, unit], backwards=True)


def redo(store: Store) -> Changes | None:
    """Brings back the save that was taken back last; None when a new save came after it or there is none."""
    undone = _undone(store)
    return _replay(store, undone[-1], undone[:-1], backwards=False) if undone else None


@dataclass(frozen=True, slots=True)
class Step:
    """One operation of a save: what undo takes back, or redo brings back."""

    record: str
    record_id: RecordId
    added: bool
    fields: Mapping[str, Value]
    before: Mapping[str, Value]


def next_undo(store: Store) -> tuple[Step, ...]:
    """What undo would take back; empty when there is nothing."""
    undone = _undone(store)
    found = store.rows(_UNIT_SQL, (store.device_no, undone[-1] if undone else _FOREVER))
    return _steps(store, found[0][0]) if found else ()


def next_redo(store: Store) -> tuple[Step, ...]:
    """What redo would bring back; empty when there is nothing."""
    undone = _undone(store)
    return _steps(store, undone[-1]) if undone else ()


def _steps(store: Store, unit: int) -> tuple[Step, ...]:
    return tuple(
        Step(record, record_id, kind != OpKind.EDIT, msgpack.unpackb(fields), msgpack.unpackb(before) if before else {})
        for record, record_id, kind, fields, before in _ops(store, unit)
    )


def _ops(store: Store, unit: int) -> list[tuple[Any, ...]]:
    following = store.connection.execute(_OPS_SQL, (store.device_no, unit))
    # The operations of one save stand together: reading stops with the first one of another save.
    return [row[:5] for row in takewhile(lambda row: row[5] == unit, following)]


def can_undo(store: Store) -> bool:
    """Whether undo has something to do."""
    undone = _undone(store)
    return bool(store.rows(_UNIT_SQL, (store.device_no, undone[-1] if undone else _FOREVER)))


def can_redo(store: Store) -> bool:
    """Whether redo has something to do."""
    return bool(_undone(store))


def _undone(store: Store) -> list[int]:
    return [int(unit) for unit in store.setting(UNDONE).split()]


def _replay(store: Store, unit: int, undone: list[int], *, backwards: bool) -> Changes:
    rows = _ops(store, unit)
    with store.unit(undoable=False) as work, faults.told():
        for record, record_id, kind, fields, before in reversed(rows) if backwards else rows:
            after = msgpack.unpackb(fields)
            earlier = msgpack.unpackb(before) if before else {}
            if kind == OpKind.EDIT:
                wanted, instead_of = (earlier, after) if backwards else (after, earlier)
                _set_back(store, work, BY_NAME[record], record_id, wanted, instead_of)
            else:
                _add_or_take_back(store, work, BY_NAME[record], record_id, after, backwards=backwards)
        store.set_setting(UNDONE, " ".join(map(str, undone)))
        return work.commit()


def _set_back(
    store: Store,
    work: UnitOfWork,
    record: type[Record],
    record_id: RecordId,
    wanted: Mapping[str, Value],
    instead_of: Mapping[str, Value],
) -> None:
    shown = store.get(record, record_id)
    if shown is not None:
        changes: dict[str, Any] = {
            name: value for name, value in wanted.items() if getattr(shown, name) == instead_of.get(name)
        }
        work.edit(shown, **changes)


def _add_or_take_back(
    store: Store,
    work: UnitOfWork,
    record: type[Record],
    record_id: RecordId,
    added: Mapping[str, Value],
    *,
    backwards: bool,
) -> None:
    if layout(record.record_name).editable:
        shown = store.get(record, record_id)
        if shown is not None:
            work.edit(shown, removed=1 if backwards else 0)
        return
    fact = store.get(record, record_id)
    if isinstance(fact, Measurement):
        work.add(_earlier_measurement(store, fact) if backwards else replace(fact, id=new_id(), version=b"", seen=None))
    elif isinstance(fact, Position):
        work.add(_earlier_position(store, fact) if backwards else replace(fact, id=new_id(), version=b""))


def _earlier_measurement(store: Store, fact: Measurement) -> Measurement:
    """A fact that says what stood before `fact`: the values of the one before, or that there were none."""
    before: list[MeasurementFact] = []
    for known in store.find(Measurement, "WHERE tree_id = ? ORDER BY hlc, id", (fact.tree_id,)):
        if known.id == fact.id:
            break
        values = (getattr(known, name) for name in FACT_FIELDS)
        before.append(MeasurementFact(len(before), known.id, *values))
    stood = current_measurement(before)
    touched = [n for n in QUANTITIES if getattr(fact, n) is not None or n in (fact.cleared or "").split(",")]
    gone = [name for name in touched if getattr(stood, name) is None]
    return Measurement(
        id=new_id(),
        village_code=fact.village_code,
        tree_id=fact.tree_id,
        measured_on=stood.measured_on,
        measured_by=stood.measured_by,
        cleared=",".join(gone) or None,
        stems=stood.stems if "dbh_cm" in touched else None,
        **{name: getattr(stood, name) for name in touched},
    )


def _earlier_position(store: Store, fact: Position) -> Position:
    """A copy of the position before `fact`, or one without coordinates, which says that there is none."""
    before: Position | None = None
    for known in store.find(Position, "WHERE subject_id = ? ORDER BY hlc, id", (fact.subject_id,)):
        if known.id == fact.id:
            break
        before = known
    if before is not None:
        return replace(before, id=new_id(), version=b"")
    return Position(id=new_id(), village_code=fact.village_code, subject=fact.subject, subject_id=fact.subject_id)
