"""How many findings a household has, kept for the list; who checks counts them, here is known which are out of date."""

from __future__ import annotations

from collections.abc import Collection

from fieldapp.domain.ids import RecordId
from fieldapp.storage.store import Store

_STALE = -1  # in the place of the grey ones: the others are still shown until they have been counted anew


def keep(store: Store, household_id: RecordId, *, red: int, amber: int, grey: int, doubtful: int = 0) -> None:
    """Keeps the counts of a household; `doubtful` are trees of its sum, by `domain/doubtful.py`.

    Without those of `people.shared`: they come and go with what happens to another household.
    """
    # The window tells them after every save and opening; what changes nothing must not wait for another writer.
    if store.rows("SELECT red, amber, grey, doubtful FROM finding_count WHERE household_id = ?", (household_id,)) == [
        (red, amber, grey, doubtful)
    ]:
        return
    store.write(
        "INSERT INTO finding_count (household_id, red, amber, grey, doubtful) VALUES (?1, ?2, ?3, ?4, ?5) "
        "ON CONFLICT (household_id) DO UPDATE SET red = ?2, amber = ?3, grey = ?4, doubtful = ?5",
        (household_id, red, amber, grey, doubtful),
    )


def doubtful_of(store: Store, village_code: str) -> tuple[int, bool]:
    """Doubtful trees of a village, and whether all its households have been counted."""
    found = store.rows(
        f"SELECT coalesce(sum(f.doubtful), 0), coalesce(max(coalesce(f.grey, {_STALE}) = {_STALE}), 0) "
        "FROM household h LEFT JOIN finding_count f ON f.household_id = h.id "
        "WHERE h.village_code = ? AND coalesce(h.removed, 0) = 0",
        (village_code,),
    )
    doubtful, uncounted = found[0]
    return int(doubtful), not uncounted


def forget(store: Store, village_code: str) -> None:
    """Something of this village came from outside: nobody knows whose findings it changed."""
    store.write(
        f"UPDATE finding_count SET grey = {_STALE} WHERE grey <> {_STALE} "
        "AND household_id IN (SELECT id FROM household WHERE village_code = ?)",
        (village_code,),
    )


def next_uncounted(store: Store, village_code: str, without: Collection[RecordId] = ()) -> RecordId | None:
    """A household of the village whose findings are to be counted, None when all are; `without` leaves out some."""
    rows = store.rows(
        "SELECT h.id FROM household h LEFT JOIN finding_count f ON f.household_id = h.id WHERE h.village_code = ? "
        f"AND coalesce(h.removed, 0) = 0 AND coalesce(f.grey, {_STALE}) = {_STALE} ORDER BY h.device_tag, h.number",
        (village_code,),
    )
    return next((RecordId(row[0]) for row in rows if row[0] not in without), None)
