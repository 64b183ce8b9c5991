"""What a person's acts mean for the store: one unit of work each, run on the store's thread. No Qt here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from fieldapp.domain import consent
from fieldapp.domain.ids import RecordId, derived_id, new_id
from fieldapp.domain.ops import Value
from fieldapp.domain.places import VillageName
from fieldapp.domain.records import (
    Consent,
    Event,
    Household,
    Member,
    Parcel,
    PhotoLink,
    Position,
    Record,
    ReviewRemark,
    Tenure,
    Village,
)
from fieldapp.errors import ItemError
from fieldapp.ui.kept import mended
from fieldapp.ui.shown import today
from fieldapp.ui.tree_cells import Box

if TYPE_CHECKING:
    from fieldapp.storage.store import Store


def store_field(store: Store, box: Box, name: str, value: Value) -> None:
    """Stores one field of a record; the box then holds it as written, for the next edit to build on."""
    if box.record is None:
        raise ValueError("nothing to edit")
    with store.unit() as unit:
        shown, more = mended(store, box.record, name)
        written = unit.edit(shown, **{name: value}, **more)
        unit.commit()
    box.record = written  # not before: a full disk takes the edit back, and it is tried again from here


def add_village(store: Store, code: str, names: VillageName | None) -> str:
    """Begins work in a village of the official list; a village that is there already is left as it is."""
    village_id = derived_id("village", code)
    if store.get(Village, village_id) is None:
        with store.unit() as unit:
            unit.add(
                Village(
                    id=village_id,
                    village_code=code,
                    name=names.short if names else code,
                    township=names.township if names else None,
                    county=names.county if names else None,
                    practice=1 if store.practice else None,
                )
            )
            unit.commit()
    return code


def add_household(store: Store, village_code: str) -> RecordId:
    """A new, empty household with the next number of this laptop."""
    with store.unit() as unit:
        made = unit.add(
            Household(
                id=new_id(),
                village_code=village_code,
                device_tag=store.tag,
                number=unit.next_number(Household, village_code),
                state="draft",
            )
        )
        unit.commit()
    return made.id


def add_parcel(store: Store, household: Household, above: Parcel | None) -> RecordId:
    """A new parcel of a household; origin, species and year are taken over from its last one."""
    with store.unit() as unit:
        made = unit.add(
            Parcel(
                id=new_id(),
                village_code=household.village_code,
                household_id=household.id,
                origin=above.origin if above else None,
                species=above.species if above else None,
                planting_year=above.planting_year if above else None,
            )
        )
        unit.commit()
    return made.id


def add_member(store: Store, household: Household) -> RecordId:
    """A new member of a household."""
    with store.unit() as unit:
        made = unit.add(Member(id=new_id(), village_code=household.village_code, household_id=household.id))
        unit.commit()
    return made.id


def add_tenure(store: Store, household: Household, kind: str) -> RecordId:
    """A new tenure paper of a household."""
    with store.unit() as unit:
        made = unit.add(
            Tenure(
                id=new_id(),
                village_code=household.village_code,
                household_id=household.id,
                kind=kind,
                holder=household.head_name,
            )
        )
        unit.commit()
    return made.id


def add_consent(store: Store, household: Household, kind: str, text_version: str) -> None:
    """The household agreed to something, or withdrew, today and before this person."""
    with store.unit() as unit:
        unit.add(
            Consent(
                id=new_id(),
                village_code=household.village_code,
                household_id=household.id,
                kind=kind,
                given_on=today(),
                text_version=consent.marked(text_version, practice=store.practice),
                witness=store.person,
            )
        )
        unit.commit()


def remove(store: Store, record: Record) -> None:
    """Puts a record into the bin; undo, or a person later, brings it back."""
    with store.unit() as unit:
        unit.edit(record, removed=1)
        unit.commit()


def take_photo_off(store: Store, link_id: RecordId) -> None:
    """A photo no longer shows this tree, parcel or household; the file stays, undo hangs it up again."""
    link = store.get(PhotoLink, link_id)
    if link is not None:
        remove(store, link)


def add_position(store: Store, position: Position) -> None:
    """Stores where a tree, parcel or household stands. Raises ItemError position_zero: 0,0 is nowhere of ours."""
    if position.lat == 0 and position.lon == 0:
        raise ItemError("position_zero")
    with store.unit() as unit:
        unit.add(position)
        unit.commit()


def set_ready(
    store: Store, box: Box, reason: str = "", *, amber: bool = False, remarks: Sequence[ReviewRemark] = ()
) -> None:
    """Marks a household as ready: `reason` says why what is amber stays, and answers the reviewer's remarks."""
    household = box.record
    if not isinstance(household, Household):
        raise ValueError("no household to mark")
    with store.unit() as unit:
        if amber and reason:
            unit.add(_amber_reason(household, reason))
        for remark in remarks:
            unit.add(replace(remark, id=new_id(), version=b"", remark=reason or None, answered=1))
        changes: dict[str, Value] = {"state": "ready"}
        if household.state == "returned":
            changes["state_reason"] = None  # why it was returned stays in its history
        box.record = unit.edit(household, **changes)
        unit.commit()


def set_state(store: Store, box: Box, state: str, reason: str = "") -> None:
    """Another state of a household, with its reason; what was the reason of the former one stays in history."""
    if box.record is None:
        raise ValueError("no household")
    with store.unit() as unit:
        box.record = unit.edit(box.record, state=state, state_reason=reason or None)
        unit.commit()


def _amber_reason(household: Household, reason: str) -> Event:
    return Event(
        id=new_id(),
        village_code=household.village_code,
        subject="household",
        subject_id=household.id,
        kind="finding_reason",
        happened_on=today(),
        code="amber_findings",
        reason=reason,
    )


def decide(store: Store, record_id: RecordId, field: str, value: Value) -> None:
    """Settles a conflict for one of its values."""
    with store.unit() as unit:
        unit.decide(record_id, field, value)
        unit.commit()
