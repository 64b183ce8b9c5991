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
_TREE_SQL = "SELECT household_id FROM tree_current WHERE tree_id = ?"
_PARCEL_SQL = "SELECT household_id FROM parcel WHERE id = ?"


def mark_waiting(connection: Connection, changed: Mapping[RecordId, tuple[str, Mapping[str, Value]]]) -> None:
    """Marks the households of these records as having changes that the server does not hold."""
    households = {
        household
        for record_id, (record, values) in changed.items()
        if (household := household_of(connection, record, record_id, values)) is not None
    }
    for household in households:
        # Nearly every save finds the mark set already, and reading costs less than writing nothing.
        if not _first(connection, "SELECT waiting FROM household_current WHERE household_id = ?", household):
            connection.execute(_MARK_SQL, (household,))


def household_of(connection: Connection, record: str, record_id: RecordId, values: Mapping[str, Value]) -> Value:
    """The household that a record belongs to, None for a village or while its owner has not arrived."""
    if record == "household":
        return record_id
    if "household_id" in values:
        return values["household_id"]
    if record == "tree":
        return _first(connection, _TREE_SQL, record_id)
    if record == "measurement":
        return _first(connection, _TREE_SQL, values.get("tree_id"))
    subject = values.get("subject_id")
    if values.get("subject") == "household":
        return subject
    return _first(connection, _PARCEL_SQL if values.get("subject") == "parcel" else _TREE_SQL, subject)


def _first(connection: Connection, sql: str, id: Value) -> Value:
    found = connection.execute(sql, (id,)).fetchone()
    return found[0] if found else None
