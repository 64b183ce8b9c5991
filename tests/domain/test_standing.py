"""Which consents hold, and which the recorded data calls for."""

from __future__ import annotations

import pytest

from fieldapp.domain.ids import new_id
from fieldapp.domain.records import Household, Member
from fieldapp.domain.standing import standing, wanted

VILLAGE = "522633100201"


@pytest.mark.parametrize(
    ("given", "held"),
    [
        ([], set()),
        (["recording", "sensitive"], {"recording", "sensitive"}),
        (["recording", "sensitive", "withdrawn"], set()),
        (["recording", "sensitive", "withdrawn", "recording"], {"recording"}),
        ([None, "sensitive"], {"sensitive"}),
    ],
)
def test_a_withdrawal_ends_what_was_given_before_it(given: list[str | None], held: set[str]) -> None:
    assert standing(given) == held


def test_a_members_id_number_wants_the_separate_consent_as_the_heads_does() -> None:
    household = Household(id=new_id(), village_code=VILLAGE, head_name="杨正光")
    child = Member(id=new_id(), village_code=VILLAGE, name="杨小妹")
    wife = Member(id=new_id(), village_code=VILLAGE, id_number="522633198001010007")
    assert wanted(household, [child]) == ("recording",)
    assert wanted(household, [child, wife]) == ("recording", "sensitive")
