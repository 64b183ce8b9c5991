"""The way from every released schema to today's: append-only, each step in one transaction with its own record.

A step never imports today's models: what it does was frozen when it was released.
"""

from __future__ import annotations

from importlib import resources

from sqlite_utils import Database, Migrations

from fieldapp.storage import faults
from fieldapp.storage.connection import APPLICATION_ID, Connection, check_version

steps = Migrations("fieldapp.storage")


@steps()
def m0001_first_schema(db: Database) -> None:
    """Everything that version 1 holds; the statements lie in `m0001.sql`, one a paragraph."""
    text = resources.files("fieldapp.storage").joinpath("m0001.sql").read_text("utf-8")
    for statement in text.split(";;\n"):
        if statement.strip():
            db.execute(statement)
    db.execute("PRAGMA user_version = 1")


NEWEST = 1


def migrate(connection: Connection) -> None:
    """Brings the database to today's schema. Raises VersionError for one from a newer program."""
    found = check_version(connection, NEWEST)
    if found == NEWEST:
        return
    with faults.told():
        connection.execute("PRAGMA foreign_keys = OFF")
        if found == 0:
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        steps.apply(Database(connection, execute_plugins=False))
        connection.execute("PRAGMA foreign_key_check").fetchall()
        connection.execute("PRAGMA foreign_keys = ON")
