"""Practice data and real data never meet."""

from __future__ import annotations

import pytest

from fieldapp.domain.ids import derived_id
from fieldapp.domain.records import Village
from fieldapp.errors import PauseError
from fieldapp.server import running
from tests.sync.conftest import MakeStore
from tests.sync.converged import server_rows
from tests.sync.village import CODE, enrolled, sync


def test_practice_and_real_refuse_each_other(tmp_path, make_store, estimator) -> None:
    one = make_store("one")
    with running.start(tmp_path / "real", estimator=estimator) as real, pytest.raises(PauseError, match="practice_m"):
        enrolled(one, real)


def test_a_village_that_calls_itself_real_reaches_no_practice_server(server, make_store: MakeStore) -> None:
    one = enrolled(make_store("one"), server)
    with one.unit() as unit:
        unit.add(Village(id=derived_id("village", CODE), village_code=CODE, practice=0))
        unit.commit()
    with pytest.raises(PauseError, match="practice_mismatch"):
        sync(one)
    assert server_rows(server) == {}
