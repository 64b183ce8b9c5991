"""The way from every released schema to today's: append-only, each step in one transaction with its own record.

A step never imports today's models: what it does was frozen when it was released.
"""

from __future__ import annotations

import os
import secrets
from importlib import resources
from pathlib import Path

import msgpack
from sqlite_utils import Database, Migrations

from fieldapp.storage import faults, files
from fieldapp.storage.connection import APPLICATION_ID, Connection, check_version, copy_database

steps = Migrations("fieldapp.storage")


@steps()
def m0001_first_schema(db: Database) -> None:
    """Everything that version 1 holds; the statements lie in `m0001.sql`, one a paragraph."""
    text = resources.files("fieldapp.storage").joinpath("m0001.sql").read_text("utf-8")
    for statement in text.split(";;\n"):
        if statement.strip():
            db.execute(statement)
    db.execute("PRAGMA user_version = 1")


@steps()
def m0002_words_in_the_row(db: Database) -> None:
    """The words of the search move from their own table into the rows that they find."""
    for table in ("household", "member", "parcel"):
        db.execute(f"ALTER TABLE {table} ADD COLUMN words TEXT")
        db.execute(
            f"UPDATE {table} SET words = (SELECT group_concat(kind || term, char(10)) FROM search_term "
            f"WHERE record_id = {table}.id)"
        )
    db.execute("DROP TABLE search_term")
    db.execute("PRAGMA user_version = 2")


@steps()
def m0003_sums_by_kind(db: Database) -> None:
    """A household keeps, by kind of tree, what the range of a sum needs; lows and highs were added up until now."""
    db.execute("ALTER TABLE tree_current ADD COLUMN species TEXT")
    db.execute(
        "UPDATE tree_current SET species = (SELECT coalesce(nullif(t.species, ''), p.species) FROM tree t "
        "LEFT JOIN parcel p ON p.id = t.parcel_id WHERE t.id = tree_current.tree_id)"
    )
    db.execute("ALTER TABLE household_current DROP COLUMN co2e_low_mg")
    db.execute("ALTER TABLE household_current DROP COLUMN co2e_high_mg")
    db.execute("ALTER TABLE household_current ADD COLUMN kinds TEXT NOT NULL DEFAULT '[]'")
    db.execute(resources.files("fieldapp.storage").joinpath("m0003.sql").read_text("utf-8"))
    db.execute("PRAGMA user_version = 3")


@steps()
def m0004_height_curves(db: Database) -> None:
    """A parcel keeps the height curve of its trees; one that a newer program sent already moves to its place."""
    db.execute("ALTER TABLE parcel RENAME COLUMN words TO old_words")
    for name in ("height_curve", "words"):
        db.execute(f"ALTER TABLE parcel ADD COLUMN {name} TEXT")
    db.execute("UPDATE parcel SET words = old_words")
    db.execute("ALTER TABLE parcel DROP COLUMN old_words")
    for record_id, packed in db.execute("SELECT id, unknown FROM parcel WHERE unknown IS NOT NULL").fetchall():
        held = msgpack.unpackb(packed)
        curve = held.pop("height_curve", None)
        if isinstance(curve, str):
            rest = msgpack.packb(held) if held else None
            db.execute("UPDATE parcel SET height_curve = ?, unknown = ? WHERE id = ?", (curve, rest, record_id))
    db.execute("PRAGMA user_version = 4")


@steps()
def m0005_stems(db: Database) -> None:
    """A measurement keeps girths and stems as measured; those that a newer program sent move to their place."""
    db.execute("DROP TRIGGER measurement_is_fixed")
    db.execute("ALTER TABLE measurement ADD COLUMN stems TEXT")
    db.execute("ALTER TABLE tree_current ADD COLUMN stems TEXT")
    behind = []
    for record_id, tree_id, packed in db.execute(
        "SELECT id, tree_id, unknown FROM measurement WHERE unknown IS NOT NULL"
    ).fetchall():
        held = msgpack.unpackb(packed)
        stems = held.pop("stems", None)
        if isinstance(stems, str):
            rest = msgpack.packb(held) if held else None
            db.execute("UPDATE measurement SET stems = ?, unknown = ? WHERE id = ?", (stems, rest, record_id))
            behind.append(tree_id.hex() if tree_id else "")
    if trees := " ".join(filter(None, behind)):
        db.execute("INSERT OR REPLACE INTO local (key, value) VALUES ('behind', ?)", (trees,))
    db.execute(
        "CREATE TRIGGER measurement_is_fixed BEFORE UPDATE OF id, village_code, tree_id, dbh_cm, height_m, "
        "measured_on, measured_by, tool, cleared, stems ON measurement "
        "BEGIN SELECT RAISE(ABORT, 'measurement is a fact'); END"
    )
    db.execute("PRAGMA user_version = 5")


@steps()
def m0006_seen(db: Database) -> None:
    """A measurement names those that its author knew of; what a newer program sent moves to its place."""
    db.execute("DROP TRIGGER measurement_is_fixed")
    db.execute("ALTER TABLE measurement ADD COLUMN seen TEXT")
    behind = []
    for record_id, tree_id, packed in db.execute(
        "SELECT id, tree_id, unknown FROM measurement WHERE unknown IS NOT NULL"
    ).fetchall():
        held = msgpack.unpackb(packed)
        seen = held.pop("seen", None)
        if isinstance(seen, str):
            rest = msgpack.packb(held) if held else None
            db.execute("UPDATE measurement SET seen = ?, unknown = ? WHERE id = ?", (seen, rest, record_id))
            behind.append(tree_id.hex() if tree_id else "")
    left = db.execute("SELECT value FROM local WHERE key = 'behind'").fetchone()
    if trees := " ".join(filter(None, (left[0] if left else "", *behind))):
        db.execute("INSERT OR REPLACE INTO local (key, value) VALUES ('behind', ?)", (trees,))
    db.execute(
        "CREATE TRIGGER measurement_is_fixed BEFORE UPDATE OF id, village_code, tree_id, dbh_cm, height_m, "
        "measured_on, measured_by, tool, cleared, stems, seen ON measurement "
        "BEGIN SELECT RAISE(ABORT, 'measurement is a fact'); END"
    )
    db.execute("PRAGMA user_version = 6")


@steps()
def m0007_doubtful_counted(db: Database) -> None:
    """Beside the findings of a household stands how many of its trees are doubtful; all are to be counted anew."""
    db.execute("ALTER TABLE finding_count ADD COLUMN doubtful INTEGER NOT NULL DEFAULT 0")
    db.execute("UPDATE finding_count SET grey = -1")
    db.execute("PRAGMA user_version = 7")


@steps()
def m0008_operations_in_order(db: Database) -> None:
    """Own operations become the last rows of a table in the order of their numbers, which is cheap to append to."""
    db.execute("ALTER TABLE op RENAME TO old_op")
    db.execute(
        "CREATE TABLE op (id INTEGER PRIMARY KEY, hlc INTEGER NOT NULL, village_code TEXT NOT NULL, "
        "record TEXT NOT NULL, record_id BLOB NOT NULL, kind INTEGER NOT NULL, fields BLOB NOT NULL, seen BLOB, "
        "person TEXT NOT NULL, schema INTEGER NOT NULL, unit INTEGER, before BLOB, filed INTEGER, "
        "device_no INTEGER AS (id >> 40), counter INTEGER AS (id & 1099511627775)) STRICT"
    )
    # Own laptops keep their numbers, so that their operations are the last rows; others go below zero.
    db.execute(
        "INSERT INTO op SELECT (CASE WHEN own = 1 THEN no ELSE -no END << 40) + counter AS id, hlc, village_code, "
        "record, record_id, kind, fields, seen, person, schema, unit, before, filed "
        "FROM old_op JOIN device ON no = device_no ORDER BY id"
    )
    db.execute("DROP TABLE old_op")
    db.execute("CREATE INDEX op_by_record ON op (record_id) WHERE filed = 1")
    db.execute(
        "UPDATE receipt_range SET device_no = -device_no WHERE device_no IN (SELECT no FROM device WHERE own = 0)"
    )
    db.execute("UPDATE device SET no = -no WHERE own = 0")
    db.execute("PRAGMA user_version = 8")


@steps()
def m0009_unread(db: Database) -> None:
    """A tree, a parcel and a paper keep what was typed and has no meaning; what a newer program sent moves in."""
    db.execute("ALTER TABLE parcel RENAME COLUMN words TO old_words")
    for table in ("tenure", "parcel", "tree"):
        db.execute(f"ALTER TABLE {table} ADD COLUMN unread TEXT")
        for record_id, packed in db.execute(f"SELECT id, unknown FROM {table} WHERE unknown IS NOT NULL").fetchall():
            held = msgpack.unpackb(packed)
            unread = held.pop("unread", None)
            if isinstance(unread, str):
                rest = msgpack.packb(held) if held else None
                db.execute(f"UPDATE {table} SET unread = ?, unknown = ? WHERE id = ?", (unread, rest, record_id))
    db.execute("ALTER TABLE parcel ADD COLUMN words TEXT")
    db.execute("UPDATE parcel SET words = old_words")
    db.execute("ALTER TABLE parcel DROP COLUMN old_words")
    db.execute("PRAGMA user_version = 9")


NEWEST = 9


def keep_before(connection: Connection, key: bytes, folder: Path, newest: int = NEWEST) -> Path | None:
    """Copies a database that is about to be migrated to `folder`, as encrypted as it is; None when it is not.

    Raises StorageError, and then nothing has been changed: without a copy there is no migration.
    """
    found = check_version(connection, newest)
    if found in (0, newest):
        return None
    kept = folder / f"before-schema-{newest}-from-{found}.db"
    half = kept.with_name(f"{kept.name}.{secrets.token_hex(4)}{files.TEMPORARY}")
    with faults.told():
        try:
            folder.mkdir(exist_ok=True)
            copy_database(connection, key, half)
            with half.open("rb+") as file:
                os.fsync(file.fileno())
            os.replace(half, kept)
            files.sync_folder(folder)
        finally:
            for leftover in folder.glob(half.name + "*"):
                leftover.unlink()
    return kept


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
