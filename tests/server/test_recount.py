"""Counts of a village that are wrong, however that came, are right again after a start."""

from __future__ import annotations

import sqlalchemy as sa

from fieldapp.server import running
from fieldapp.server.apply import Applier
from fieldapp.server.frames import FrameReader, unapplied
from fieldapp.server.schema import VILLAGE_LOG
from tests.server.conftest import CODE, PASSWORD, Client


def log_of(server: running.RunningServer) -> tuple[int, ...]:
    """Position, number of records and digest of the one village."""
    columns = (VILLAGE_LOG.c.applied_cursor, VILLAGE_LOG.c.n_rows, VILLAGE_LOG.c.digest)
    return tuple(server.server.station.database.read(lambda c: c.execute(sa.select(*columns)).one()))


def test_wrong_counts_are_set_right_at_the_start(tmp_path, estimator) -> None:
    with running.start(tmp_path / "data", estimator=estimator, password=PASSWORD) as server:
        client = Client(server)
        client.push(*(client.op("tree", tag=str(n)) for n in range(50)), client.op("household", number=1))
        right = log_of(server)
        wrong = sa.update(VILLAGE_LOG).values(n_rows=102, digest=2**63 - 1)
        server.server.station.database.write(lambda c: c.execute(wrong))
        client.http.close()
    with running.start(tmp_path / "data", estimator=estimator, password=PASSWORD) as server:
        client = Client(server)
        found = client.sync(settle=True, cursors={CODE: 0})["villages"][CODE]
        client.http.close()
        assert found["rows"] == 51
        assert log_of(server) == right


def test_a_frame_that_another_server_has_applied_is_not_counted_again(server, client) -> None:
    client.push(*(client.op("tree", tag=str(n)) for n in range(5)))
    before = log_of(server)
    database = server.server.station.database
    (frame,) = database.read(unapplied, CODE, 0)
    assert database.write(lambda c: Applier(FrameReader(), c, frame, 0).run()) is None
    assert log_of(server) == before
