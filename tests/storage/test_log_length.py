"""The write-ahead log is long before the first save, and what made it long leaves nothing behind."""

from __future__ import annotations

import logging
import shutil
from collections import namedtuple
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from fieldapp.storage import connection, profile
from fieldapp.storage.store import Store

FOUR_MB = 4 * 1024 * 1024


def _log(store: Store) -> Path:
    return store.folder / "data.db-wal"


def test_an_opened_profile_has_its_whole_log(make_store: Callable[[str], Store], field: Any) -> None:
    store = make_store("王")
    before = _log(store).stat().st_size
    assert before >= FOUR_MB
    assert store.connection.execute("PRAGMA page_count").fetchone()[0] * 4096 < FOUR_MB
    assert store.connection.execute("SELECT count(*) FROM sqlite_master WHERE name = 'log_length'").fetchone()[0] == 0
    field.plant(store, 40)
    assert _log(store).stat().st_size == before


def test_a_log_that_is_long_enough_is_left_alone(store: Store) -> None:
    before = _log(store).stat()
    connection.grow_log(store.connection, store.folder / "data.db")
    after = _log(store).stat()
    assert (after.st_size, after.st_mtime_ns) == (before.st_size, before.st_mtime_ns)


def test_a_nearly_full_disk_is_not_filled(tmp_path: Path, field: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(10**9, 10**9 - 10**7, 10**7))
    profile.create(tmp_path / "p", person="杨", pin=None, practice=True)
    store = profile.open_store(tmp_path / "p", pin=None, estimator=field.estimator)
    assert not _log(store).exists() or _log(store).stat().st_size < FOUR_MB
    store.close()


def test_a_profile_opens_and_saves_where_the_log_cannot_grow(
    store: Store, field: Any, caplog: pytest.LogCaptureFixture
) -> None:
    store.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    pages = store.connection.execute("PRAGMA page_count").fetchone()[0]
    store.connection.execute(f"PRAGMA max_page_count = {pages + 20}")
    with caplog.at_level(logging.WARNING):
        connection.grow_log(store.connection, store.folder / "data.db")
    assert "stays short" in caplog.text
    assert not store.connection.in_transaction
    assert store.connection.execute("PRAGMA cache_size").fetchone()[0] == -16000
    store.connection.execute("PRAGMA max_page_count = 1000000")
    assert len(field.plant(store, 3).trees) == 3
