"""A claim is computed again by the methodology that the laptop named, or said to be beyond this server."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

from fieldapp.carbon.estimate import RegistryEstimator
from fieldapp.carbon.packs import write_folder
from fieldapp.carbon.registry import Registry, load
from fieldapp.commands.serve_methods import keep
from fieldapp.domain.ids import new_id
from fieldapp.domain.records import Household, Measurement, Parcel, Tree, Village
from fieldapp.domain.sinks import method_name
from fieldapp.server import station
from fieldapp.server.methods import FOLDER, Methods, read_folders
from fieldapp.server.running import RunningServer, start
from fieldapp.server.schema import SINK
from fieldapp.server.sinks import SinkKeeper
from fieldapp.storage import methodology, profile
from fieldapp.storage.store import Store
from fieldapp.sync.engine import connect, enrol, sync
from fieldapp.sync.report import SyncReport

VILLAGE = "522632106203"


def changed(version: str) -> RegistryEstimator:
    """The shipped methodology with another carbon fraction, under another version."""
    contents = dict(load().contents)
    for file, old, new in (("version.json", "2026.2", version), ("factors.csv", "above,0.47,", "above,0.50,")):
        text = contents[file].decode("utf-8")
        assert old in text
        contents[file] = text.replace(old, new).encode("utf-8")
    return RegistryEstimator(Registry(contents))


OWN = RegistryEstimator(load())
NEXT = changed("2027.1")


@pytest.fixture
def laptop(tmp_path: Path) -> Iterator[Store]:
    """A practice profile with a draft and a household that was handed in."""
    folder = tmp_path / "laptop"
    profile.create(folder, person="王", pin=None, practice=True)
    store = profile.open_store(folder, pin=None, estimator=OWN)
    with store.unit() as unit:
        unit.add(Village(id=new_id(), village_code=VILLAGE, name="大利村"))
        for number, state in enumerate(("draft", "ready"), start=1):
            household = unit.add(Household(id=new_id(), village_code=VILLAGE, number=number, state=state))
            parcel = Parcel(id=new_id(), village_code=VILLAGE, household_id=household.id, species="马尾松")
            unit.add(parcel)
            for dbh_cm in (6.5, 10.0, 12.3):
                tree = unit.add(Tree(id=new_id(), village_code=VILLAGE, parcel_id=parcel.id, state="alive"))
                unit.add(Measurement(id=new_id(), village_code=VILLAGE, tree_id=tree.id, dbh_cm=dbh_cm))
        unit.commit()
    yield store
    store.close()


@contextmanager
def serving(data: Path, methods: Methods, laptop: Store, own: RegistryEstimator = OWN) -> Iterator[RunningServer]:
    """A practice server with which the laptop is enrolled."""
    with start(data, estimator=own, practice=True, methods=methods) as running:
        enrol(laptop, running.url, running.enrol_code)
        yield running


def synced(laptop: Store) -> SyncReport:
    """One sync, without a pause for anything."""
    transport = connect(laptop)
    try:
        return sync(laptop, transport)
    finally:
        transport.close()


def test_a_server_that_has_the_version_repeats_the_numbers(laptop: Store, tmp_path: Path) -> None:
    write_folder(NEXT.registry, tmp_path / "shelf" / NEXT.method_version)
    methods = Methods(OWN, read_folders([tmp_path / "shelf"]))
    assert methods.names == [method_name(OWN), method_name(NEXT)]
    with serving(tmp_path / "server", methods, laptop):
        report = synced(laptop)
        assert (report.differences, report.unknown_methods) == ([], [])
        methodology.adopt(laptop, NEXT)
        report = synced(laptop)
        assert report.sinks_compared
        assert (report.differences, report.unknown_methods) == ([], [])


def test_a_server_without_the_version_says_so_and_compares_the_rest(laptop: Store, tmp_path: Path) -> None:
    methodology.adopt(laptop, NEXT)
    with serving(tmp_path / "server", Methods(OWN), laptop):
        report = synced(laptop)
        assert report.differences == []
        assert report.unknown_methods == [method_name(NEXT)]
        assert report.converged
        assert report.as_dict()["unknown_methods"] == [method_name(NEXT)]


def test_the_same_version_with_other_content_is_not_the_same(laptop: Store, tmp_path: Path) -> None:
    methodology.adopt(laptop, NEXT)
    contents = dict(NEXT.contents) | {"version.json": NEXT.contents["version.json"] + b"\n"}
    with serving(tmp_path / "server", Methods(OWN, [RegistryEstimator(Registry(contents))]), laptop):
        assert synced(laptop).unknown_methods == [method_name(NEXT)]


def test_a_number_that_the_named_methodology_does_not_give_is_a_difference(laptop: Store, tmp_path: Path) -> None:
    methodology.adopt(laptop, NEXT)
    laptop.write("UPDATE household_current SET co2e_mg = co2e_mg + 1000000")
    with serving(tmp_path / "server", Methods(OWN, [NEXT]), laptop):
        found = synced(laptop).differences
    assert sorted(one.server_method_version for one in found) == [OWN.method_version, NEXT.method_version]
    assert [one.co2e_kg - one.server_co2e_kg for one in found] == pytest.approx([1.0, 1.0])


def test_a_newer_program_computes_every_sink_again_and_still_repeats_the_former_version(
    laptop: Store, tmp_path: Path
) -> None:
    data = tmp_path / "server"
    with serving(data, Methods(OWN), laptop) as running:
        synced(laptop)
        before = running.server.station.database.read(_sinks)
    for _start in range(2):
        keep(OWN, data)
    with serving(data, Methods(NEXT, read_folders([data / FOLDER])), laptop, NEXT) as running:
        report = synced(laptop)
        after = running.server.station.database.read(_sinks)
    assert {version for version, _kg in before} == {OWN.method_version}
    assert {version for version, _kg in after} == {NEXT.method_version}
    assert all(kg > was for (_v, kg), (_w, was) in zip(after, before, strict=True))
    assert (report.differences, report.unknown_methods) == ([], [])


def _sinks(connection: sa.Connection) -> list[tuple[str, float]]:
    query = sa.select(SINK.c.method_version, SINK.c.co2e_kg).order_by(SINK.c.tree_id)
    return [(row.method_version, row.co2e_kg) for row in connection.execute(query)]


def test_a_server_that_is_still_computing_answers_and_compares_later(
    laptop: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    busy = threading.Event()
    compute = SinkKeeper._compute

    def slow(keeper: SinkKeeper, village_code: str, cursor: int) -> None:
        busy.wait(60)
        compute(keeper, village_code, cursor)

    monkeypatch.setattr(SinkKeeper, "_compute", slow)
    monkeypatch.setattr(station, "SINKS_WAIT_S", 0.2)
    with serving(tmp_path / "server", Methods(OWN), laptop):
        report = synced(laptop)
        assert report.converged
        assert report.sinks is not None
        assert (report.sinks.pending, report.differences) == ((VILLAGE,), [])
        busy.set()
        monkeypatch.setattr(station, "SINKS_WAIT_S", 30.0)
        report = synced(laptop)
        assert report.sinks_compared
        assert report.differences == []
