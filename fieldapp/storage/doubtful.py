"""How many trees of a sum have a diameter or height that cannot well be right, by the rules of the window's findings.

It reads every tree it is asked about (0.6 s for 135,000), so a card asks it, never a list that is read at each save.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from fieldapp.domain.check_tree import age_when_measured, check_measurement
from fieldapp.domain.doubtful import earlier_to_compare, is_doubtful
from fieldapp.domain.ids import RecordId
from fieldapp.domain.programme import Programme
from fieldapp.storage.store import Store
from fieldapp.storage.sums import OF_VILLAGE, of_owner

_TREES = "FROM tree t CROSS JOIN tree_current c ON c.tree_id = t.id CROSS JOIN parcel p ON p.id = t.parcel_id"
_SUMMED = "{} AND c.counted = 1 AND c.co2e_kg IS NOT NULL"
_FACTS = (
    "c.dbh_cm, c.height_m, c.species, coalesce(nullif(t.planting_year, 0), p.planting_year), "
    "substr(c.measured_on, 1, 4)"  # the year says the age then, and many trees share it
)
_TALL_M = 50.0  # a little below what the rules call too tall
_SLACK = 1e-6  # so that no rounding leaves out a tree that the rules themselves would ask about
_MAY_BE_ODD_SQL = (
    f"SELECT {_FACTS}, count(*) {_TREES} WHERE {_SUMMED} AND (c.dbh_cm > ?2 OR c.height_m > {_TALL_M} "
    "OR c.height_m * 100 NOT BETWEEN ?3 * c.dbh_cm AND ?4 * c.dbh_cm) GROUP BY 1, 2, 3, 4, 5"
)
# Of the same day are corrections, not visits; of several earlier facts the last one wins, as in `remeasured`.
_EARLIER_SQL = (
    f"SELECT t.id, {_FACTS}, c.stems, m.dbh_cm {_TREES} CROSS JOIN measurement now ON now.id = c.dbh_id "
    "CROSS JOIN measurement m ON m.tree_id = t.id "
    f"WHERE {_SUMMED} AND m.dbh_cm IS NOT NULL AND m.measured_on < now.measured_on "
    "ORDER BY m.measured_on, m.hlc, m.id"
)


def doubtful(store: Store, programme: Programme, household_id: RecordId, parcel_id: RecordId | None = None) -> int:
    """Those of a household or of one of its parcels."""
    where, owner = of_owner(household_id, parcel_id)
    return _count(store, programme, where, owner)


def doubtful_of_village(store: Store, programme: Programme, village_code: str) -> int:
    """Those of a village."""
    return _count(store, programme, OF_VILLAGE, village_code)


def _count(store: Store, programme: Programme, where: str, owner: RecordId | str) -> int:
    where, today = where.replace("?", "?1"), dt.date.today()
    slimmest, stoutest = (programme.number(f"height_ratio_{end}") for end in ("max", "min"))
    bounds = programme.dbh_range_cm[1], stoutest * (1 + _SLACK), slimmest * (1 - _SLACK)
    rows = store.rows(_MAY_BE_ODD_SQL.format(where), (owner, *bounds))
    odd: int = sum(trees for *facts, trees in rows if _is_odd(programme, today, facts))
    earlier = {id: rest for id, *rest in store.rows(_EARLIER_SQL.format(where), (owner,))}
    shrunk = 0
    for *facts, stems, earlier_cm in earlier.values():
        compared = earlier_to_compare(earlier_cm, stems)
        shrunk += _is_odd(programme, today, facts, compared) and not _is_odd(programme, today, facts)
    return odd + shrunk


def _is_odd(programme: Programme, today: dt.date, facts: list[Any], last_dbh_cm: float | None = None) -> bool:
    dbh_cm, height_m, species, planted, measured = facts
    age = age_when_measured(planted, measured, today)
    found = check_measurement(dbh_cm, height_m, programme, species=species, age_years=age, last_dbh_cm=last_dbh_cm)
    return is_doubtful(found)
