"""The server behind its pages and requests: accepts frames durably, then applies them, then computes their sinks."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from concurrent.futures import Future
from typing import Any

import sqlalchemy as sa

from fieldapp.carbon.estimate import RegistryEstimator
from fieldapp.domain.sinks import method_name
from fieldapp.server import devices, identity, ledger, recount, turns
from fieldapp.server.apply import Applier
from fieldapp.server.blobs import Blobs
from fieldapp.server.database import Database
from fieldapp.server.frames import FrameReader, unapplied
from fieldapp.server.kept_sums import KeptSums
from fieldapp.server.ledger import Accepted, Outcome
from fieldapp.server.schema import VILLAGE_LOG
from fieldapp.server.settings import ServerSettings
from fieldapp.server.sinks import SinkKeeper, computed_by
from fieldapp.server.trouble import TROUBLE
from fieldapp.server.turns import FolderLock
from fieldapp.sync.wire import Frame

_LOG = logging.getLogger(__name__)
# A new methodology has a county's trees computed again, for minutes; laptops hang up after one without an answer.
SINKS_WAIT_S = 25.0


class Station:
    """Everything a running server holds; made once per process, closed at its end."""

    def __init__(self, settings: ServerSettings, estimator: RegistryEstimator) -> None:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        self.settings = settings
        self._lock = FolderLock(settings)
        try:
            self.database = Database(settings.database())
        except BaseException:
            self._lock.release()
            raise
        try:
            self.blobs = Blobs(self.database, settings)
            self.identity = self.database.write(identity.load, practice=settings.practice, password=settings.password)
        except BaseException:
            self.database.close()
            self._lock.release()
            raise
        self.estimator = estimator
        self.sinks = SinkKeeper(self.database, estimator)
        self.sums = KeptSums(estimator)
        self._reader = FrameReader()
        self._watch(self.database.run_on_writer(self._recover))

    def new_code(self, villages: Sequence[str] = ()) -> str:
        """A fresh enrolment code, for these villages or for all."""
        return self.database.write(devices.new_code, self.settings.now_ms(), self.settings.code_valid_ms, villages)

    def accept(self, connection: sa.Connection, frames: Sequence[tuple[Frame, bytes]]) -> Outcome:
        """Stores frames in the writer's transaction; give the accepted ones to `apply` when it is durable."""
        return ledger.accept(connection, frames, self.settings.now_ms())

    def apply(self, accepted: Sequence[Accepted]) -> None:
        """Queues accepted frames for the tables."""
        if accepted:
            self._watch(self.database.run_on_writer(lambda: self._apply(accepted)))

    async def settle(self, *, sinks: bool) -> None:
        """Waits until all that was accepted so far is in the tables and, when asked, a while for its sinks.

        What a full disk kept from the tables is tried again. Raises what stands in the way of it.
        """
        work = self.database.run_on_writer(self._catch_up)
        self._watch(work)
        caught_up = asyncio.wrap_future(work)
        await asyncio.wait({caught_up})
        error = caught_up.exception()
        if isinstance(error, TROUBLE):
            raise error
        if sinks:
            self.sinks.retry()
            settled = asyncio.wrap_future(self.sinks.settled())
            # the answer says of each village whether it is computed
            await asyncio.wait({settled}, timeout=SINKS_WAIT_S)

    def close(self) -> None:
        """Stops computing, finishes what is being written and closes the database."""
        self.sinks.close()
        self.database.close()
        self._lock.release()

    def _apply(self, accepted: Sequence[Accepted]) -> None:
        """On the writer: in cursor order without gaps; after a failure the log is read again from where it stopped."""
        touched = []
        with self.database.engine.begin() as connection:
            turns.take(connection, {turns.village(one.village_code) for one in accepted})
            for one in accepted:
                for due in self._due(connection, one):
                    changes = Applier(self._reader, connection, due, self.settings.now_ms()).run()
                    if changes is not None:
                        touched.append((due, changes))
        for due, changes in touched:
            self.sinks.touch(due.village_code, changes, due.cursor)

    def _due(self, connection: sa.Connection, accepted: Accepted) -> list[Accepted]:
        query = sa.select(VILLAGE_LOG.c.applied_cursor).where(VILLAGE_LOG.c.village_code == accepted.village_code)
        applied = int(connection.execute(query).scalar_one())
        if accepted.cursor == applied + 1:
            return [accepted]
        return unapplied(connection, accepted.village_code, applied)

    def _recover(self) -> None:
        """At the start: the log is applied to its end, wrong counts are set right, missing sinks are computed.

        After a change of the server's methodology those of all villages are missing.
        """
        with self.database.engine.begin() as connection:
            computed_by(connection, method_name(self.estimator))
        query = sa.select(VILLAGE_LOG.c.village_code, VILLAGE_LOG.c.last_cursor).where(
            VILLAGE_LOG.c.sinks_cursor < VILLAGE_LOG.c.last_cursor
        )
        self._catch_up()
        for (village,) in self.database.read(_rows, sa.select(VILLAGE_LOG.c.village_code)):
            with self.database.engine.begin() as connection:
                recount.set_right(connection, village)
        for village, last in self.database.read(_rows, query):
            self.sinks.catch_up(village, last)

    def _catch_up(self) -> None:
        """On the writer: frames that are in the log but, after a failure, not in the tables."""
        query = sa.select(VILLAGE_LOG.c.village_code, VILLAGE_LOG.c.last_cursor, VILLAGE_LOG.c.applied_cursor).where(
            VILLAGE_LOG.c.applied_cursor < VILLAGE_LOG.c.last_cursor
        )
        for village, last, applied in self.database.read(_rows, query):
            while applied < last:
                due = self.database.read(unapplied, village, applied)
                self._apply(due)
                applied = due[-1].cursor

    def _watch(self, future: Future[None]) -> None:
        future.add_done_callback(_tell)


def _tell(future: Future[None]) -> None:
    """A failure behind the answer would be lost on its thread; the log keeps the frames, the next start tries again."""
    error = None if future.cancelled() else future.exception()
    if error is not None:
        _LOG.error("frames could not be applied", exc_info=error)


def _rows(connection: sa.Connection, query: sa.Select[Any]) -> list[Any]:
    return list(connection.execute(query))
