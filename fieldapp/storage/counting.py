"""The truth for the status bar: what is saved, waiting, sent and confirmed."""

from __future__ import annotations

import shutil

from fieldapp.domain.ops import hlc_ms
from fieldapp.storage import faults, oprows
from fieldapp.storage.store import Store
from fieldapp.storage.views import Status

LAST_SYNC = "last_sync_at"  # when a sync last came to its end
LAST_ANSWER = "last_answer_at"  # when one last had an answer, however it ended
DIFFERING = "server:differing"  # villages that the last sync could not make the same on both sides
_PROGRAM_MS = 1_735_689_600_000  # 2025-01-01: nobody has ever run this program before
_DAY_MS = 86_400_000
# Photos as they were taken, each a record of its own, as the import and the tree count them: two of the same content
# share their files, which travel once, but are two photos. The first half of a fact's version is its laptop.
_PHOTOS_SQL = """
SELECT count(*), coalesce(sum(EXISTS (SELECT 1 FROM transfer t WHERE t.sha256 IN (p.thumbnail_sha256, p.working_sha256)
  AND t.direction = 'up' AND t.state <> 'confirmed')), 0)
FROM photo p WHERE substr(p.version, 1, 16) IN (SELECT id FROM device WHERE own = 1)
"""
_PHOTO_BYTES_SQL = (
    "SELECT coalesce(sum(size_bytes - offset_bytes), 0) FROM transfer "
    "WHERE direction = 'up' AND state IN ('wanted', 'sent') AND rendition <> 'original'"
)
_HOUSEHOLDS_SQL = (
    "SELECT count(*), coalesce(sum(coalesce(state, 'draft') = 'draft'), 0), coalesce(sum(state = 'ready'), 0), "
    "coalesce(sum(state = 'returned'), 0) FROM household WHERE coalesce(removed, 0) = 0"
)


def status(store: Store) -> Status:
    """Counts as the database has them; photos are sent when thumbnail and working copy are."""
    total, acknowledged, sent = _ops(store)
    confirmed = _confirmed(store)
    households, drafts, ready, returned = store.rows(_HOUSEHOLDS_SQL)[0]
    photos, photos_waiting = store.rows(_PHOTOS_SQL)[0]
    saved_at = _saved_at(store)
    return Status(
        person=store.person,
        device=store.device,
        device_tag=store.tag,
        practice=store.practice,
        villages=_count(store, "SELECT count(*) FROM village WHERE coalesce(removed, 0) = 0"),
        households=households,
        trees=_count(store, "SELECT coalesce(sum(trees), 0) FROM household_current"),
        drafts=drafts,
        ready=ready,
        returned=returned,
        conflicts=_count(store, "SELECT count(*) FROM conflict"),
        quarantined=_count(store, "SELECT count(*) FROM quarantine"),
        saved_at=saved_at,
        ops_total=total,
        ops_waiting=max(total - max(sent, acknowledged, confirmed), 0),
        ops_sent=max(max(sent, acknowledged) - confirmed, 0),
        ops_confirmed=confirmed,
        photos_total=photos,
        photos_waiting=photos_waiting,
        photos_waiting_bytes=_count(store, _PHOTO_BYTES_SQL),
        photos_confirmed=photos - photos_waiting,
        free_bytes=_free_bytes(store),
        last_sync_at=_moment(store, LAST_ANSWER) or _moment(store, LAST_SYNC),
        last_complete_sync_at=_moment(store, LAST_SYNC),
        differing=tuple(store.setting(DIFFERING).split()),
        clock_before_ms=_clock_before(store, saved_at),
    )


def _saved_at(store: Store) -> int | None:
    """When this profile last recorded something, under its number of now or a former one."""
    newest = f"(SELECT hlc FROM op WHERE {oprows.of_device('d.no')} ORDER BY id DESC LIMIT 1)"
    hlc = store.rows(f"SELECT max({newest}) FROM device d WHERE own = 1")[0][0]
    return None if hlc is None else hlc_ms(hlc)


def _clock_before(store: Store, saved_at: int | None) -> int | None:
    """What the clock of a laptop with an empty battery lies before: the program itself, or the last save here.

    Less than a day is let pass: colleagues' clocks that run ahead carry a save's stamp with them, and dates stay right.
    """
    known = max(_PROGRAM_MS, saved_at or 0)
    return known if store.clock() + _DAY_MS < known else None


def _moment(store: Store, key: str) -> int | None:
    kept = store.setting(key)
    return int(kept) if kept else None


def _free_bytes(store: Store) -> int:
    with faults.told():
        return shutil.disk_usage(store.folder).free


def _ops(store: Store) -> tuple[int, int, int]:
    """Own operations, of former laptops of a restored profile too: all, acknowledged, sent."""
    rows = store.rows(f"SELECT {oprows.last_of('no')}, acknowledged, sent FROM device WHERE own = 1")
    return sum(r[0] for r in rows), sum(r[1] for r in rows), sum(r[2] for r in rows)


def _confirmed(store: Store) -> int:
    """Own operations that receipts name; a receipt over counters that this laptop never wrote confirms none of them."""
    last = oprows.last_of("d.no")
    return _count(
        store,
        f"SELECT coalesce(sum(max(min(r.last, d.top) - r.first + 1, 0)), 0) FROM receipt_range r "
        f"JOIN (SELECT no, {last} AS top FROM device d WHERE own = 1) d ON d.no = r.device_no",
    )


def _count(store: Store, sql: str) -> int:
    return int(store.rows(sql)[0][0])
