"""The provisional sink of parcels, households, villages and counties with its range; only trees that count."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from fieldapp.domain.ids import RecordId
from fieldapp.domain.sinks import Estimator
from fieldapp.domain.totals import Kind, Part, Total, add_up, merged
from fieldapp.storage import stale_sums
from fieldapp.storage.household_sums import NO_KINDS, parts_of
from fieldapp.storage.methods import HOUSEHOLD
from fieldapp.storage.store import Store
from fieldapp.storage.views import AreaTotals, EquationTotal, SinkTotals

_TREES_SQL = (
    "SELECT c.species, c.equation_id, c.flags, c.method_version, c.status, count(*), count(c.co2e_kg), "
    "total(c.co2e_kg), total(c.co2e_kg * c.co2e_kg), "
    "total((c.co2e_high_kg - c.co2e_kg) * (c.co2e_high_kg - c.co2e_kg)) FROM tree t "
    "CROSS JOIN tree_current c ON c.tree_id = t.id WHERE {} AND c.counted = 1 GROUP BY 1, 2, 3, 4, 5"
)
_COUNTED_MARKS = ("extrapolated", "height_curve")  # a sum says of how many trees they are
OF_VILLAGE = (  # trees of a parcel or household in the bin are not the village's
    "t.parcel_id IN (SELECT p.id FROM parcel p JOIN household h ON h.id = p.household_id "
    "WHERE p.village_code = ? AND coalesce(p.removed, 0) = 0 AND coalesce(h.removed, 0) = 0)"
)
_AREA_SQL = (
    "SELECT h.id, coalesce(c.counted, 0), coalesce(c.area_mu, 0.0), "
    f"CASE c.kinds WHEN '' THEN {stale_sums.KINDS.format('h.id')} ELSE c.kinds END, "
    "EXISTS (SELECT 1 FROM local WHERE key = ?2 || lower(hex(h.id))) FROM household h "
    "LEFT JOIN household_current c ON c.household_id = h.id "
    "WHERE substr(h.village_code, 1, length(?1)) = ?1 AND coalesce(h.removed, 0) = 0"
)


def tree_totals(store: Store, household_id: RecordId, parcel_id: RecordId | None = None) -> SinkTotals:
    """The provisional sink of a household or one of its parcels."""
    where, owner = of_owner(household_id, parcel_id)
    rows = store.rows(_TREES_SQL.format(where), (owner,))
    total = add_up(
        [Part(Kind(row[0] or "", row[1], _marks(row[2])), *row[6:]) for row in rows if row[6]],
        store.estimator_of(household_id),
    )
    return SinkTotals(sum(row[5] for row in rows), total, _by_equation(rows))


def village_totals(store: Store, village_code: str) -> tuple[SinkTotals, float]:
    """The provisional sink of a village with what each equation gives to it, and its land in mu."""
    area = area_totals(store, village_code)
    rows = store.rows(_TREES_SQL.format(OF_VILLAGE), (village_code,))
    return SinkTotals(area.trees, area.total, _by_equation(rows)), area.area_mu


def area_totals(store: Store, code: str) -> AreaTotals:
    """All households of a village, or of the county whose code its code begins with: from their rows alone."""
    rows = store.rows(_AREA_SQL, (code, HOUSEHOLD))
    active = store.estimator
    methods: dict[int, Estimator] = {}
    parts: dict[int, list[Part]] = defaultdict(list)
    for household_id, _trees, _area, kinds, has_own_method in rows:
        if kinds not in (None, NO_KINDS):
            estimator = store.estimator_of(household_id) if has_own_method else active
            methods[id(estimator)] = estimator
            parts[id(estimator)] += parts_of(kinds)
    total = Total()
    for number, found in parts.items():
        total.add(add_up(merged(found), methods[number]))
    return AreaTotals(
        households=len(rows),
        trees=sum(row[1] for row in rows),
        area_mu=sum(row[2] for row in rows),
        total=total,
        method_versions=tuple(sorted({methods[number].method_version for number in parts})),
    )


def _by_equation(rows: list[tuple[Any, ...]]) -> tuple[EquationTotal, ...]:
    """What each equation contributes, the one with the most trees first."""
    found: dict[tuple[str, str, str], tuple[int, float, int, int]] = {}
    for _species, equation, flags, version, status, _all, trees, kg, *_ in rows:
        if trees:
            marks = _marks(flags)
            old_trees, old_kg, *old = found.get((equation, version, status), (0, 0.0, 0, 0))
            out, inferred = (before + trees * (mark in marks) for before, mark in zip(old, _COUNTED_MARKS, strict=True))
            found[equation, version, status] = (old_trees + trees, old_kg + kg, out, inferred)
    largest = sorted(found.items(), key=lambda item: (-item[1][0], item[0]))
    return tuple(EquationTotal(*key, trees, kg, out, inferred) for key, (trees, kg, out, inferred) in largest)


def of_owner(household_id: RecordId, parcel_id: RecordId | None) -> tuple[str, RecordId]:
    """Trees by the index of their parcel; those of a parcel in the bin are not the household's."""
    if parcel_id is not None:
        return "t.parcel_id = ?", parcel_id
    mine = "SELECT id FROM parcel WHERE household_id = ? AND coalesce(removed, 0) = 0"
    return f"t.parcel_id IN ({mine})", household_id


def _marks(text: str) -> tuple[str, ...]:
    return tuple(filter(None, text.split(",")))
