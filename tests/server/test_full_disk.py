"""The server's disk is full: it says so, keeps nothing by halves, and after room was made the laptop goes on."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from fieldapp.errors import PauseError
from fieldapp.i18n import catalogue
from fieldapp.server.schema import FRAME
from fieldapp.server.trouble import is_full
from fieldapp.storage import counting, profile
from fieldapp.storage.store import Store
from fieldapp.sync import engine, wire
from tests.server.test_serve import serving
from tests.sync.village import no_pause, record_household, record_photo, sync

DISK_BYTES = 24 << 20
LEFT_BYTES = (0, 30_000, 90_000, 300_000, 700_000)  # ends at rows, at tables, at the photo's pieces, at its last place


@contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    """A real file system of a few megabytes; only an administrator may make one."""
    folder.mkdir()
    words = ["mount", "-t", "tmpfs", "-o", f"size={DISK_BYTES}", "fieldapp-test", str(folder)]
    if sys.platform != "linux" or os.geteuid() != 0 or subprocess.run(words, capture_output=True).returncode != 0:
        pytest.skip("a small file system can be mounted by an administrator of Linux only")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def fill_up(folder: Path, left_bytes: int) -> Path:
    """Takes the room away but for `left_bytes`."""
    filler = folder / "filler"
    free = shutil.disk_usage(folder).free
    with filler.open("wb") as file:
        file.write(bytes(max(free - left_bytes, 0)))
    return filler


def try_sync(store: Store) -> str:
    """The code of what stopped a sync, "" when it came to its end."""
    transport = engine.connect(store)
    try:
        engine.sync(store, transport, pause=no_pause)
    except PauseError as error:
        return error.code
    finally:
        transport.close()
    return ""


def work(store: Store, seed: int) -> None:
    """A household with many trees, and a photo of 600 kB."""
    _, trees = record_household(store, trees=300)
    dice = random.Random(seed)
    record_photo(store, trees[0], b"\xff\xd8\xff" + dice.randbytes(9_000), b"\xff\xd8\xff" + dice.randbytes(600_000))


def logged_twice(database: Path) -> dict[Any, int]:
    """Operations that lie in the server's log more than once."""
    opened = sa.create_engine(f"sqlite:///{database}")
    with opened.connect() as connection:
        bodies = connection.execute(sa.select(FRAME.c.body)).scalars().all()
    opened.dispose()
    times = Counter(op.ref for body in bodies for op in wire.decode(body).ops())
    return {ref: n for ref, n in times.items() if n > 1}


def test_a_full_disk_is_told_and_the_laptop_goes_on_after_room_was_made(tmp_path, estimator) -> None:
    profile.create(tmp_path / "laptop", person="one", pin=None, practice=True)
    store = profile.open_store(tmp_path / "laptop", pin=None, estimator=estimator)
    told = []
    with small_disk(tmp_path / "disk") as disk, serving(disk / "data", "--practice") as (_, facts):
        engine.enrol(store, facts["url"], facts["enrol_code"])
        for seed, left in enumerate(LEFT_BYTES):
            work(store, seed)
            filler = fill_up(disk, left)
            told.append(try_sync(store))
            waiting = counting.status(store)
            assert told[-1] == "" or left or waiting.ops_waiting + waiting.photos_waiting > 0
            filler.unlink()
            report = sync(store)
            assert report.converged
            assert (report.sinks_compared, report.differences) == (True, [])
        assert logged_twice(disk / "data" / "server.db") == {}
    store.close()
    assert set(told) <= {"server_full", "server_storage", "connection_lost", "server_mute", ""}
    assert told[0] == "server_full"
    assert told.count("server_full") >= 3


@pytest.mark.skipif(sys.platform != "linux", reason="limits of another process are a thing of Linux")
def test_a_limit_of_file_sizes_is_told_too(tmp_path, estimator) -> None:
    import resource

    profile.create(tmp_path / "laptop", person="one", pin=None, practice=True)
    store = profile.open_store(tmp_path / "laptop", pin=None, estimator=estimator)
    with serving(tmp_path / "data", "--practice") as (process, facts):
        engine.enrol(store, facts["url"], facts["enrol_code"])
        work(store, 1)
        _, hard = resource.prlimit(process.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (500_000, hard))
        assert try_sync(store) in ("server_full", "server_storage")
        assert counting.status(store).ops_waiting or counting.status(store).photos_waiting
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (hard, hard))
        assert try_sync(store) == ""
        assert counting.status(store).photos_waiting == 0
    store.close()
    assert logged_twice(tmp_path / "data" / "server.db") == {}


def test_the_command_says_it_in_words(tmp_path, estimator) -> None:
    profile.create(tmp_path / "laptop", person="one", pin=None, practice=True)
    store = profile.open_store(tmp_path / "laptop", pin=None, estimator=estimator)
    with small_disk(tmp_path / "disk") as disk, serving(disk / "data", "--practice") as (_, facts):
        engine.enrol(store, facts["url"], facts["enrol_code"])
        work(store, 1)
        store.close()
        fill_up(disk, 0)
        words = [sys.executable, "-m", "fieldapp", "--profile", str(tmp_path / "laptop"), "sync"]
        done = subprocess.run(words, capture_output=True, text=True, timeout=60)
    assert done.returncode == 3
    assert catalogue("zh_CN")["error.server_full.title"] in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("before", ["nothing there", "served before"])
def test_a_start_on_a_full_disk_names_the_disk(tmp_path, before: str) -> None:
    with small_disk(tmp_path / "disk") as disk:
        if before == "served before":
            with serving(disk / "data"):
                pass
        fill_up(disk, 0)
        with serving(disk / "data") as (process, facts):
            assert process.wait(30) == 3
            told = process.stderr.read()
    assert facts.keys() == {"error"}
    assert catalogue("zh_CN")["error.server_disk_full.title"] in told
    assert str(disk) in told
    assert "Traceback" not in told


def test_what_says_full() -> None:
    assert is_full(OSError(28, "No space left on device"))
    assert not is_full(OSError(13, "Permission denied"))


def test_the_page_of_laptops_says_that_nothing_was_done(tmp_path) -> None:
    words = catalogue("zh_CN")
    with (
        small_disk(tmp_path / "disk") as disk,
        serving(disk / "data", "--password", "a long password") as (_, facts),
        httpx.Client(base_url=facts["url"], trust_env=False, follow_redirects=True) as browser,
    ):
        assert browser.post("/login", data={"password": "a long password"}).status_code == 200
        filler = fill_up(disk, 0)
        answers = [browser.post("/codes") for _ in range(40)]  # the write-ahead log may have had room for a few
        assert answers[-1].status_code == 507
        assert words["server.trouble.advice"] in answers[-1].text
        filler.unlink()
        assert browser.post("/codes").status_code == 200
