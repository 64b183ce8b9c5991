"""One server at a time on a folder, whoever was killed before."""

from __future__ import annotations

import pytest

from fieldapp.errors import StorageError
from fieldapp.i18n import catalogue
from fieldapp.server import running
from tests.server.test_serve import serving


def test_a_second_server_on_the_same_folder_is_refused(tmp_path) -> None:
    with serving(tmp_path / "data") as (first, _):
        with serving(tmp_path / "data") as (second, facts):
            assert facts.keys() == {"error"}
            assert second.wait(30) == 3
            told = second.stderr.read()
        assert catalogue("zh_CN")["error.server_folder_in_use.title"] in told
        assert str(tmp_path / "data") in told
        assert "Traceback" not in told
        first.kill()
        first.wait(30)
        with serving(tmp_path / "data") as (_, facts):
            assert facts["url"]


def test_a_database_file_is_held_wherever_it_lies(tmp_path, estimator) -> None:
    (tmp_path / "elsewhere").mkdir()
    url = f"sqlite:///{tmp_path / 'elsewhere' / 'one.db'}"
    with running.start(tmp_path / "one", estimator=estimator, database_url=url):
        with pytest.raises(StorageError, match="server_folder_in_use"):
            running.start(tmp_path / "two", estimator=estimator, database_url=url)
        with pytest.raises(StorageError, match="server_folder_in_use"):
            running.start(tmp_path / "one", estimator=estimator)
    running.start(tmp_path / "two", estimator=estimator, database_url=url).stop()
