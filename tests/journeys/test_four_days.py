"""Two laptops, three days without a network, the plug pulled in between, a sync on the fourth day over a bad link."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from fieldapp.carbon.estimate import RegistryEstimator
from fieldapp.carbon.registry import load
from fieldapp.domain.ids import RecordId, new_id
from fieldapp.domain.records import Household, PhotoLink, Tree
from fieldapp.errors import PauseError
from fieldapp.media.importing import import_bytes, to_record
from fieldapp.server import running
from fieldapp.server.running import RunningServer
from fieldapp.storage import counting, profile, reads, sums
from fieldapp.storage.enrolment import enrolment
from fieldapp.storage.store import Store
from fieldapp.sync.report import SyncReport
from fieldapp.sync.transport import Transport
from tests.journeys.laptop import CODE
from tests.sync.converged import assert_converged, server_conflicts
from tests.sync.faults import Fault, FaultyLink
from tests.sync.village import enrolled, sync
from tools.surveyor_day import measure

PIN = "2468-practice"
PROJECT = Path(__file__).resolve().parents[2]
PHOTOS = 6


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RunningServer]:
    with running.start(tmp_path / "server", estimator=RegistryEstimator(load())) as started:
        yield started


def test_four_days(tmp_path: Path, server: RunningServer) -> None:
    folders = [_new_laptop(tmp_path / name, name) for name in ("one", "two")]
    saved = {folder: _three_days(folder, 1000 * (index + 1)) for index, folder in enumerate(folders)}

    one, two = (_open(folder) for folder in folders)
    try:
        for store, folder in ((one, folders[0]), (two, folders[1])):
            _nothing_is_lost(store, saved[folder])
            _take_photos(store)
        for store in (one, two):
            _sync_over_a_bad_link(enrolled(store, server), server)
        sync(one)
        assert_converged(server, one, two)
        _people_disagree_and_settle(server, one, two)
        _a_measurement_moves_the_sink_on_both(server, one, two)
    finally:
        one.close()
        two.close()


def _new_laptop(folder: Path, person: str) -> Path:
    profile.create(folder, person=person, pin=PIN)
    return folder


def _open(folder: Path) -> Store:
    return profile.open_store(folder, pin=PIN, estimator=RegistryEstimator(load()))


def _three_days(folder: Path, first_tag: int) -> list[RecordId]:
    """Records on three days; each day ends by kill -9 in the middle of a tree."""
    saved: list[RecordId] = []
    for day in range(3):
        words = [str(folder), PIN, str(first_tag + 300 * day), f"2026-10-1{day}"]
        command = [sys.executable, "-m", "tests.journeys.laptop", *words]
        with subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True, env=os.environ) as laptop:
            assert laptop.stdout is not None
            saved += [RecordId(bytes.fromhex(laptop.stdout.readline())) for _ in range(13 + 7 * day)]
            laptop.kill()
    return saved


def _nothing_is_lost(store: Store, saved: list[RecordId]) -> None:
    for tree_id in saved:
        tree = store.get(Tree, tree_id)
        assert tree is not None
        row = reads.tree_row(store, tree_id)
        assert row is not None
        assert row.dbh_cm is not None
        assert row.sink is not None
        assert row.sink.co2e_kg


def _take_photos(store: Store) -> None:
    """Photos of the first trees, half a megabyte each, imported as the window does."""
    household = reads.households(store, CODE)[0]
    for row in reads.tree_rows(store, household.id)[:PHOTOS]:
        made = import_bytes(_picture(row.tree.id), store.blobs.put)
        with store.unit() as unit:
            photo = unit.add(to_record(made, CODE))
            unit.add(
                PhotoLink(id=new_id(), village_code=CODE, photo_id=photo.id, subject="tree", subject_id=row.tree.id)
            )
            unit.commit()


def _picture(seed: bytes) -> bytes:
    """A noisy JPEG, different for each tree, that no compression makes small."""
    noise = Image.effect_noise((800, 600), 60).convert("RGB")
    noise.putpixel((0, 0), (seed[-1], seed[-2], seed[-3]))
    file = io.BytesIO()
    noise.save(file, "JPEG", quality=92)
    return file.getvalue()


def _sync_over_a_bad_link(store: Store, server: RunningServer) -> None:
    """Every connection breaks after some 100 kB; each attempt goes on where the last one stopped."""
    with FaultyLink(server.url, otherwise=Fault(cut_up=100_000)) as link:
        for _ in range(60):
            report = _attempt(store, link.url)
            if report is not None and report.converged:
                break
        else:
            pytest.fail("the sync never came to an end")
        assert link.connections > 3
    status = counting.status(store)
    assert (status.ops_waiting, status.photos_waiting) == (0, 0)
    assert status.photos_confirmed >= PHOTOS


def _attempt(store: Store, url: str) -> SyncReport | None:
    known = enrolment(store)
    assert known is not None
    try:
        return sync(store, Transport(url, known.token, timeout_s=5))
    except PauseError:
        return None


def _people_disagree_and_settle(server: RunningServer, one: Store, two: Store) -> None:
    household = reads.households(one, CODE)[0]
    for store, account in ((one, "6210 0000 0000 0001"), (two, "6210 0000 0000 0002")):
        shown = store.get(Household, household.id)
        assert shown is not None
        with store.unit() as unit:
            unit.edit(shown, bank_account=account)
            unit.commit()
    for store in (one, two, one):
        sync(store)
    assert_converged(server, one, two)
    assert server_conflicts(server) == {(household.id, "bank_account")}
    with two.unit() as unit:
        unit.decide(household.id, "bank_account", "6210 0000 0000 0002")
        unit.commit()
    for store in (two, one):
        sync(store)
    assert_converged(server, one, two)
    assert not server_conflicts(server)


def _a_measurement_moves_the_sink_on_both(server: RunningServer, one: Store, two: Store) -> None:
    household = reads.households(one, CODE)[0]
    tree = reads.tree_rows(one, household.id)[0].tree
    before = sums.tree_totals(two, household.id).co2e_kg
    measure(one, tree, day="2026-10-14", dbh_cm=7.9)
    for store in (one, two):
        assert not sync(store).differences
    after = sums.tree_totals(two, household.id).co2e_kg
    assert after > before
    assert after == pytest.approx(sums.tree_totals(one, household.id).co2e_kg)
    assert_converged(server, one, two)
