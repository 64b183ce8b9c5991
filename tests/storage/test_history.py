"""History tells of a change which conflict it settled, whatever way it was settled."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fieldapp.domain.ids import new_id
from fieldapp.domain.records import Household, Photo, PhotoLink, Position
from fieldapp.storage import reads
from fieldapp.storage.attached import attached
from fieldapp.storage.history import history
from fieldapp.storage.store import Store
from fieldapp.storage.tree_history import tree_history
from tests.storage.test_disputes import apart, measure
from tests.storage.test_oplog import carry

Make = Callable[[str], Store]


def test_a_decided_measurement_is_told_apart_from_any_other(make_store: Make, field: Any) -> None:
    first, second, tree = apart(make_store, field)
    before = reads.conflicts(first)[0].choices
    with first.unit() as unit:
        unit.decide(tree.id, "dbh_cm", 7.4)
        unit.commit()
    measure(first, tree, 7.6)
    carry(first, second, field.village)
    household = reads.households(second, field.village)[0].id
    changes = [row for _, _, row in tree_history(second, household).changes]
    assert [(row.fields["dbh_cm"], bool(row.decided)) for row in changes] == [
        (7.4, False), (7.9, False), (7.4, True), (7.6, False),
    ]  # fmt: skip
    (decided,) = changes[2].decided
    assert changes[2].person == "甲"
    assert (decided.field, [c.value for c in decided.choices]) == ("dbh_cm", [c.value for c in before])


def test_a_decided_field_and_a_record_kept_from_the_bin_name_both_sides(make_store: Make, field: Any) -> None:
    first, second = make_store("甲"), make_store("乙")
    named, binned = (field.plant(first, 0).household for _ in range(2))
    carry(first, second, field.village)
    edit(first, named, head_name="杨正光")
    edit(second, named, head_name="杨正广")
    edit(first, binned, phone="13900000000")
    edit(second, binned, removed=1)
    edit(second, binned, removed=0)  # back from the bin: no conflict was settled by that
    edit(second, binned, removed=1)
    carry(first, second, field.village)
    for household, name, value in ((named, "head_name", "杨正光"), (binned, "removed", 0)):
        with second.unit() as unit:
            unit.decide(household.id, name, value)
            unit.commit()
        (decided,) = [row.decided for row in history(second, household.id) if row.decided]
        assert [one.field for one in decided] == [name]
        assert {choice.value for choice in decided[0].choices} == (
            {"杨正光", "杨正广"} if household is named else {0, 1}
        )


def test_what_is_attached_to_household_parcel_and_tree_is_told(store: Store, field: Any) -> None:
    stand = field.plant(store, 1)
    tree = stand.trees[0]
    with store.unit() as unit:
        photo = unit.add(Photo(id=new_id(), village_code=field.village))
        shows = PhotoLink(
            id=new_id(), village_code=field.village, photo_id=photo.id, subject="tree", subject_id=tree.id
        )
        link = unit.add(shows)
        for lat in (26.0, 26.1):
            place = {"subject": "parcel", "subject_id": stand.parcel.id}
            unit.add(Position(id=new_id(), village_code=field.village, lat=lat, lon=108.5, **place))
        unit.edit(link, removed=1)
        unit.commit()
    told = [
        (one.record, one.subject, one.name, one.row.added, one.first) for one in attached(store, stand.household.id)
    ]
    assert told == [
        ("photo_link", "tree", "T0001", True, True),
        ("photo_link", "tree", "T0001", False, True),
        ("position", "parcel", "", True, True),
        ("position", "parcel", "", True, False),
    ]


def edit(store: Store, household: Household, **changes: Any) -> None:
    """A save by somebody who sees what stands there now."""
    with store.unit() as unit:
        shown = store.get(Household, household.id)
        assert shown is not None
        unit.edit(shown, **changes)
        unit.commit()
