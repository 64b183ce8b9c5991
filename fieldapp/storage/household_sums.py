"""What a household's row keeps of its trees: counters, and per kind the sums that the range of any total needs.

They move by the difference in the transaction that touches a tree. All are whole milligrams (and their squares), so
that adding and taking away for years leaves no residue.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from fieldapp.domain.ids import RecordId
from fieldapp.domain.totals import Kind, Part
from fieldapp.storage.connection import Connection
from fieldapp.storage.stale_sums import STALE

MG_PER_KG = 1_000_000
NO_KINDS = "[]"
_COUNTERS = ("trees", "counted", "measured", "estimated", "tree_photos", "co2e_mg")
_NAMES = (*_COUNTERS, "kinds")
_WRITE_SQL = (
    f"INSERT INTO household_current (household_id, {', '.join(_NAMES)}) VALUES (?{', ?' * len(_NAMES)}) "
    "ON CONFLICT (household_id) DO UPDATE SET "
    + ", ".join(f"{name} = {name} + excluded.{name}" for name in _COUNTERS)
    + ", kinds = excluded.kinds"
)
_KINDS_SQL = "SELECT kinds FROM household_current WHERE household_id = ?"
_PARCELS_SQL = """
INSERT INTO household_current (household_id, parcels, area_mu, other_photos)
SELECT :id,
  (SELECT count(*) FROM parcel WHERE household_id = :id AND coalesce(removed, 0) = 0),
  (SELECT coalesce(sum(area_mu), 0.0) FROM parcel WHERE household_id = :id AND coalesce(removed, 0) = 0),
  (SELECT count(*) FROM photo_link WHERE coalesce(removed, 0) = 0 AND (subject_id = :id
    OR subject_id IN (SELECT id FROM parcel WHERE household_id = :id AND coalesce(removed, 0) = 0)))
WHERE true
ON CONFLICT (household_id) DO UPDATE SET
  parcels = excluded.parcels, area_mu = excluded.area_mu, other_photos = excluded.other_photos
"""
_Key = tuple[str, str, str]  # species, equation, flags
Row = Mapping[str, Any]


class HouseholdChanges:
    """Differences of some households, collected tree by tree and written at once."""

    def __init__(self) -> None:
        self._counters: dict[RecordId, list[int]] = defaultdict(lambda: [0] * len(_COUNTERS))
        self._kinds: dict[RecordId, dict[_Key, list[int]]] = defaultdict(dict)

    def count(self, row: Row | None, sign: int) -> None:
        """Adds or takes away what one tree's row contributes to its household."""
        if row is None or row["household_id"] is None:
            return
        counted = row["counted"]
        co2e = row["co2e_kg"] if counted else None
        mg = _mg(co2e)
        parts = (
            not row["removed"],
            counted,
            counted and row["dbh_cm"] is not None,
            co2e is not None,
            0 if row["removed"] else row["photos"],
            mg,
        )
        change = self._counters[row["household_id"]]
        for place, part in enumerate(parts):
            change[place] += sign * int(part)
        if co2e is not None:
            half = _mg(row["co2e_high_kg"]) - mg
            key = (row["species"] or "", row["equation_id"], row["flags"])
            _add(self._kinds[row["household_id"]], key, (sign, sign * mg, sign * mg * mg, sign * half * half))

    def write(self, connection: Connection) -> None:
        """Brings the rows of the households up to date."""
        for household, counters in self._counters.items():
            kinds = self._kinds[household]
            if any(counters) or any(any(sums) for sums in kinds.values()):
                found = connection.execute(_KINDS_SQL, (household,)).fetchone()
                connection.execute(_WRITE_SQL, (household, *counters, _merged(found[0] if found else NO_KINDS, kinds)))


def refresh_parcels_of(connection: Connection, household_ids: Iterable[RecordId]) -> None:
    """Recounts parcels, their area, and the photos that show the household or a parcel."""
    for household_id in household_ids:
        connection.execute(_PARCELS_SQL, {"id": household_id})


def parts_of(kinds: str) -> list[Part]:
    """The kept sums of a household's counted trees, kind by kind."""
    found = []
    for species, equation, flags, trees, mg, squared, half_squared in json.loads(kinds):
        kind = Kind(species, equation, tuple(filter(None, flags.split(","))))
        found.append(Part(kind, trees, mg / MG_PER_KG, squared / MG_PER_KG**2, half_squared / MG_PER_KG**2))
    return found


def _merged(kinds: str, changes: Mapping[_Key, list[int]]) -> str:
    if kinds == STALE:
        return STALE
    sums: dict[_Key, list[int]] = {(one[0], one[1], one[2]): [*map(int, one[3:])] for one in json.loads(kinds)}
    for key, change in changes.items():
        _add(sums, key, change)
    kept = [[*key, *found] for key, found in sorted(sums.items()) if found[0]]
    return json.dumps(kept, ensure_ascii=False, separators=(",", ":"))


def _add(sums: dict[_Key, list[int]], key: _Key, more: tuple[int, ...] | list[int]) -> None:
    old = sums.get(key)
    sums[key] = [one + other for one, other in zip(old, more, strict=True)] if old else list(more)


def _mg(kg: float | None) -> int:
    return round(kg * MG_PER_KG) if kg is not None else 0
