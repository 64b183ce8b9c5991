"""The server's own sinks: computed again from the facts, behind the log, and held against what laptops computed."""

from __future__ import annotations

import logging
import threading
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import sqlalchemy as sa

from fieldapp.carbon.bulk import ColumnEstimator, Inputs
from fieldapp.carbon.estimate import RegistryEstimator
from fieldapp.domain.current import NOTHING_MEASURED, counts, current_measurement
from fieldapp.domain.ids import RecordId
from fieldapp.domain.sinks import Sink
from fieldapp.server import disputes
from fieldapp.server.apply import Touched
from fieldapp.server.bulk import chunks, replace_rows, upsert
from fieldapp.server.database import Database
from fieldapp.server.facts import facts_of
from fieldapp.server.schema import RECORDS, SETTING, SINK, VILLAGE_LOG

_TREE, _PARCEL = RECORDS["tree"], RECORDS["parcel"]
_BLOCK = 20_000
_AT_ONCE = 5_000
_METHOD = "methodology"  # the setting that names what the stored sinks were computed by
Asked = tuple[str, float | None, float | None, str | None, str | None, str | None]  # as `columns_of` says
_Rows = list[tuple[Any, ...]]
_LOG = logging.getLogger(__name__)


class SinkKeeper:
    """Recomputes touched trees on its own thread and writes them through the one writer."""

    def __init__(self, database: Database, estimator: RegistryEstimator) -> None:
        self._database = database
        self._columns = ColumnEstimator(estimator)
        self._waiting: dict[str, Touched] = defaultdict(Touched)
        self._failed: dict[str, int] = {}  # villages whose sinks could not be stored, and how far they were to reach
        self._lock = threading.Lock()
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="sinks")

    def touch(self, village_code: str, touched: Touched, cursor: int) -> None:
        """Notes what a frame changed and starts computing."""
        with self._lock:
            waiting = self._waiting[village_code]
            waiting.trees |= touched.trees
            waiting.parcels |= touched.parcels
        self._submit(village_code, cursor)

    def catch_up(self, village_code: str, applied_cursor: int) -> None:
        """Computes a whole village again, after a stop in between."""
        query = sa.select(_TREE.c.id).where(_TREE.c.village_code == village_code)
        self.touch(village_code, Touched(trees=set(self._database.read(_ids, query))), applied_cursor)

    def retry(self) -> None:
        """Starts again on what could not be stored."""
        with self._lock:
            failed, self._failed = self._failed, {}
        for village_code, cursor in failed.items():
            self._submit(village_code, cursor)

    def settled(self) -> Future[None]:
        """Done when everything touched so far has been computed and stored."""
        return self._worker.submit(_nothing)

    def close(self) -> None:
        """Finishes what is being computed and drops the rest; the next start catches up."""
        self._worker.shutdown(wait=True, cancel_futures=True)

    def _submit(self, village_code: str, cursor: int) -> None:
        self._worker.submit(self._compute, village_code, cursor).add_done_callback(_tell)

    def _compute(self, village_code: str, cursor: int) -> None:
        # Frames that wait for the tables go first: computing in between would only make both slower.
        self._database.run_on_writer(_nothing).result()
        with self._lock:
            waiting = self._waiting.pop(village_code, Touched())
        stored = False
        try:
            trees = waiting.trees | set(self._trees_of(village_code, waiting.parcels))
            for block in chunks(sorted(trees), _BLOCK):
                rows, apart = self._database.read(self._rows, village_code, block)
                for some in chunks(rows, _AT_ONCE):  # frames that arrive meanwhile wait for one piece at most
                    self._database.write(replace_rows, SINK, _NAMES, some)
                stood = self._database.read(disputes.stand, village_code).intersection(block)
                if apart or stood:
                    about = sorted({*stood, *(row[1] for row in apart)})
                    self._database.write(disputes.replace, village_code, about, apart)
            self._database.write(_advance, village_code, cursor)
            stored = True
        finally:
            if not stored:
                self._put_back(village_code, waiting, cursor)

    def _put_back(self, village_code: str, waiting: Touched, cursor: int) -> None:
        """A full disk, say: what was to be computed must not be forgotten."""
        with self._lock:
            self._waiting[village_code].trees |= waiting.trees
            self._waiting[village_code].parcels |= waiting.parcels
            self._failed[village_code] = max(cursor, self._failed.get(village_code, 0))

    def _trees_of(self, village_code: str, parcels: Iterable[RecordId]) -> Iterator[RecordId]:
        for some in chunks(parcels):
            query = sa.select(_TREE.c.id).where(_TREE.c.village_code == village_code, _TREE.c.parcel_id.in_(some))
            yield from self._database.read(_ids, query)

    def _rows(self, connection: sa.Connection, village: str, trees: Sequence[RecordId]) -> tuple[_Rows, _Rows]:
        """The rows of a block of trees, estimated column by column (the same bytes as one by one), and disputes."""
        heads: _Rows = []
        apart: _Rows = []
        asked: list[Asked] = []
        for some in chunks(trees):
            facts, versions = facts_of(connection, village, some)
            apart += disputes.rows_of(village, facts, versions)
            for tree_id, species, removed, state, parcel_removed, household_id, equation, curve in connection.execute(
                _tree_query(village, some)
            ):
                measured = current_measurement(facts[tree_id]) if tree_id in facts else NOTHING_MEASURED
                numbers = (measured.dbh_cm, measured.height_m, measured.stems)
                asked.append((species or "", *numbers, equation or None, curve or None))
                counted = int(counts(removed, state, parcel_removed))
                heads.append((village, tree_id, household_id, counted, species, *numbers))
        found = self._columns.estimate(columns_of(asked))
        return [(*head, *_row(found.sink(place))) for place, head in enumerate(heads)], apart


def columns_of(asked: Sequence[Asked]) -> Inputs:
    """Species, DBH, height, stems, chosen equation and height curve of many trees, column by column."""
    species, dbh_cm, height_m, stems, equation, curve = zip(*asked, strict=True) if asked else ((),) * 6
    return Inputs(
        species,
        dbh_cm,
        height_m,
        equation=equation if any(equation) else None,
        height_curve=curve if any(curve) else None,
        stems=stems if any(stems) else None,
    )


def _tell(future: Future[None]) -> None:
    """A failure on the worker would be lost; `retry` or the next start computes again."""
    error = None if future.cancelled() else future.exception()
    if error is not None:
        _LOG.error("sinks could not be stored", exc_info=error)


def _ids(connection: sa.Connection, query: sa.Select[Any]) -> list[RecordId]:
    return list(connection.execute(query).scalars())


def _nothing() -> None:
    return None


def _tree_query(village: str, trees: Sequence[RecordId]) -> sa.Select[Any]:
    joined = _TREE.outerjoin(
        _PARCEL, (_PARCEL.c.village_code == _TREE.c.village_code) & (_PARCEL.c.id == _TREE.c.parcel_id)
    )
    return (
        sa.select(
            _TREE.c.id,
            sa.func.coalesce(sa.func.nullif(_TREE.c.species, ""), _PARCEL.c.species),
            _TREE.c.removed,
            _TREE.c.state,
            _PARCEL.c.removed,
            _PARCEL.c.household_id,
            _PARCEL.c.equation_id,
            _PARCEL.c.height_curve,
        )
        .select_from(joined)
        .where(_TREE.c.village_code == village, _TREE.c.id.in_(trees))
    )


_NAMES = (
    "village_code",
    "tree_id",
    "household_id",
    "counted",
    "species",
    "dbh_cm",
    "height_m",
    "stems",
    "equation_id",
    "status",
    "co2e_kg",
    "co2e_low_kg",
    "co2e_high_kg",
    "flags",
    "method_version",
    "error",
)


def _row(sink: Sink) -> tuple[Any, ...]:
    """The end of a row, from `equation_id` on."""
    return (
        sink.equation_id,
        sink.status,
        sink.co2e_kg,
        sink.co2e_low_kg,
        sink.co2e_high_kg,
        ",".join(sink.flags),
        sink.method_version,
        sink.error,
    )


def _advance(connection: sa.Connection, village_code: str, cursor: int) -> None:
    log = sa.update(VILLAGE_LOG).where(VILLAGE_LOG.c.village_code == village_code, VILLAGE_LOG.c.sinks_cursor < cursor)
    connection.execute(log.values(sinks_cursor=cursor))


def computed_by(connection: sa.Connection, name: str) -> None:
    """Says by which methodology sinks are computed; after another one none of those stored counts as computed."""
    held = connection.execute(sa.select(SETTING.c.value).where(SETTING.c.key == _METHOD)).scalar()
    if held == name.encode():
        return
    connection.execute(sa.update(VILLAGE_LOG).values(sinks_cursor=0))
    upsert(connection, SETTING, {"key": _METHOD, "value": name.encode()})
