"""What a measurement means for its tree's row, written just after the measurement itself is durable.

A tree's values in force and its sink are computed from its measurements, so losing them loses nothing. The save of
one measurement is therefore two transactions: measurement and operation, durable (synchronous=FULL); then the row of
the tree, which waits for no disk (NORMAL: it becomes durable with the next save, in order). Whatever ends the program
between the two leaves at most the trees of this laptop's last save behind, and `catch_up` computes those at opening.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from fieldapp.domain.ids import RecordId
from fieldapp.errors import StorageError
from fieldapp.storage import faults, oprows, owners

if TYPE_CHECKING:
    from fieldapp.storage.store import Store

_log = logging.getLogger(__name__)
BEHIND = "behind"  # trees, in hexadecimal digits, that a migration left to be computed
_LAST_UNIT_SQL = (
    "SELECT m.tree_id, m.id, o.counter > (SELECT acknowledged FROM device WHERE no = ?1) "
    f"FROM (SELECT unit FROM op WHERE {oprows.of_device('?1')} ORDER BY id DESC LIMIT 1) last "
    f"CROSS JOIN op o ON {oprows.of_device('?1', above='last.unit - 1', table='o')} "
    "CROSS JOIN measurement m ON m.id = o.record_id "
    "WHERE o.record = 'measurement' AND m.tree_id IS NOT NULL"
)


def settle_later(store: Store, settle: Callable[[], None], trees: Iterable[RecordId]) -> None:
    """Runs `settle` in a transaction of its own, after the one that made its facts durable.

    A full disk, or another program that keeps the database, cannot unsave what is saved: the trees are then left
    for the next save to compute, which tells the person if the trouble lasts.
    """
    connection = store.connection
    try:
        with faults.told():
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.execute("BEGIN IMMEDIATE")
            settle()
            connection.execute("COMMIT")
    except BaseException as error:
        store.unsettled.update(trees)
        if connection.in_transaction:  # a full disk has rolled back by itself
            connection.execute("ROLLBACK")
        if not isinstance(error, StorageError):
            raise
        _log.warning("derived values wait for the next save: %s", error.code)
    finally:
        connection.execute("PRAGMA synchronous = FULL")


def catch_up(store: Store) -> None:
    """Computes the trees of this laptop's last save anew, at opening; nothing changes where nothing was left behind.

    And the trees whose measurements a migration has understood better than the program before it.
    """
    try:
        found = store.rows(_LAST_UNIT_SQL, (store.device_no,))
        migrated = [RecordId(bytes.fromhex(tree)) for tree in (store.setting(BEHIND) or "").split()]
    except StorageError as error:
        if error.code != "database_damaged":
            raise
        _log.warning("the last save cannot be read")  # the rest of a damaged profile opens; `verify` names the pages
        return

    # what the server has confirmed already is no change that waits for it
    waiting = {id: ("measurement", {"tree_id": tree}) for tree, id, unsent in found if unsent}

    def settle() -> None:
        store.derivation.refresh_trees(sorted({*(tree for tree, *_ in found), *migrated}))
        if migrated:
            store.write("DELETE FROM local WHERE key = ?", (BEHIND,))
        owners.mark_waiting(store.connection, waiting)

    if found or migrated:
        settle_later(store, settle, [tree for tree, *_ in found])
