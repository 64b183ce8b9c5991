"""A real server on a free port, real laptops, and the estimator of the product."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from fieldapp.carbon.estimate import RegistryEstimator
from fieldapp.carbon.registry import load
from fieldapp.server import running
from fieldapp.server.running import RunningServer
from fieldapp.storage import profile
from fieldapp.storage.store import Store

MakeStore = Callable[[str], Store]


@pytest.fixture(scope="session")
def estimator() -> RegistryEstimator:
    """The product's own estimator."""
    return RegistryEstimator(load())


@pytest.fixture
def server(tmp_path: Path, estimator: RegistryEstimator) -> Iterator[RunningServer]:
    """A practice server that has just started for the first time."""
    with running.start(tmp_path / "server", estimator=estimator, practice=True) as started:
        yield started


@pytest.fixture
def make_store(tmp_path: Path, estimator: RegistryEstimator) -> Iterator[MakeStore]:
    """Makes practice laptops by name and closes them in the end."""
    opened: list[Store] = []

    def make(name: str) -> Store:
        folder = tmp_path / name
        if not profile.is_profile(folder):
            profile.create(folder, person=name, pin=None, practice=True)
        opened.append(profile.open_store(folder, pin=None, estimator=estimator))
        return opened[-1]

    yield make
    for store in opened:
        store.close()
