"""A whole practice profile in one call, with photos beside it to practise the import."""

from __future__ import annotations

from pathlib import Path

import pytest

from fieldapp.carbon import registry
from fieldapp.carbon.estimate import RegistryEstimator
from fieldapp.errors import ItemError
from fieldapp.media.importing import import_many, photo_files
from fieldapp.practice import making, spare
from fieldapp.storage import profile


def test_a_profile_with_photos_to_import(tmp_path: Path) -> None:
    estimator = RegistryEstimator(registry.load())
    made = making.make(tmp_path / "p", estimator, trees=60, photos=3, seed=4)
    assert (made.counts.trees, made.counts.photos) == (60, 3)
    store = profile.open_store(tmp_path / "p", pin=None, estimator=estimator)
    results = list(import_many(photo_files([tmp_path / "p" / spare.FOLDER]), store.blobs.put))
    store.close()
    assert [result.photo is not None for result in results].count(True) == 8
    assert [result.photo is None for result in results].count(True) == 4
    with pytest.raises(ItemError, match="practice_filled"):
        making.make(tmp_path / "p", estimator, trees=60, photos=3, seed=4)
