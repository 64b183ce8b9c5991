"""Whose field something is, as a person names it: the household, then the parcel, the tree or the member."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fieldapp import i18n
from fieldapp.domain.ids import RecordId
from fieldapp.domain.masking import mask_name
from fieldapp.domain.records import BY_NAME, Household, Member, Parcel, PhotoLink, Tenure, Tree

if TYPE_CHECKING:
    from fieldapp.domain.record import Record
    from fieldapp.storage.store import Store


@dataclass(frozen=True, slots=True)
class Whose:
    """A record by name, and the household to open for it; None where it belongs to none."""

    title: str
    household_id: RecordId | None = None


def whose(store: Store, record: str, record_id: RecordId, *, hidden: bool) -> Whose:
    """Names the record with its household; people's names are covered when `hidden`."""
    if record == "measurement":  # a dispute stands under the tree that was measured
        record = "tree"
    found = store.get(BY_NAME[record], record_id)
    if isinstance(found, PhotoLink) and found.subject and found.subject_id:
        shown = whose(store, found.subject, found.subject_id, hidden=hidden)
        return Whose(" · ".join(filter(None, (shown.title, i18n.t("record.photo_link")))), shown.household_id)
    owner = _owner(store, found)
    parts = [_household(owner, hidden=hidden) if owner is not None else ""]
    if isinstance(found, Tree) and found.parcel_id:
        parts.append(_own_name(store.get(Parcel, found.parcel_id), "parcel", hidden=hidden))
    if not isinstance(found, Household):
        parts.append(_own_name(found, record, hidden=hidden))
    return Whose(" · ".join(filter(None, parts)), owner.id if owner is not None else None)


def _owner(store: Store, found: Record | None) -> Household | None:
    if isinstance(found, Household):
        return found
    if isinstance(found, Tree):
        found = store.get(Parcel, found.parcel_id) if found.parcel_id else None
    if isinstance(found, Parcel | Member | Tenure) and found.household_id:
        return store.get(Household, found.household_id)
    return None


def _household(household: Household, *, hidden: bool) -> str:
    name = household.head_name or i18n.t("ui.no_name")
    return " ".join(filter(None, (household.group_name, mask_name(name) if hidden else name)))


def _own_name(found: Record | None, record: str, *, hidden: bool) -> str:
    if isinstance(found, Parcel):
        name = found.place_name
    elif isinstance(found, Tree):
        name = found.tag
    elif isinstance(found, Member):
        name = mask_name(found.name) if hidden and found.name else found.name
    else:
        name = None
    return " ".join(filter(None, (i18n.t(f"record.{record}"), name)))
