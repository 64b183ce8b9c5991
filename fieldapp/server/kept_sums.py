"""Villages' sums as last read: a village is read again only when its records or sinks have moved on since.

A county's server holds more than a million trees; adding them up anew for every look at the first page takes seconds.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from fieldapp.domain.sinks import Estimator
from fieldapp.domain.totals import Part, add_up, merged
from fieldapp.server import sums
from fieldapp.server.bulk import chunks
from fieldapp.server.schema import VILLAGE_LOG
from fieldapp.server.sums import Sum

_COUNTY_DIGITS = 6


@dataclass(frozen=True, slots=True)
class _Kept:
    reached: tuple[int, int]  # how far records and sinks had come before the village was read
    trees: int
    parts: list[Part]


class KeptSums:
    """The sums of villages and counties; may be asked from any thread."""

    def __init__(self, estimator: Estimator) -> None:
        self._estimator = estimator
        self._kept: dict[str, _Kept] = {}
        self._lock = threading.Lock()

    def by_village(self, connection: sa.Connection, villages: Sequence[str]) -> dict[str, Sum]:
        """The sums of these villages; a household in the bin is not the village's."""
        query = _reached().where(VILLAGE_LOG.c.village_code.in_(villages))
        return {village: self._sum([kept]) for village, kept in self._read(connection, query).items()}

    def by_county(self, connection: sa.Connection) -> dict[str, Sum]:
        """The sum of every county, by the code with which its villages' codes begin."""
        counties: dict[str, list[_Kept]] = defaultdict(list)
        for village, kept in self._read(connection, _reached()).items():
            counties[village[:_COUNTY_DIGITS]].append(kept)
        return {code: self._sum(villages) for code, villages in counties.items()}

    def _read(self, connection: sa.Connection, query: sa.Select[Any]) -> dict[str, _Kept]:
        reached = {village: (applied, sinks) for village, applied, sinks in connection.execute(query)}
        with self._lock:
            known = {village: kept for village in reached if (kept := self._kept.get(village)) is not None}
        behind = [village for village, now in reached.items() if village not in known or known[village].reached != now]
        for some in chunks(behind):
            found = sums.parts_of_villages(connection, some)
            known |= {village: _Kept(reached[village], *found.get(village, (0, []))) for village in some}
        with self._lock:
            self._kept |= {village: known[village] for village in behind}
        return {village: kept for village, kept in known.items() if kept.trees}

    def _sum(self, villages: Sequence[_Kept]) -> Sum:
        parts = merged(part for kept in villages for part in kept.parts)
        return Sum(sum(kept.trees for kept in villages), add_up(parts, self._estimator))


def _reached() -> sa.Select[Any]:
    return sa.select(VILLAGE_LOG.c.village_code, VILLAGE_LOG.c.applied_cursor, VILLAGE_LOG.c.sinks_cursor)
