"""Trees that people measured differently without knowing of each other: written down, and settled by a measurement.

What a dispute is says `domain/current.py`; here it becomes rows of the conflicts, under the tree and the quantity.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from fieldapp.domain.current import FACT_FIELDS, MeasurementFact, disputed, tips
from fieldapp.domain.ids import RecordId, new_id
from fieldapp.domain.merge import Head, decode_refs
from fieldapp.domain.ops import Value
from fieldapp.domain.records import Measurement
from fieldapp.errors import ItemError
from fieldapp.storage import states
from fieldapp.storage.connection import Connection

if TYPE_CHECKING:
    from fieldapp.storage.store import Store

RECORD = "measurement"  # of a conflict row whose record_id is the tree's
_KNOWN_SQL = "SELECT hlc, id, seen FROM measurement WHERE tree_id = ?"
_OF_SQL = "SELECT version, village_code FROM measurement WHERE id = ?"


def known(connection: Connection, tree_id: RecordId) -> str:
    """What a new measurement of a tree names as seen: all that this laptop holds."""
    return tips(connection.execute(_KNOWN_SQL, (tree_id,)))


def write(
    connection: Connection,
    tree_ids: Sequence[RecordId],
    marks: str,
    facts: Mapping[RecordId, Iterable[MeasurementFact]],
) -> None:
    """Writes the disputes of these trees anew; `marks` are as many question marks."""
    connection.execute(f"DELETE FROM conflict WHERE record = '{RECORD}' AND record_id IN ({marks})", tree_ids)
    for tree_id, of_tree in facts.items():
        found = disputed(of_tree)
        if found:
            heads = {name: [head(connection, fact, name) for fact in said] for name, said in found.items()}
            village = connection.execute(_OF_SQL, (next(iter(found.values()))[0].id,)).fetchone()[1]
            states.write_conflicts(connection, RECORD, tree_id, village, heads)


def settling(store: Store, tree_id: RecordId, quantity: str, value: Value) -> Measurement:
    """The measurement that says once more what one of the two sides said, with its day and its measurer.

    Raises ItemError when there is nothing to decide any more.
    """
    facts = store.find(Measurement, "WHERE tree_id = ? ORDER BY hlc DESC, id DESC", (tree_id,))
    said = {fact.id: MeasurementFact(0, fact.id, *(getattr(fact, name) for name in FACT_FIELDS)) for fact in facts}
    chosen = next((f for f in facts if said[f.id].speaks_of(quantity) and said[f.id].value(quantity) == value), None)
    if chosen is None:
        raise ItemError("conflict_settled")
    # only this quantity: the other one may have been measured again since
    alone = {"dbh_cm": None, "height_m": None, "stems": None, quantity: getattr(chosen, quantity)}
    if quantity == "dbh_cm":
        alone["stems"] = chosen.stems
    cleared = quantity if getattr(chosen, quantity) is None else None
    return replace(chosen, id=new_id(), version=b"", seen=None, cleared=cleared, **alone)


def head(connection: Connection, fact: MeasurementFact, quantity: str) -> Head:
    """What a measurement says of a quantity, as one side of a dispute."""
    version = connection.execute(_OF_SQL, (fact.id,)).fetchone()[0]
    device, counter = decode_refs(version)[0]
    return Head(fact.hlc, device, counter, fact.value(quantity), fact.measured_by or "")
