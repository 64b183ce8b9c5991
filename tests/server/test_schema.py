"""The tables follow from the declarations, the migrations lead to the tables, and the village leads every key."""

from __future__ import annotations

from pathlib import Path

import msgpack
import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext

from fieldapp.domain.fields import specs
from fieldapp.domain.records import RECORD_TYPES
from fieldapp.errors import StorageError, UsageError, VersionError
from fieldapp.server import running
from fieldapp.server.database import Database
from fieldapp.server.schema import METADATA, RECORDS

MIGRATIONS = Path(running.__file__).parent / "migrations"


def test_the_village_leads_every_records_key() -> None:
    for record in RECORD_TYPES:
        table = RECORDS[record.record_name]
        assert [column.name for column in table.primary_key] == ["village_code", "id"]
        assert {spec.name for spec in specs(record)} <= set(table.columns.keys())


def test_the_village_leads_every_key_of_what_belongs_to_one() -> None:
    for table in METADATA.tables.values():
        if "village_code" in table.columns:
            assert next(iter(table.primary_key)).name == "village_code"


def test_migrations_lead_to_the_declared_tables(tmp_path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'server.db'}")
    try:
        assert database.read(lambda c: compare_metadata(MigrationContext.configure(c), METADATA)) == []
    finally:
        database.close()


def test_a_newer_database_is_refused(tmp_path) -> None:
    url = f"sqlite:///{tmp_path / 'server.db'}"
    database = Database(url)
    database.write(lambda c: c.execute(sa.text("UPDATE alembic_version SET version_num = '9999'")))
    database.close()
    with pytest.raises(VersionError, match="newer_server_database"):
        Database(url)


def test_a_practice_folder_is_never_a_real_server(tmp_path, estimator) -> None:
    running.start(tmp_path / "p", estimator=estimator, practice=True).stop()
    with pytest.raises(UsageError, match="server_practice_folder"):
        running.start(tmp_path / "p", estimator=estimator)


def test_a_taken_port_is_told(server, tmp_path, estimator) -> None:
    port = int(server.url.rsplit(":", 1)[1])
    with pytest.raises(StorageError, match="port_taken"):
        running.start(tmp_path / "other", estimator=estimator, port=port)


@pytest.mark.parametrize(
    ("before", "record", "name", "cursor"),
    [("0003", "parcel", "height_curve", 0), ("0004", "measurement", "stems", 0), ("0007", "tree", "unread", 5)],
)
def test_what_waited_among_unknown_fields_moves_to_its_column(
    tmp_path: Path, before: str, record: str, name: str, cursor: int
) -> None:
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'server.db'}")
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    held = msgpack.packb({name: "{}", "soil": "red"})
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, before)
        connection.execute(
            sa.text(f"INSERT INTO {record} (village_code, id, version, hlc, digest, unknown, created_cursor) "
                    "VALUES ('522633100201', x'01', x'', 1, 7, :held, 1)"),
            {"held": held},
        )  # fmt: skip
        connection.execute(sa.text("INSERT INTO village_log VALUES ('522633100201', 5, 5, 5, 1, 7)"))
    engine.dispose()
    database = Database(f"sqlite:///{tmp_path / 'server.db'}")
    try:
        ((curve, rest, digest),) = database.read(
            lambda c: c.execute(sa.text(f"SELECT {name}, unknown, digest FROM {record}")).all()
        )
        assert (curve, msgpack.unpackb(rest), digest) == ("{}", {"soil": "red"}, 7)
        assert database.read(lambda c: c.execute(sa.text("SELECT sinks_cursor FROM village_log")).scalar()) == cursor
    finally:
        database.close()
