"""kill -9 of the server and of `fieldapp sync` at random moments: in the end nothing is lost, nothing there twice."""

from __future__ import annotations

import hashlib
import json
import os
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from fieldapp.carbon.estimate import RegistryEstimator
from fieldapp.carbon.registry import load
from fieldapp.domain.ids import derived_id, new_id
from fieldapp.domain.records import PhotoLink, Village
from fieldapp.media.drawing import Scene, draw
from fieldapp.media.importing import import_bytes, to_record
from fieldapp.server.schema import FRAME, QUARANTINE
from fieldapp.storage import profile
from fieldapp.storage.store import Store
from fieldapp.sync import engine, wire
from tools.agreement import differences, laptop_rows, server_rows
from tools.surveyor_day import record_household

CODE = "522633100201"
PROJECT = Path(__file__).resolve().parents[2]
KILLS, SOAK_KILLS = 12, 500
END_S = 120  # a sync that a kill holds up longer than this hangs
EXIT_CODES = {0, 1, 3}


class ServerProcess:
    """`fieldapp serve` in a process of its own, always on the same port and folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._port = "0"
        self._process: subprocess.Popen[str]
        self.facts: dict[str, Any] = {}
        self.start()

    def start(self) -> None:
        """Starts it, after a kill on what the kill left behind, and waits until it answers."""
        words = ["serve", "--practice", "--data", str(self.folder), "--port", self._port, "--codes", "2", "--json"]
        self._process = _fieldapp(*words)
        assert self._process.stdout is not None
        self.facts = json.loads(self._process.stdout.readline())
        self._port = self.facts["url"].rpartition(":")[2]

    def kill(self) -> None:
        """kill -9."""
        _kill(self._process)


def test_kills_at_random_moments_lose_nothing_and_repeat_nothing(tmp_path: Path) -> None:
    _kill_and_agree(tmp_path, KILLS)


@pytest.mark.soak
def test_many_kills_at_random_moments(tmp_path: Path) -> None:
    _kill_and_agree(tmp_path, SOAK_KILLS)


def _kill_and_agree(folder: Path, kills: int) -> None:
    seed = int(os.environ.get("FIELDAPP_SEED", random.SystemRandom().randrange(2**32)))
    print(f"FIELDAPP_SEED={seed}")
    chance = random.Random(seed)
    laptops = [_new_laptop(folder / name) for name in ("one", "two")]
    server = ServerProcess(folder / "server")
    try:
        for laptop, code in zip(laptops, server.facts["enrol_codes"], strict=True):
            _enrol(laptop, server.facts["url"], code)
        usual_s = _usual_seconds(laptops[0])
        for number in range(kills):
            laptop = chance.choice(laptops)
            _record(laptop, number, trees=chance.randrange(5, 40))
            _sync_and_kill(laptop, server, chance, usual_s)
        reports = [_report(_sync(laptop)) for laptop in (*laptops, laptops[0])]
        assert all(report["converged"] for report in reports), reports
    finally:
        server.kill()
    _assert_agreement(server.folder, laptops)
    _assert_nothing_twice(server.folder / "server.db")
    server.start()  # takes away what a kill left half written beside the photos
    server.kill()
    _assert_photos_are_whole(server.folder / "blobs")


def _usual_seconds(laptop: Path) -> float:
    """How long a sync takes here from its start to its end, so that the moments chosen lie within it."""
    _record(laptop, 1_000, trees=20)
    began = time.monotonic()
    assert _ended(_sync(laptop)) == 0
    return time.monotonic() - began


def _sync_and_kill(laptop: Path, server: ServerProcess, chance: random.Random, usual_s: float) -> None:
    """Begins a sync and kills one side at a random moment; a killed server comes back while the laptop still tries."""
    syncing = _sync(laptop)
    victim = chance.choice((syncing, server))
    moment_s = usual_s * chance.uniform(0.3, 1.0)  # before that a new process only reads its modules
    with suppress(subprocess.TimeoutExpired):
        syncing.wait(moment_s)
    if victim is server:
        server.kill()
        server.start()
        assert _ended(syncing) in EXIT_CODES
    else:
        _kill(syncing)


def _new_laptop(folder: Path) -> Path:
    profile.create(folder, person=folder.name, pin=None, practice=True)
    return folder


@contextmanager
def _opened(folder: Path) -> Iterator[Store]:
    store = profile.open_store(folder, pin=None, estimator=RegistryEstimator(load()))
    try:
        yield store
    finally:
        store.close()


def _enrol(laptop: Path, url: str, code: str) -> None:
    with _opened(laptop) as store:
        engine.enrol(store, url, code)


def _record(laptop: Path, number: int, trees: int) -> None:
    """A household with trees, and a photo of the first of them."""
    with _opened(laptop) as store:
        village = store.get(Village, derived_id("village", CODE)) or _village(store)
        dbh_cm = [5.0 + index % 30 / 10 for index in range(trees)]
        made = record_household(
            store, village, head_name="滚拉旺", first_tag=100 * number, dbh_cm=dbh_cm, day="2026-10-10"
        )
        picture = draw(Scene(seed=number, label=f"{laptop.name} {number}"))
        photo = to_record(import_bytes(picture, store.blobs.put), CODE)
        subject = {"subject": "tree", "subject_id": made.trees[0].id}
        with store.unit() as unit:
            unit.add(photo)
            unit.add(PhotoLink(id=new_id(), village_code=CODE, photo_id=photo.id, **subject))
            unit.commit()


def _village(store: Store) -> Village:
    with store.unit() as unit:
        village = unit.add(Village(id=derived_id("village", CODE), village_code=CODE, name="练习村", practice=1))
        unit.commit()
    return village


def _fieldapp(*words: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "fieldapp", *words]
    return subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def _sync(laptop: Path) -> subprocess.Popen[str]:
    return _fieldapp("--profile", str(laptop), "sync", "--json")


def _ended(process: subprocess.Popen[str]) -> int:
    _, complaint = process.communicate(timeout=END_S)
    assert "Traceback" not in complaint
    return process.returncode


def _report(process: subprocess.Popen[str]) -> dict[str, Any]:
    told, complaint = process.communicate(timeout=END_S)
    assert process.returncode in (0, 1), complaint
    report: dict[str, Any] = json.loads(told)
    return report


def _kill(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.communicate()


def _assert_agreement(server: Path, laptops: list[Path]) -> None:
    held = server_rows(server / "server.db")
    assert held
    for laptop in laptops:
        with _opened(laptop) as store:
            assert differences(laptop_rows(store), held) == []


def _assert_nothing_twice(database: Path) -> None:
    """Every operation lies in the server's log once, and none was set aside."""
    engine_ = sa.create_engine(f"sqlite:///file:{database}?mode=ro&uri=true")
    with engine_.connect() as connection:
        bodies = connection.execute(sa.select(FRAME.c.body)).scalars().all()
        assert connection.execute(sa.select(QUARANTINE)).all() == []
    engine_.dispose()
    times = Counter((op.device, op.counter) for body in bodies for op in wire.decode(body).ops())
    assert {ref: n for ref, n in times.items() if n > 1} == {}


def _assert_photos_are_whole(blobs: Path) -> None:
    files = [path for path in blobs.rglob("*") if path.is_file()]
    assert files
    for path in files:
        assert hashlib.sha256(path.read_bytes()).hexdigest() == path.name
