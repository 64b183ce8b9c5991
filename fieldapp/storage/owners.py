"""Whose change it is: the household behind any record, for the mark that says what the server does not hold yet."""

from __future__ import annotations

from collections.abc import Mapping

from fieldapp.domain.ids import RecordId
from fieldapp.domain.ops import Value
from fieldapp.storage.connection import Connection

_MARK_SQL = (
    "INSERT INTO household_current (household_id, waiting) VALUES (?, 1) "
    "ON CONFLICT (household_id) DO UPDATE SET waiting = 1 WHERE waiting = 0"
)
# Nearly every save finds the mark set already, and reading costs less than writing nothing.
_HOUSEHOLD_SQL = "SELECT household_id, waiting FROM household_current WHERE household_id = ?"
_TREE_SQL = (
    "SELECT c.household_id, h.waiting FROM tree_current c LEFT JOIN household_current h "
    "ON h.household_id = c.household_id WHERE c.tree_id = ?"
)
_PARCEL_SQL = (
    "SELECT p.household_id, h.waiting FROM parcel p LEFT JOIN household_current h "
    "ON h.household_id = p.household_id WHERE p.id = ?"
)


def mark_waiting(connection: Connection, changed: Mapping[RecordId, tuple[str, Mapping[str, Value]]]) -> None:
    """Marks the households of these records as having changes that the server does not hold."""
    asked = {_owner(record, record_id, values) for record_id, (record, values) in changed.items()}
    marked = set()
    for sql, id in asked:
        household, waiting = connection.execute(sql, (id,)).fetchone() or (None, 0)
        if sql is _HOUSEHOLD_SQL:
            household = id
        if household is not None and not waiting and household not in marked:
            connection.execute(_MARK_SQL, (household,))
            marked.add(household)


def _owner(record: str, record_id: RecordId, values: Mapping[str, Value]) -> tuple[str, Value]:
    """How to ask for the household that a record belongs to; none is found for a village, or before its owner."""
    if record == "household":
        return _HOUSEHOLD_SQL, record_id
    if "household_id" in values:
        return _HOUSEHOLD_SQL, values["household_id"]
    if record == "tree":
        return _TREE_SQL, record_id
    if record == "measurement":
        return _TREE_SQL, values.get("tree_id")
    subject = values.get("subject_id")
    if values.get("subject") == "household":
        return _HOUSEHOLD_SQL, subject
    return (_PARCEL_SQL if values.get("subject") == "parcel" else _TREE_SQL), subject
