"""What happened, change by change, and which conflicts a change has settled."""

from __future__ import annotations

from collections.abc import Iterable

from fieldapp.domain import decisions
from fieldapp.domain.current import FACT_FIELDS, MeasurementFact
from fieldapp.domain.ids import RecordId
from fieldapp.domain.merge import Head
from fieldapp.domain.ops import Op, OpKind, hlc_ms
from fieldapp.domain.records import Measurement
from fieldapp.storage import disputes, filing
from fieldapp.storage.store import Store
from fieldapp.storage.views import Choice, ConflictRow, HistoryRow

_FACTS_SQL = f"SELECT hlc, id, {', '.join(FACT_FIELDS)} FROM measurement WHERE tree_id = ? ORDER BY hlc, id"
Settled = dict[RecordId, tuple[ConflictRow, ...]]  # by measurement


def history(store: Store, record_id: RecordId) -> list[HistoryRow]:
    """Every operation of a record, oldest first; nothing is ever lost from it."""
    ops = filing.ops_of(store.connection, record_id, store.devices())
    by_ref = {op.ref: op for op in ops}
    return [
        row_of(
            op,
            tuple(
                ConflictRow(op.record, op.record_id, op.village_code, name, choices(heads))
                for name, heads in decisions.settled(op, by_ref).items()
            ),
        )
        for op in ops
    ]


def of_household(store: Store, household_id: RecordId) -> list[tuple[str, str, HistoryRow]]:
    """What was done to a household, its parcels, papers, members and consents, those in the bin too: the record, a
    parcel's place name, what was said."""
    found = [("household", "", row) for row in history(store, household_id)]
    for record in ("parcel", "tenure", "member", "consent"):
        name = "coalesce(place_name, '')" if record == "parcel" else "''"
        for record_id, place in store.rows(f"SELECT id, {name} FROM {record} WHERE household_id = ?", (household_id,)):
            found += [(record, place, row) for row in history(store, record_id)]
    return found


def row_of(op: Op, decided: tuple[ConflictRow, ...] = ()) -> HistoryRow:
    """An operation as history shows it."""
    return HistoryRow(hlc_ms(op.hlc), op.person, op.device, op.kind == OpKind.ADD, dict(op.fields), decided)


def settled_measurements(store: Store, tree_id: RecordId) -> Settled:
    """The measurements of a tree that settled a dispute about it, each with what was said before."""
    facts = [MeasurementFact(*row) for row in store.rows(_FACTS_SQL, (tree_id,))]
    found: Settled = {}
    for fact_id, sides in decisions.settled_measurements(facts).items():
        found[fact_id] = tuple(
            ConflictRow(Measurement.record_name, tree_id, "", quantity, choices(_heads(store, said, quantity)))
            for quantity, said in sides.items()
        )
    return found


def choices(heads: Iterable[Head]) -> tuple[Choice, ...]:
    """The values that stand against each other, as lists show them."""
    return tuple(Choice(head.value, head.person, head.device, hlc_ms(head.hlc)) for head in heads)


def _heads(store: Store, said: Iterable[MeasurementFact], quantity: str) -> list[Head]:
    return [disputes.head(store.connection, fact, quantity) for fact in said]
