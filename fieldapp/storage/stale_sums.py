"""Household sums that measurements have left behind: a save of one measurement writes no page for its household.

Such a save changes what is measured, estimated and summed of its household, never which trees it has. It marks the
household's row as stale (once), and whoever reads those sums takes them from the trees until they are written again,
in the transaction of every 1024th operation and of the save that leaves behind one household more than a few:
seldom, for it reads all trees of those households (1.3 us each), and each stale one makes every refresh of the
window 0.4 ms longer for a village and as much for its county.
"""

from __future__ import annotations

from fieldapp.domain.ids import RecordId
from fieldapp.storage.connection import Connection

STALE = ""  # in place of the sums by kind
SETTLED_EVERY = 1024  # own operations
AT_MOST = 4  # stale households: people work on one after the other
_OF_TREES = (
    "FROM parcel p CROSS JOIN tree t ON t.parcel_id = p.id CROSS JOIN tree_current x ON x.tree_id = t.id "
    "WHERE p.household_id = {} AND x.counted = 1"
)
_MG = "CAST(round(x.co2e_kg * 1e6) AS INTEGER)"
_HALF_MG = "(round(x.co2e_high_kg * 1e6) - round(x.co2e_kg * 1e6))"
_MARK_SQL = (
    "INSERT INTO household_current (household_id, kinds, waiting) VALUES (?, '', 1) "
    "ON CONFLICT (household_id) DO UPDATE SET kinds = '', waiting = 1"
)
_COUNT_SQL = "SELECT count(*) FROM household_current WHERE kinds = ''"
# The sums by kind of the stale household `{0}`, as `household_sums` keeps them.
KINDS = (
    "(SELECT coalesce(json_group_array(json_array(species, equation, flags, n, mg, squared, half_squared)), '[]') "
    "FROM (SELECT coalesce(x.species, '') species, x.equation_id equation, x.flags flags, count(*) n, "
    f"sum({_MG}) mg, total(round(x.co2e_kg * 1e6) * round(x.co2e_kg * 1e6)) squared, "
    f"total({_HALF_MG} * {_HALF_MG}) half_squared {_OF_TREES} AND x.co2e_kg IS NOT NULL GROUP BY 1, 2, 3 "
    "ORDER BY 1, 2, 3))"
)
# One row for each stale household, to be joined: what is measured, estimated and summed of its trees.
SUMS = (
    "(SELECT k.household_id, count(x.dbh_cm) measured, count(x.co2e_kg) estimated, "
    f"coalesce(sum({_MG}), 0) co2e_mg FROM household_current k LEFT JOIN parcel p ON p.household_id = k.household_id "
    "LEFT JOIN tree t ON t.parcel_id = p.id LEFT JOIN tree_current x ON x.tree_id = t.id AND x.counted = 1 "
    "WHERE k.kinds = '' GROUP BY k.household_id)"
)
_SETTLE_SQL = (
    "UPDATE household_current SET measured = s.measured, estimated = s.estimated, co2e_mg = s.co2e_mg, "
    f"kinds = {KINDS.format('household_current.household_id')} "
    f"FROM {SUMS} s WHERE s.household_id = household_current.household_id"
)


def mark(connection: Connection, household_id: RecordId) -> None:
    """From now on the sums of this household are taken from its trees, and it has a change that waits.

    For use when the rows of its trees are derived: it may be the one that makes the stale ones too many.
    """
    connection.execute(_MARK_SQL, (household_id,))
    if connection.execute(_COUNT_SQL).fetchone()[0] > AT_MOST:
        settle(connection)


def settle(connection: Connection) -> None:
    """Writes the sums of all stale households, inside a transaction of the caller that has derived every tree."""
    connection.execute(_SETTLE_SQL)
