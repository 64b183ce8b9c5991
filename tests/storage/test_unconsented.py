"""Which households' sensitive data stands in a profile without consent."""

from __future__ import annotations

from typing import Any

from fieldapp.domain.ids import new_id
from fieldapp.domain.records import Consent, Member
from fieldapp.storage.store import Store
from fieldapp.storage.unconsented import unconsented


def test_numbers_of_heads_and_members_count_until_the_household_agrees(store: Store, field: Any) -> None:
    plain, account, of_member = (field.plant(store, 0, head_name=name).household for name in ("甲", "乙", "丙"))

    def agree(kind: str) -> None:
        with store.unit() as unit:
            unit.add(Consent(id=new_id(), village_code=field.village, household_id=account.id, kind=kind))
            unit.commit()

    with store.unit() as unit:
        unit.edit(plain, id_number=" ")
        unit.edit(account, bank_account="6222021234567890123")
        wife = Member(id=new_id(), village_code=field.village, household_id=of_member.id, id_number="52263319800101")
        unit.add(wife)
        unit.commit()
    assert [one.name for one in unconsented(store)] == ["乙", "丙"]
    agree("sensitive")
    assert [one.name for one in unconsented(store)] == ["丙"]
    agree("withdrawn")
    assert [one.name for one in unconsented(store)] == ["乙", "丙"]
