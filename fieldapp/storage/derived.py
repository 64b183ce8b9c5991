"""What is computed from records and never typed: a tree's values in force with its sink, a household's counters.

A tree's row is recomputed in the transaction that touches it; its household's counters move by the difference.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from operator import attrgetter
from typing import Any

from fieldapp.domain.current import (
    FACT_FIELDS,
    NOTHING_MEASURED,
    Measured,
    MeasurementFact,
    counts,
    current_measurement,
)
from fieldapp.domain.ids import RecordId
from fieldapp.domain.sinks import Estimator, Sink, SinkInput
from fieldapp.storage import disputes, stale_sums
from fieldapp.storage.connection import Connection
from fieldapp.storage.household_sums import HouseholdChanges
from fieldapp.storage.methods import ACTIVE, HOUSEHOLD, Methods

_CHUNK = 500
_SINKS_REMEMBERED = 100_000
TREE_COLUMNS = (
    "tree_id",
    "parcel_id",
    "household_id",
    "village_code",
    "counted",
    "removed",
    "dbh_cm",
    "dbh_id",
    "height_m",
    "height_id",
    "measured_on",
    "measured_by",
    "lat",
    "lon",
    "accuracy_m",
    "position_id",
    "photos",
    "equation_id",
    "status",
    "agb_kg",
    "bgb_kg",
    "carbon_kg",
    "co2e_kg",
    "co2e_low_kg",
    "co2e_high_kg",
    "flags",
    "method_version",
    "error",
    "species",
    "stems",
)
_REPLACE = (
    f"INSERT OR REPLACE INTO tree_current ({', '.join(TREE_COLUMNS)}) VALUES ({', '.join('?' * len(TREE_COLUMNS))})"
)
_OF_FACTS = (*TREE_COLUMNS[6:12], *TREE_COLUMNS[17:28], "stems")  # what a measurement changes: itself and the sink
_UPDATE = f"UPDATE tree_current SET {', '.join(f'{name} = ?' for name in _OF_FACTS)} WHERE tree_id = ?"
_MEASURED = attrgetter("dbh_cm", "dbh_id", "height_m", "height_id", "measured_on", "measured_by")
_NOWHERE = (None,) * 4
Row = tuple[Any, ...]


class Derivation:
    """Recomputes derived rows through the injected estimator; remembers sinks, for a plantation repeats itself."""

    def __init__(self, connection: Connection, methods: Methods) -> None:
        self._connection = connection
        self._methods = methods
        self._sinks: dict[tuple[int, SinkInput], Sink] = {}

    def refresh_trees(self, tree_ids: Iterable[RecordId]) -> None:
        """Recomputes these trees and moves the counters of their households."""
        ids = list(tree_ids)
        changes = HouseholdChanges()
        for start in range(0, len(ids), _CHUNK):
            self._refresh_chunk(ids[start : start + _CHUNK], changes)
        changes.write(self._connection)

    def add_fact(self, tree_id: RecordId, fact: MeasurementFact) -> bool:
        """The short way for the commonest save: one new own measurement, which supersedes what the tree's row says.

        Its stamp is greater than any that this laptop knew, so the facts before it need not be read again. False
        when the tree has no row yet, is disputed, or a sync has brought a later fact just now. It changes no count of
        trees: the sums of its household become stale, and the household is marked as waiting for the server.
        """
        found = self._connection.execute(_ADD_FACT_SQL, (tree_id, fact.hlc)).fetchone()
        if found is None or found[-1]:
            return False
        *old, household, species, equation, curve, kept, active, marked, _ = found
        measured = _superseded(old, fact)
        asked = _asked(species, measured, equation, curve)
        sink = self._sink(self._methods.named(self._connection, kept, active), asked)
        self._connection.execute(_UPDATE, (*_MEASURED(measured), *_sink_columns(sink), measured.stems, tree_id))
        if not marked and household is not None:
            stale_sums.mark(self._connection, household)
        return True

    def trees_of_parcel(self, parcel_id: RecordId) -> list[RecordId]:
        """The trees whose sink depends on this parcel."""
        return [row[0] for row in self._connection.execute("SELECT id FROM tree WHERE parcel_id = ?", (parcel_id,))]

    def _refresh_chunk(self, ids: Sequence[RecordId], changes: HouseholdChanges) -> None:
        marks = ",".join("?" * len(ids))
        old = {row[0]: row for row in self._connection.execute(f"{_OLD_SQL} ({marks})", ids)}
        facts = self._facts(ids, marks)
        measured = {tree_id: current_measurement(found) for tree_id, found in facts.items()}
        positions = {row[0]: row[1:] for row in self._connection.execute(_POSITION_SQL.format(marks), ids)}
        photos = dict(self._connection.execute(_PHOTOS_SQL.format(marks), ids).fetchall())
        fresh = []
        estimators: dict[RecordId | None, Estimator] = {}
        for tree in self._connection.execute(_TREE_SQL.format(marks), ids):
            row = self._row(
                tree,
                measured.get(tree[0], NOTHING_MEASURED),
                positions.get(tree[0]),
                photos.get(tree[0], 0),
                estimators,
            )
            if row != old.get(tree[0]):
                fresh.append(row)
                changes.count(_named(old[tree[0]]) if tree[0] in old else None, -1)
                changes.count(_named(row), 1)
        self._connection.executemany(_REPLACE, fresh)

    def _facts(self, ids: Sequence[RecordId], marks: str) -> dict[RecordId, list[MeasurementFact]]:
        """The measurements of these trees; what people measured differently is written down for them to decide."""
        found: dict[RecordId, list[MeasurementFact]] = defaultdict(list)
        for row in self._connection.execute(_MEASUREMENT_SQL.format(marks), ids):
            found[row[0]].append(MeasurementFact(*row[1:]))
        disputes.write(self._connection, ids, marks, found)
        return found

    def _row(
        self,
        tree: Row,
        measured: Measured,
        position: Row | None,
        photos: int,
        estimators: dict[RecordId | None, Estimator],
    ) -> Row:
        tree_id, parcel_id, village, removed, state, species, household, parcel_removed, equation, curve = tree
        if household not in estimators:
            estimators[household] = self._methods.of(self._connection, household)
        sink = self._sink(estimators[household], _asked(species, measured, equation, curve))
        return (
            tree_id,
            parcel_id,
            household,
            village,
            int(counts(removed, state, parcel_removed)),
            int(bool(removed or parcel_removed)),
            *_MEASURED(measured),
            *(position if position and position[0] is not None else _NOWHERE),
            photos,
            *_sink_columns(sink),
            species,
            measured.stems,
        )

    def _sink(self, estimator: Estimator, asked: SinkInput) -> Sink:
        key = (id(estimator), asked)  # `Methods` keeps every estimator as long as the profile is open
        found = self._sinks.get(key)
        if found is None:
            if len(self._sinks) >= _SINKS_REMEMBERED:
                self._sinks.clear()
            found = self._sinks[key] = estimator.estimate(asked)
        return found


def _asked(species: str | None, measured: Measured, equation: str | None, curve: str | None) -> SinkInput:
    """The question for a sink; without the curve where it does not matter, more trees are the same question."""
    curve = curve if measured.height_m is None and curve else None
    return SinkInput(species or "", measured.dbh_cm, measured.height_m, None, equation or None, curve, measured.stems)


def _named(row: Row) -> dict[str, Any]:
    return dict(zip(TREE_COLUMNS, row, strict=True))


def _sink_columns(sink: Sink) -> Row:
    """A sink in the order of the tree's row."""
    return (
        sink.equation_id,
        sink.status,
        sink.agb_kg,
        sink.bgb_kg,
        sink.carbon_kg,
        sink.co2e_kg,
        sink.co2e_low_kg,
        sink.co2e_high_kg,
        ",".join(sink.flags),
        sink.method_version,
        sink.error,
    )


def _superseded(old: Sequence[Any], fact: MeasurementFact) -> Measured:
    """What is in force after one more fact than the row of the tree shows."""
    dbh_cm, dbh_id, height_m, height_id, stems = old
    dbh = MeasurementFact(-1, dbh_id or _NO_ID, dbh_cm, None, stems=stems)
    height = MeasurementFact(-1, height_id or _NO_ID, None, height_m)
    return current_measurement((dbh, height, fact))


_OLD_SQL = f"SELECT {', '.join(TREE_COLUMNS)} FROM tree_current WHERE tree_id IN"
_TREE = (
    "t.id, t.parcel_id, t.village_code, t.removed, t.state, coalesce(nullif(t.species, ''), p.species), "
    "p.household_id, p.removed, p.equation_id, p.height_curve"
)
_NO_ID = RecordId(bytes(16))
_TREE_SQL = f"SELECT {_TREE} FROM tree t LEFT JOIN parcel p ON p.id = t.parcel_id WHERE t.id IN ({{}})"
# Whatever else decides a tree's row brings that row up to date itself, so the tree need not be read again.
_ADD_FACT_SQL = (
    "SELECT c.dbh_cm, c.dbh_id, c.height_m, c.height_id, c.stems, c.household_id, c.species, p.equation_id, "
    "p.height_curve, "
    f"(SELECT value FROM local WHERE key = '{HOUSEHOLD}' || coalesce(lower(hex(c.household_id)), '')), "
    f"(SELECT value FROM local WHERE key = '{ACTIVE}'), "
    f"(SELECT kinds = '{stale_sums.STALE}' AND waiting FROM household_current WHERE household_id = c.household_id), "
    "EXISTS (SELECT 1 FROM measurement m WHERE m.tree_id = ?1 AND m.hlc > ?2) "
    "OR EXISTS (SELECT 1 FROM conflict k WHERE k.record_id = ?1) "
    "FROM tree_current c LEFT JOIN parcel p ON p.id = c.parcel_id WHERE c.tree_id = ?1"
)
_MEASUREMENT_SQL = f"SELECT tree_id, hlc, id, {', '.join(FACT_FIELDS)} FROM measurement WHERE tree_id IN ({{}})"
# The last fact in order wins in the dictionary that is made of it; one without a latitude takes the position back.
_POSITION_SQL = (
    "SELECT subject_id, lat, lon, accuracy_m, id FROM position WHERE subject_id IN ({}) ORDER BY subject_id, hlc, id"
)
_PHOTOS_SQL = (
    "SELECT subject_id, count(*) FROM photo_link WHERE subject_id IN ({}) AND coalesce(removed, 0) = 0 "
    "GROUP BY subject_id"
)
