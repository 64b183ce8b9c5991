"""Who shares a number with whom follows the rows: after an edit, after the bin, after what another laptop sent."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fieldapp.domain.ids import new_id
from fieldapp.domain.records import Household, Member
from fieldapp.storage import people, reads
from fieldapp.storage.store import Store
from tests.storage.test_oplog import carry

ID = "520102198002290002"


def reds(store: Store, village: str) -> list[int]:
    """The red findings of each household in the list."""
    return [row.findings_red for row in reads.households(store, village)]


def edit(store: Store, household: Household, **changes: Any) -> None:
    """One save."""
    shown = store.get(Household, household.id)
    assert shown is not None
    with store.unit() as unit:
        unit.edit(shown, **changes)
        unit.commit()


def test_the_list_counts_what_two_households_share_after_an_edit_and_after_a_sync(
    make_store: Callable[[str], Store], field: Any
) -> None:
    first, second = make_store("甲"), make_store("乙")
    one, two = field.plant(first, 1).household, field.plant(second, 1).household
    edit(first, one, id_number=ID)
    edit(second, two, id_number=ID.replace("5", "５"), bank_account="6217000000000000")
    assert reds(first, field.village) == [0]
    carry(second, first, field.village)
    assert reds(first, field.village) == [1, 1]
    assert {f.code for f in people.shared(first)[one.id][one.id]} == {"id_shared"}
    edit(first, one, bank_account="6217 0000 0000 0000")
    assert [row.findings_amber for row in reads.households(first, field.village)] == [1, 1]
    edit(second, two, id_number=None)
    carry(second, first, field.village)
    assert reds(first, field.village) == [0, 0]
    edit(second, two, removed=1)
    carry(second, first, field.village)
    assert people.shared(first) == {}


def test_a_member_counts_until_it_lies_in_the_bin(make_store: Callable[[str], Store], field: Any) -> None:
    store = make_store("甲")
    household = field.plant(store, 1).household
    edit(store, household, id_number=ID)
    with store.unit() as unit:
        wife = unit.add(
            Member(id=new_id(), village_code=field.village, household_id=household.id, name="吴朵", id_number=ID)
        )
        unit.commit()
    found = people.shared(store)[household.id]
    assert {record: [f.code for f in about] for record, about in found.items()} == {
        household.id: ["id_shared_inside"],
        wife.id: ["id_shared_inside"],
    }
    assert people.counted(store) == {household.id: (2, 0, 0)}
    with store.unit() as unit:
        unit.edit(wife, removed=1)
        unit.commit()
    assert people.counted(store) == {}
