"""One laptop and more than one server: each confirms for itself, and none is taken for another."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from fieldapp.carbon.estimate import RegistryEstimator
from fieldapp.server import running
from fieldapp.server.running import RunningServer
from fieldapp.storage import counting, receipts
from fieldapp.storage.store import Store
from fieldapp.sync import engine
from tests.sync.conftest import MakeStore
from tests.sync.converged import assert_converged
from tests.sync.village import enrolled, record_household, record_photo, sync

Serve = Callable[[str], RunningServer]
SMALL, LARGE = b"\xff\xd8\xffsmall", b"\xff\xd8\xfflarge" * 99


@pytest.fixture
def serve(tmp_path: Path, estimator: RegistryEstimator) -> Iterator[Serve]:
    """Starts practice servers on folders by name; the same name again is the same server."""
    with ExitStack() as stack:
        yield lambda name: stack.enter_context(running.start(tmp_path / name, estimator=estimator, practice=True))


def confirmed_by(store: Store) -> tuple[int, int]:
    """Operations and photos that the screen calls confirmed."""
    now = counting.status(store)
    return now.ops_confirmed, now.photos_confirmed


def test_another_server_confirms_for_itself(serve: Serve, make_store: MakeStore) -> None:
    one, first, second = make_store("one"), serve("first"), serve("second")
    _, trees = record_household(one)
    record_photo(one, trees[0], SMALL, LARGE)
    assert sync(enrolled(one, first)).converged
    total, history = counting.status(one).ops_total, receipts.bodies(one)
    assert confirmed_by(one) == (total, 1)

    enrolled(one, second)
    now = counting.status(one)
    assert (now.ops_waiting, now.ops_sent, now.ops_confirmed) == (total, 0, 0)
    assert (now.photos_waiting, now.photos_confirmed, now.last_sync_at) == (1, 0, None)
    assert one.rows("SELECT min(waiting) FROM household_current") == [(1,)]

    report = sync(one)
    assert report.converged
    assert (report.ops_sent, report.ops_confirmed) == (total, total)
    assert (report.files_sent, report.photos_confirmed) == (2, 1)
    assert confirmed_by(one) == (total, 1)
    assert_converged(second, one)
    assert second.server.station.blobs.size(one.blobs.put(LARGE)) == len(LARGE)
    assert receipts.bodies(one)[: len(history)] == history


def test_back_at_the_first_server_its_receipts_are_asked_for_again(serve: Serve, make_store: MakeStore) -> None:
    one, first, second = make_store("one"), serve("first"), serve("second")
    _, trees = record_household(one)
    record_photo(one, trees[0], SMALL, LARGE)
    assert sync(enrolled(one, first)).converged
    enrolled(one, second)
    report = sync(enrolled(one, first))
    assert report.converged
    assert report.files_sent == 0
    assert confirmed_by(one) == (counting.status(one).ops_total, 1)


def test_what_others_recorded_comes_along_and_nothing_twice(serve: Serve, make_store: MakeStore) -> None:
    one, two, first, second = make_store("one"), make_store("two"), serve("first"), serve("second")
    _, trees = record_household(two, trees=9)
    record_photo(two, trees[0], SMALL, LARGE)
    sync(enrolled(two, first))
    record_household(one)
    assert sync(enrolled(one, first)).files_received == 1
    report = sync(enrolled(one, second))
    assert report.converged
    assert report.differing == []
    assert_converged(second, one)
    assert report.files_sent == 1
    assert second.server.station.blobs.size(one.blobs.put(SMALL)) == len(SMALL)
    assert sync(one).files_sent == 0
    sync(two)
    late = sync(enrolled(two, second))
    assert late.converged
    assert sync(one).converged
    assert_converged(second, one, two)


def test_the_same_server_enrolled_again_resets_nothing(serve: Serve, make_store: MakeStore) -> None:
    one, first = make_store("one"), serve("first")
    record_household(one)
    sync(enrolled(one, first))
    before = confirmed_by(one)
    enrolled(one, first)
    assert confirmed_by(one) == before
    assert sync(one).ops_sent == 0


def test_a_server_set_back_to_a_backup_gets_rows_and_photos_again(
    serve: Serve, make_store: MakeStore, tmp_path: Path
) -> None:
    one, first = make_store("one"), serve("first")
    record_household(one)
    sync(enrolled(one, first))
    first.stop()
    shutil.copytree(tmp_path / "first", tmp_path / "backup")
    first = serve("first")
    engine.enrol(one, first.url, first.new_code())
    _, trees = record_household(one)
    record_photo(one, trees[0], SMALL, LARGE)
    assert sync(one).converged
    total = counting.status(one).ops_total
    older = serve("backup")
    engine.enrol(one, older.url, older.new_code())
    assert confirmed_by(one) == (total, 1)  # nobody can know yet
    report = sync(one)
    assert report.converged
    assert report.files_sent == 2
    assert confirmed_by(one) == (total, 1)
    assert_converged(older, one)
