"""kill -9 while a methodology is adopted: each household is wholly of one, and the next opening goes on."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from fieldapp.domain.records import Household
from fieldapp.storage import methodology, profile, verifying
from tests.storage.test_methodology import NEW, OLD, pines, sum_of, versions

ADOPTER = """
import sys
from pathlib import Path
from fieldapp.storage import methodology, profile
from tests.storage.test_methodology import NEW, OLD
methodology._TREES_A_TRANSACTION = 10
store = profile.open_store(Path(sys.argv[1]), pin=None, estimator=OLD)
print("open", flush=True)
methodology.adopt(store, NEW, lambda done, total: print(done, total, flush=True))
"""


def test_an_adoption_that_is_killed_is_in_step_and_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "p"
    profile.create(folder, person="王", pin=None, practice=True)
    store = profile.open_store(folder, pin=None, estimator=OLD)
    drafts = [pines(store, 10) for _ in range(12)]
    ready = pines(store, 10, "ready")
    store.close()
    seed = random.randrange(1 << 30)
    print("seed", seed)
    chance = random.Random(seed)
    for run in range(4):
        copy = tmp_path / f"copy{run}"
        shutil.copytree(folder, copy)
        _adopt_and_be_killed(copy, chance.randint(0, 9))
        with monkeypatch.context() as patch:
            patch.setattr(methodology, "resume", lambda _: None)  # as it was left
            _assert_in_step(copy, [*drafts, ready])
        _assert_in_step(copy, drafts, NEW.method_version)
        _assert_in_step(copy, [ready], OLD.method_version)


def _assert_in_step(folder: Path, households: list[Household], version: str = "") -> None:
    """Each household is wholly of one methodology: what its trees, its sum and its setting say is the same."""
    store = profile.open_store(folder, pin=None, estimator=OLD)
    try:
        assert verifying.verify_store(store).ok
        due = {one for one in methodology.lagging(store) if one is not None}
        for household in households:
            (found,) = versions(store, household)
            assert found == store.estimator_of(household.id).method_version
            assert (found == OLD.method_version) == (household.id in due or household.state == "ready")
            sum_of(store, household)
            assert found == (version or found)
    finally:
        store.close()


def _adopt_and_be_killed(folder: Path, steps: int) -> None:
    adopter = subprocess.Popen(
        [sys.executable, "-c", ADOPTER, str(folder)], stdout=subprocess.PIPE, text=True, cwd=Path.cwd()
    )
    assert adopter.stdout is not None
    with adopter.stdout:
        for _ in range(steps + 2):
            adopter.stdout.readline()
        os.kill(adopter.pid, signal.SIGKILL)
    adopter.wait()
