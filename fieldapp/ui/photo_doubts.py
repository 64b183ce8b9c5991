"""What is doubtful about a photo where it hangs: the same file on another tree, a date that cannot be."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import TYPE_CHECKING

from fieldapp import i18n
from fieldapp.domain.check_photo import check_photo
from fieldapp.domain.ids import RecordId
from fieldapp.domain.records import Parcel, Position, Tree
from fieldapp.errors import Finding, Severity
from fieldapp.ui.whose import whose

if TYPE_CHECKING:
    from fieldapp.storage.store import Store
    from fieldapp.storage.views import PhotoRow

PHOTOS = "photo"  # a column of the grid, and no field of a record
_PART = " · "  # between household, parcel and tree
_NAMED = 2  # of more places where the photo hangs, the number says enough


@dataclass(frozen=True, slots=True)
class Proofs:
    """What proves a tree, parcel or household: photos with their doubts by link, and the place."""

    photos: tuple[PhotoRow, ...] = ()
    position: Position | None = None
    doubts: dict[RecordId, tuple[Finding, ...]] | None = None


def proofs(store: Store, subject: str, subject_id: RecordId) -> Proofs:
    """Reads what the pane beside the work shows."""
    from fieldapp.storage import reads

    photos = tuple(reads.photos(store, subject_id))
    found = {row.link_id: doubts(store, subject, subject_id, row.sha256, row.taken_at_local) for row in photos}
    return Proofs(photos, reads.position(store, subject_id), found)


def of_household(
    store: Store, household_id: RecordId, planted: Mapping[RecordId, int | None]
) -> dict[RecordId, list[Finding]]:
    """Doubts about photos by the tree, parcel or household that they hang on, each once; `planted` are its years."""
    from fieldapp.storage.same_photo import dated_or_doubled

    found: dict[RecordId, list[Finding]] = {}
    for one in dated_or_doubled(store, household_id):
        year = planted.get(one.subject_id)
        if one.doubled or check_photo(one.taken_at_local, planting_year=year, today=dt.date.today()):
            said = found.setdefault(one.subject_id, [])
            about = doubts(store, one.subject, one.subject_id, one.sha256, one.taken_at_local)
            said += [replace(f, field=PHOTOS) for f in about if all(f.code != other.code for other in said)]
    return found


def doubts(
    store: Store, subject: str, subject_id: RecordId, sha256: bytes, taken_at_local: str | None
) -> tuple[Finding, ...]:
    """Findings of a photo on a tree, parcel or household; names of people are covered."""
    from fieldapp.storage.same_photo import also_shows

    year = _planting_year(store, subject, subject_id)
    found = check_photo(taken_at_local, planting_year=year, today=dt.date.today())
    others = also_shows(store, sha256, subject, subject_id)
    if others:
        here = whose(store, subject, subject_id, hidden=True).title.split(_PART)
        titles = [whose(store, subject, key, hidden=True).title.split(_PART) for key in others[:_NAMED]]
        named = [_PART.join(_beyond(here, title)) for title in titles]
        where = i18n.t("ui.photos.comma").join(named)
        if len(others) > _NAMED:
            where = i18n.t("ui.photos.and_more", where=where, n=len(others))
        found.insert(0, Finding("photo_elsewhere", Severity.AMBER, params={"where": where}))
    return tuple(found)


def _beyond(here: list[str], there: list[str]) -> list[str]:
    """What of a title differs: of a tree in the same parcel, its tag alone."""
    same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(here, there, strict=False)))
    return there[min(same, len(there) - 1) :]


def _planting_year(store: Store, subject: str, subject_id: RecordId) -> int | None:
    """A household's photo may show its house or a paper: no year binds it."""
    tree = store.get(Tree, subject_id) if subject == "tree" else None
    if tree is not None and tree.planting_year is not None:
        return tree.planting_year
    parcel_id = tree.parcel_id if tree is not None else subject_id
    parcel = store.get(Parcel, parcel_id) if parcel_id is not None and subject != "household" else None
    return parcel.planting_year if parcel is not None else None
