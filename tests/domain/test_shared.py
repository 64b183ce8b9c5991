"""One number that several people carry is told beside each of them, in masked words."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from fieldapp import i18n
from fieldapp.domain.idcard import from_fifteen
from fieldapp.domain.ids import RecordId, new_id
from fieldapp.domain.shared import CODES, Person, shared_findings, spellings
from fieldapp.errors import Finding, Others, Severity

VILLAGE, OTHER = "522633100201", "522633100202"
ID, OLD_ID = "520102198002290002", "520102800229000"  # the same person's, the second as it was before 1999


def head(number: int, name: str = "韦阿花", village: str = VILLAGE, tag: str = "A", **numbers: str) -> Person:
    """The head of a household."""
    key = new_id()
    return person(key, key, number, name, village, tag, **numbers)


def person(
    key: RecordId, household: RecordId, number: int, name: str, village: str = VILLAGE, tag: str = "A", **numbers: str
) -> Person:
    """A head or a member."""
    values: dict[str, Any] = {"id_number": "", "phone": "", **numbers}
    return Person(key, household, village, tag, number, name, **values)


def found(*people: Person, villages: dict[str, str] | None = None) -> list[list[Finding]]:
    """What is found about each of them."""
    by_household = shared_findings(people, villages or {})
    return [by_household.get(one.household_id, {}).get(one.record_id, []) for one in people]


def test_one_id_number_in_two_households_is_red_on_both_sides_in_masked_words() -> None:
    one, two = head(1, "韦阿花", id_number=ID), head(12, "欧阳小明", id_number="５２０１０２ 19800229 0002")
    first, second = found(one, two)
    assert [(f.code, f.severity, f.field) for f in first] == [("id_shared", Severity.RED, "id_number")]
    assert "12" in i18n.finding_text(first[0])
    assert "欧阳**" in i18n.finding_text(first[0])
    assert "韦**" in i18n.finding_text(second[0])
    assert ID not in str(first)


def test_a_member_in_another_household_and_the_old_form_of_a_number_are_met() -> None:
    one, two = head(1, id_number=ID), head(2)
    member = person(new_id(), two.household_id, 2, "韦花", id_number=OLD_ID)
    assert found(head(3, id_number=from_fifteen(OLD_ID)), member)[0][0].code == "id_shared"
    assert found(one, two) == [[], []]


def test_inside_a_household_only_an_id_number_is_asked_about() -> None:
    one = head(1, id_number=ID, phone="13812345678")
    wife = person(new_id(), one.household_id, 1, "吴朵", id_number=ID, phone="13812345678")
    first, second = found(one, wife)
    assert [(f.code, f.severity) for f in first] == [("id_shared_inside", Severity.RED)]
    assert [f.params["name"] for f in second] == ["韦**"]


def test_an_account_is_amber_and_a_phone_grey_between_households() -> None:
    one = head(1, bank_account="6217 0000 0000 0000", phone="+86 138-1234-5678")
    two = head(1, tag="B", village=OTHER, bank_account="6217000000000000", phone="13812345678")
    first, _ = found(one, two, villages={OTHER: "都拉村"})
    assert {f.code: f.severity for f in first} == {"account_shared": Severity.AMBER, "phone_shared": Severity.GREY}
    assert {(f.params["place"], f.params["number"]) for f in first} == {("都拉村 ", "B-1")}


@pytest.mark.parametrize("text", ["无", "—", "1", "none", "xxxxxxxxxxxxxxxxxx"])
def test_what_is_no_number_is_nobody_s(text: str) -> None:
    numbers = {"id_number": text, "bank_account": text, "phone": text}
    assert found(head(1, **numbers), head(2, **numbers)) == [[], []]


def test_how_many_more_there_are_is_said_and_every_code_has_words() -> None:
    first = found(head(1, id_number=ID), head(2, id_number=ID), head(3, id_number=ID))[0][0]
    assert first.params["more"] == 1
    for language, said in (("zh_CN", "另有 1 例"), ("en", "and 1 more")):
        texts = i18n.catalogue(language)
        for code, end in itertools.product(CODES, ("", ".short")):
            params = {"place": "", "number": "2", "name": "韦**"}
            assert said in texts[f"finding.{code}{end}"].format(**params, more=Others(1))
            assert "#" not in texts[f"finding.{code}{end}"].format(**params, more=Others(0))


@pytest.mark.parametrize(
    ("field", "plain", "written"),
    [
        ("id_number", "52263319900101123X", ("522633 19900101 123x", "522633-1990-0101-123X", "522633900101123")),
        ("bank_account", "6217000000000000", ("6217 0000 0000 0000", "621700 0000000000")),
        ("bank_account", "6217000000000000123", ("6217 0000 0000 0000 123", "6217-0000-0000-0000-123")),
        ("phone", "13800138000", ("138 0013 8000", "138-0013-8000", "+8613800138000")),
    ],
)
def test_the_common_spellings_of_a_number_are_one(field: str, plain: str, written: tuple[str, ...]) -> None:
    assert {plain, *written} <= spellings(field, plain)
    assert all(spellings(field, one) >= {plain} for one in written if field != "id_number" or len(one) != 15)
    assert spellings(field, "") == spellings(field, "无") == set()
