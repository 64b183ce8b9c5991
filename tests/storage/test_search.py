"""Finding a household or tree by whatever the surveyor remembers."""

from __future__ import annotations

from typing import Any

import pytest

from fieldapp.domain.ids import new_id
from fieldapp.domain.records import Household, Member
from fieldapp.storage.search import search
from fieldapp.storage.store import Store


@pytest.fixture
def village(store: Store, field: Any) -> Store:
    stand = field.plant(store, 3, head_name="杨进光")
    field.plant(store, 0, head_name="李秀英")
    with store.unit() as unit:
        unit.edit(stand.household, id_number="522633196001014210", phone="13985550001")
        unit.edit(stand.parcel, place_name="大冲坡")
        unit.edit(stand.trees[0], tag="Ａ7-0345")
        unit.add(Member(id=new_id(), village_code=field.village, household_id=stand.household.id, name="单小妹"))
        unit.commit()
    return store


@pytest.mark.parametrize(
    ("text", "record", "title", "matched"),
    [
        ("杨进光", "household", "杨进光", "name"),
        ("进光", "household", "杨进光", "name"),
        ("yjg", "household", "杨进光", "initials"),
        ("YJ", "household", "杨进光", "initials"),
        ("4210", "household", "杨进光", "id"),
        ("0001", "household", "杨进光", "id"),
        ("h0002", "household", "李秀英", "number"),
        ("sxm", "member", "单小妹", "initials"),
        ("冲坡", "parcel", "大冲坡", "name"),
        ("t0002", "tree", "T0002", "tag"),
        ("０００２", "tree", "T0002", "tag"),
    ],
)
def test_is_found_by(village: Store, text: str, record: str, title: str, matched: str) -> None:
    hits = search(village, text)
    assert (record, title, matched) in [(hit.record, hit.title, hit.matched) for hit in hits]
    assert all(hit.household_id for hit in hits)


@pytest.mark.parametrize("text", ["", "  ", "王", "%", "_", "'", "\x00", "9" * 500, "（"])
def test_nothing_is_found_by(village: Store, text: str) -> None:
    assert search(village, text) == []


def test_households_come_first_and_the_limit_holds(store: Store, field: Any) -> None:
    stand = field.plant(store, 30, head_name="T家")
    hits = search(store, "t", limit=10)
    assert len(hits) == 10
    assert hits[0].record_id == stand.household.id


def test_a_new_name_replaces_the_old_one_and_the_bin_is_not_searched(store: Store, field: Any) -> None:
    household = field.plant(store, 1, head_name="杨进光").household
    with store.unit() as unit:
        renamed = unit.edit(household, head_name="吴光")
        unit.commit()
    assert search(store, "杨") == []
    assert [hit.title for hit in search(store, "wg")] == ["吴光"]
    with store.unit() as unit:
        unit.edit(renamed, removed=1)
        unit.commit()
    assert search(store, "吴") == []
    assert store.get(Household, household.id) is not None


@pytest.mark.parametrize("text", ["a7-0345", "A7", "Ａ７", "0345", "7-03"])
def test_a_tag_typed_in_wide_letters_is_found_by_narrow_ones(village: Store, text: str) -> None:
    assert [hit.title for hit in search(village, text)] == ["Ａ7-0345"]


def test_half_a_sign_from_a_clipboard_finds_nothing(village: Store) -> None:
    assert search(village, "\ud83d") == []
