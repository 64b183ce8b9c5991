"""Photos of a household's page: what each of them shows, and on what else of its kind the same file hangs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import sqlalchemy as sa

from fieldapp.server.queries import Row, rows_of
from fieldapp.server.schema import RECORDS

_PHOTO, _LINK = RECORDS["photo"], RECORDS["photo_link"]
_NAMES = {
    "tree": RECORDS["tree"].c.tag,
    "parcel": RECORDS["parcel"].c.place_name,
    "household": RECORDS["household"].c.number,
}
_MOST = 200  # of one page
_HANGS = sa.func.coalesce(_LINK.c.removed, 0) == 0
_JOINED = _LINK.join(_PHOTO, (_PHOTO.c.village_code == _LINK.c.village_code) & (_PHOTO.c.id == _LINK.c.photo_id))
_SHOWN = ("sha256", "thumbnail_sha256", "working_sha256", "taken_at_local")
Place = tuple[str, str, bytes]  # village, kind of record, id


def photos(connection: sa.Connection, village_code: str, subjects: Sequence[bytes]) -> list[Row]:
    """Photos that show any of the subjects: `shows` names it, `elsewhere` what else of its kind the file hangs on."""
    of_photo = [_PHOTO.c[name] for name in _SHOWN]
    query = (
        sa.select(*of_photo, _LINK.c.village_code, _LINK.c.subject, _LINK.c.subject_id)
        .select_from(_JOINED)
        .where(_LINK.c.village_code == village_code, _LINK.c.subject_id.in_(subjects), _HANGS)
        .order_by(_PHOTO.c.id)
        .limit(_MOST)
    )
    rows = rows_of(connection, query)
    others = _others(connection, {row["sha256"] for row in rows if row["sha256"]})
    every = {_place(row) for row in rows} | {place for places in others.values() for place in places}
    names = _names(connection, every)
    for row in rows:
        here = _place(row)
        twins = (place for place in others.get(row["sha256"], ()) if place[1] == here[1] and place != here)
        row["shows"] = names.get(here, "")
        row["elsewhere"] = [
            {"village": "" if place[0] == village_code else place[0], "name": names[place]}
            for place in twins
            if place in names
        ]
    return rows


def _place(row: Row) -> Place:
    return row["village_code"], row["subject"], row["subject_id"]


def _others(connection: sa.Connection, hashes: set[bytes]) -> dict[bytes, list[Place]]:
    query = (
        sa.select(_PHOTO.c.sha256, _LINK.c.village_code, _LINK.c.subject, _LINK.c.subject_id)
        .select_from(_JOINED)
        .where(_PHOTO.c.sha256.in_(hashes), _HANGS)
        .distinct()
        .order_by(_LINK.c.village_code, _LINK.c.subject_id)
    )
    found: dict[bytes, list[Place]] = {}
    for sha256, *place in connection.execute(query):
        found.setdefault(sha256, []).append((place[0], place[1], place[2]))
    return found


def _names(connection: sa.Connection, places: Iterable[Place]) -> dict[Place, str]:
    """What people call these places; one that lies in the bin has no name."""
    wanted = list(places)
    found: dict[Place, str] = {}
    for subject, name in _NAMES.items():
        table = RECORDS[subject]
        keys = [key for _, kind, key in wanted if kind == subject]
        query = sa.select(table.c.village_code, table.c.id, name).where(
            table.c.id.in_(keys), sa.func.coalesce(table.c.removed, 0) == 0
        )
        found |= {(row[0], subject, row[1]): str(row[2] or "") for row in connection.execute(query)}
    return found
