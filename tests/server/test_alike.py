"""A household that was recorded twice under one name, or nearly, is named on the township's pages."""

from __future__ import annotations

import httpx
import pytest

from fieldapp.server.alike import Head, pairs
from fieldapp.server.running import RunningServer
from tests.server.conftest import CODE, PASSWORD, Client

ONE, SLIP, OTHER = "522633199001011234", "522633199001011243", "522633197507070077"


def is_like(one: tuple[str, str, str], other: tuple[str, str, str]) -> bool:
    heads = [Head(bytes([place]), "AAAA", place, *what) for place, what in enumerate((one, other))]
    found = {head.household_id for head, _ in pairs(heads, {b"\0", b"\1"})}
    assert len(found) != 1, "each is told of the other"
    return bool(found)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (("欧阳小明", "一组", ""), ("欧阳小明", "二组", ""), True),
        (("欧阳小明", "一组", ONE), ("欧阳小明", "一组", OTHER), False),  # two people of one name
        (("欧阳小明", "一组", ONE), ("欧阳小明", "一组", SLIP), True),
        (("欧阳小明", "一组", ONE), ("欧阳小明", "一组", ONE), False),  # told as a shared number
        (("欧阳小明", "一组", ONE), ("欧阳晓明", "一组", ""), True),
        (("欧阳小明", "一组", ONE), ("欧阳晓明", "二组", ""), False),
        (("欧阳小明", "", ""), ("欧阳晓明", "", ""), False),
        (("欧阳小明", "一组", ""), ("欧阳明", "一组", ""), True),
        (("欧阳小明", "一组", ""), ("欧阳明小", "一组", ""), True),
        (("欧阳小明", "一组", ""), ("欧阳大红", "一组", ""), False),
        (("韦花", "一组", ""), ("韦朵", "一组", ""), False),  # a surname alone is no likeness
        (("", "一组", ""), ("", "一组", ""), False),
    ],
)
def test_what_makes_two_households_alike(one, other, expected: bool) -> None:
    assert is_like(one, other) is expected


def test_likely_doubles_are_named_in_the_list_and_on_their_pages(server: RunningServer, client: Client) -> None:
    one = client.op("household", head_name="欧阳 小明", group_name="一组", number=1)
    two = client.op("household", head_name="欧阳小明", group_name="二组", number=2)
    near = client.op("household", head_name="欧阳晓明", group_name="一组", number=3)
    gone = client.op("household", head_name="石花", number=4, removed=True)
    alone = client.op("household", head_name="石花", number=5)
    client.push(one, two, near, gone, alone)
    client.sync(settle=True)
    with httpx.Client(base_url=server.url, trust_env=False, follow_redirects=True) as page:
        page.post("/login", data={"password": PASSWORD})
        ops = (one, near, alone)
        first, third, last = (page.get(f"/villages/{CODE}/households/{op.record_id.hex()}").text for op in ops)
        listed = page.get(f"/villages/{CODE}").text
    assert "与本村 2 号户 欧阳** 户主同名：" in first
    assert "与本村 3 号户 欧阳** 只有一个字不同：" in first
    assert "与本村 1 号户 欧阳** 只有一个字不同：" in third
    assert "登记了两次" not in last
    assert ("与 1 号户同名" in listed, "与 1 号户差一个字" in listed) == (True, True)
