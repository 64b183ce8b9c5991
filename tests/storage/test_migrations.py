"""Every released schema leads to today's, and today's is what the records declare."""

from __future__ import annotations

import lzma
from pathlib import Path

import msgpack
import pytest
import sqlcipher3

from fieldapp.domain.ids import RecordId
from fieldapp.domain.totals import Kind, Part
from fieldapp.errors import StorageError
from fieldapp.storage import connection, migrations, schema
from fieldapp.storage.household_sums import parts_of

GOLDEN = Path(__file__).parent.parent / "golden"
KEY = bytes(range(32))
_SCHEMA_SQL = "SELECT type, name, tbl_name, sql FROM sqlite_master WHERE name NOT LIKE '%sqlite_%' ORDER BY type, name"


def encrypted_copy(released: Path, folder: Path) -> Path:
    """The plain golden file as an encrypted database, as a laptop has it."""
    plain = folder / "plain.db"
    plain.write_bytes(lzma.decompress(released.read_bytes()))
    target = folder / "data.db"
    opened = sqlcipher3.connect(str(plain), isolation_level=None)
    version = opened.execute("PRAGMA user_version").fetchone()[0]
    opened.execute(f"ATTACH DATABASE ? AS made KEY \"x'{KEY.hex()}'\"", (str(target),))
    opened.execute("SELECT sqlcipher_export('made')")
    opened.execute(f"PRAGMA made.user_version = {version}")
    opened.close()
    return target


def test_the_migrated_schema_is_the_declared_one(tmp_path: Path) -> None:
    migrated = connection.connect(tmp_path / "m.db", KEY, create=True)
    migrations.migrate(migrated)
    declared = connection.connect(tmp_path / "d.db", KEY, create=True)
    for statement in schema.statements():
        declared.execute(statement)
    assert migrated.execute(_SCHEMA_SQL).fetchall() == declared.execute(_SCHEMA_SQL).fetchall()
    migrated.close()
    declared.close()


def test_there_is_a_golden_file_of_every_released_schema() -> None:
    released = sorted(path.name for path in GOLDEN.glob("schema_v*.db.xz"))
    assert released == [f"schema_v{number}.db.xz" for number in range(1, migrations.NEWEST + 1)]


def test_every_released_schema_is_brought_to_today(tmp_path: Path) -> None:
    for released in sorted(GOLDEN.glob("schema_v*.db.xz")):
        folder = tmp_path / released.name
        folder.mkdir()
        opened = connection.connect(encrypted_copy(released, folder), KEY)
        migrations.migrate(opened)
        assert opened.execute("PRAGMA user_version").fetchone()[0] == migrations.NEWEST
        assert opened.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        fresh = connection.connect(folder / "fresh.db", KEY, create=True)
        migrations.migrate(fresh)
        assert opened.execute(_SCHEMA_SQL).fetchall() == fresh.execute(_SCHEMA_SQL).fetchall()
        trees = opened.execute("SELECT id, tag FROM tree ORDER BY tag").fetchall()
        assert [tag for _, tag in trees] == ["T0001", "T0002"]
        assert all(len(RecordId(id)) == 16 for id, _ in trees)
        assert opened.execute("SELECT count(*) FROM op").fetchone()[0] == 6
        fresh.close()
        opened.close()


def test_a_migration_that_ran_does_not_run_again(tmp_path: Path) -> None:
    opened = connection.connect(tmp_path / "m.db", KEY, create=True)
    migrations.migrate(opened)
    before = opened.execute("SELECT count(*) FROM _sqlite_migrations").fetchone()
    migrations.migrate(opened)
    assert opened.execute("SELECT count(*) FROM _sqlite_migrations").fetchone() == before == (migrations.NEWEST,)
    opened.close()


def test_a_database_is_copied_before_it_is_migrated(tmp_path: Path) -> None:
    released = GOLDEN / "schema_v1.db.xz"
    opened = connection.connect(encrypted_copy(released, tmp_path), KEY)
    backups = tmp_path / "backups"
    assert migrations.keep_before(opened, KEY, backups, newest=1) is None
    kept = migrations.keep_before(opened, KEY, backups, newest=2)
    assert kept == migrations.keep_before(opened, KEY, backups, newest=2), "a second try replaces the first"
    assert kept is not None
    assert [path.name for path in backups.iterdir()] == ["before-schema-2-from-1.db"]
    assert not kept.read_bytes().startswith(b"SQLite format 3")
    copy = connection.connect(kept, KEY)
    assert copy.execute("SELECT count(*) FROM op").fetchone()[0] == 6
    copy.close()
    opened.close()


def test_without_a_copy_there_is_no_migration(tmp_path: Path) -> None:
    opened = connection.connect(encrypted_copy(GOLDEN / "schema_v1.db.xz", tmp_path), KEY)
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(StorageError):
        migrations.keep_before(opened, KEY, tmp_path / "file", newest=2)
    assert opened.execute("PRAGMA user_version").fetchone()[0] == 1
    opened.close()


def test_words_of_the_first_schema_are_found_in_the_rows(tmp_path: Path) -> None:
    opened = connection.connect(encrypted_copy(GOLDEN / "schema_v1.db.xz", tmp_path), KEY)
    wanted = opened.execute("SELECT kind || term FROM search_term WHERE record = 'household'").fetchall()
    migrations.migrate(opened)
    words = opened.execute("SELECT words FROM household").fetchone()[0].split("\n")
    assert sorted(words) == sorted(word for (word,) in wanted)
    assert "n杨进光" in words
    opened.close()


def test_sums_by_kind_are_made_from_the_trees_of_an_older_schema(tmp_path: Path) -> None:
    opened = connection.connect(encrypted_copy(GOLDEN / "schema_v2.db.xz", tmp_path), KEY)
    migrations.migrate(opened)
    (part,) = parts_of(opened.execute("SELECT kinds FROM household_current").fetchone()[0])
    assert part == Part(Kind("杉木", "plain-杉木", ()), 2, 24.0, 2 * 12.0**2, 2 * 12.0**2)
    assert opened.execute("SELECT DISTINCT species FROM tree_current").fetchall() == [("杉木",)]
    opened.close()


def test_a_height_curve_from_a_newer_program_moves_to_its_place(tmp_path: Path) -> None:
    opened = connection.connect(encrypted_copy(GOLDEN / "schema_v3.db.xz", tmp_path), KEY)
    ((before, words),) = opened.execute("SELECT digest, words FROM parcel").fetchall()
    packed = msgpack.packb({"height_curve": "{}", "soil": "red"})
    opened.execute("UPDATE parcel SET unknown = ?", (packed,))
    migrations.migrate(opened)
    ((curve, unknown, digest, now),) = opened.execute(
        "SELECT height_curve, unknown, digest, words FROM parcel"
    ).fetchall()
    assert (curve, msgpack.unpackb(unknown)) == ("{}", {"soil": "red"})
    assert (digest, now) == (before, words)
    opened.close()


def test_stems_from_a_newer_program_move_to_their_place_and_their_tree_is_computed_anew(tmp_path: Path) -> None:
    opened = connection.connect(encrypted_copy(GOLDEN / "schema_v4.db.xz", tmp_path), KEY)
    packed = msgpack.packb({"stems": "4+5", "caliper": "new"})
    ((tree_id,),) = opened.execute("SELECT tree_id FROM measurement LIMIT 1").fetchall()
    opened.execute("UPDATE measurement SET unknown = ? WHERE tree_id = ?", (packed, tree_id))
    migrations.migrate(opened)
    ((stems, unknown),) = opened.execute(
        "SELECT stems, unknown FROM measurement WHERE tree_id = ?", (tree_id,)
    ).fetchall()
    assert (stems, msgpack.unpackb(unknown)) == ("4+5", {"caliper": "new"})
    assert opened.execute("SELECT value FROM local WHERE key = 'behind'").fetchall() == [(tree_id.hex(),)]
    with pytest.raises(sqlcipher3.dbapi2.DatabaseError, match="measurement is a fact"):
        opened.execute("UPDATE measurement SET stems = NULL")
    opened.close()


def test_operations_of_other_laptops_go_below_zero_and_own_ones_stay_the_last(tmp_path: Path) -> None:
    opened = connection.connect(encrypted_copy(GOLDEN / "schema_v7.db.xz", tmp_path), KEY)
    held = opened.execute("SELECT counter, hlc, record, record_id, fields, unit FROM op ORDER BY counter").fetchall()
    opened.execute("INSERT INTO device (no, id, own, filed_upto) VALUES (2, x'02', 0, 0), (3, x'03', 1, 0)")
    opened.execute("INSERT INTO receipt_range (device_no, first, last) VALUES (1, 1, 4), (2, 5, 9)")
    columns = "hlc, village_code, record, record_id, kind, fields, seen, person, schema, unit, before, filed"
    for other in (2, 3):
        opened.execute(
            f"INSERT INTO op (device_no, counter, {columns}) SELECT {other}, counter, {columns} FROM op "
            f"WHERE device_no = 1 AND counter <= {other}"
        )
    migrations.migrate(opened)
    order = opened.execute("SELECT device_no, counter FROM op ORDER BY id").fetchall()
    assert order == [(-2, 1), (-2, 2), *((1, row[0]) for row in held), (3, 1), (3, 2), (3, 3)]
    own = "SELECT counter, hlc, record, record_id, fields, unit FROM op WHERE device_no = 1 ORDER BY id"
    assert opened.execute(own).fetchall() == held
    assert opened.execute("SELECT no, hex(id) FROM device WHERE no <> 1 ORDER BY no").fetchall() == [
        (-2, "02"),
        (3, "03"),
    ]
    assert opened.execute("SELECT * FROM receipt_range ORDER BY 1").fetchall() == [(-2, 5, 9), (1, 1, 4)]
    opened.close()


def test_unread_texts_from_a_newer_program_move_to_their_place(tmp_path: Path) -> None:
    opened = connection.connect(encrypted_copy(GOLDEN / "schema_v8.db.xz", tmp_path), KEY)
    ((before, words),) = opened.execute("SELECT digest, words FROM parcel").fetchall()
    for table in ("parcel", "tree"):
        opened.execute(f"UPDATE {table} SET unknown = ?", (msgpack.packb({"unread": "{}", "soil": "red"}),))
    migrations.migrate(opened)
    for table in ("parcel", "tree"):
        unread, unknown = opened.execute(f"SELECT unread, unknown FROM {table}").fetchone()
        assert (unread, msgpack.unpackb(unknown)) == ("{}", {"soil": "red"})
    assert opened.execute("SELECT digest, words FROM parcel").fetchall() == [(before, words)]
    opened.close()
