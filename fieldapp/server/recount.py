"""Villages' numbers of records and digests, counted anew from the tables: a wrong sum is set right at the start."""

from __future__ import annotations

import logging

import sqlalchemy as sa

from fieldapp.server import turns
from fieldapp.server.apply import signed_64
from fieldapp.server.schema import RECORDS, VILLAGE_LOG

_LOG = logging.getLogger(__name__)


def set_right(connection: sa.Connection, village_code: str) -> bool:
    """Counts a village's records again; returns whether what was kept of it was wrong."""
    turns.take(connection, [turns.village(village_code)])
    log = sa.select(VILLAGE_LOG.c.n_rows, VILLAGE_LOG.c.digest).where(VILLAGE_LOG.c.village_code == village_code)
    kept = tuple(connection.execute(log).one())
    counted = _counted(connection, village_code)
    if counted == kept:
        return False
    n_rows, digest = counted
    same = VILLAGE_LOG.c.village_code == village_code
    connection.execute(sa.update(VILLAGE_LOG).where(same).values(n_rows=n_rows, digest=digest))
    _LOG.warning("the counts of a village were wrong and have been set right: %d records, not %d", n_rows, kept[0])
    return True


def _counted(connection: sa.Connection, village_code: str) -> tuple[int, int]:
    """Halves are added up apart: a sum of whole digests is too long for the database."""
    low_bits = sa.literal_column("4294967295", sa.BigInteger)
    bits = sa.literal_column("32", sa.Integer)
    n_rows = digest = 0
    for table in RECORDS.values():
        query = sa.select(
            sa.func.count(),
            sa.func.coalesce(sa.func.sum(table.c.digest.bitwise_and(low_bits)), 0),
            sa.func.coalesce(sa.func.sum(table.c.digest.bitwise_rshift(bits)), 0),
        ).where(table.c.village_code == village_code)
        count, low, high = connection.execute(query).one()
        n_rows += count
        digest += (int(high) << 32) + int(low)
    return n_rows, signed_64(digest)
