"""All villages meet on the server: a person of two households is told on both pages, masked."""

from __future__ import annotations

import httpx
import pytest

from fieldapp.domain.ids import derived_id, device_tag
from tests.server.conftest import CODE, PASSWORD

NAME, NUMBER = "欧阳小明", "522633199001011234"


@pytest.fixture
def page(server):
    """A browser that is signed in."""
    with httpx.Client(base_url=server.url, trust_env=False, follow_redirects=True) as browser:
        assert browser.post("/login", data={"password": PASSWORD}).status_code == 200
        yield browser


def test_a_number_of_two_households_is_told_in_the_list_and_on_both_pages(page, client) -> None:
    village = client.op("village", derived_id("village", CODE), name="上寨村")
    one = client.op("household", head_name=NAME, id_number=NUMBER, bank_account="6217000000000000", number=1)
    two = client.op("household", head_name="韦花", bank_account="6217000000000000", number=2)
    wife = client.op("member", household_id=two.record_id, name="吴朵", id_number=NUMBER)
    alone = client.op("household", head_name="石花", id_number="522633199001011235", number=3)
    client.push(village, one, two, wife, alone)
    client.sync(settle=True)
    places = [f"/villages/{CODE}/households/{op.record_id.hex()}" for op in (one, two, alone)]
    first, second, third = (page.get(place).text for place in places)
    assert "2 号户 吴** 的身份证号相同" in first
    assert "1 号户 欧阳** 的身份证号相同" in second
    assert "账号相同" in first
    assert "相同" not in third
    assert NUMBER not in first + second
    listed = page.get(f"/villages/{CODE}").text
    assert ("同 2 号户 吴**" in listed, "同 1 号户 欧阳**" in listed) == (True, True)
    page.get("/language/en")
    assert "household 2: a person is recorded once" in page.get(places[0]).text


def test_a_number_is_found_in_another_spelling(page, client) -> None:
    village = client.op("village", derived_id("village", CODE), name="上寨村")
    one = client.op("household", head_name=NAME, id_number="52263319900101123X", phone="13800138000", number=1)
    two = client.op(
        "household", head_name="韦花", id_number="522633 19900101 123x", phone="+86 138-0013-8000", number=2
    )
    three = client.op("household", head_name="石花", phone="138-0013-8000", number=3)
    client.push(village, one, two, three)
    client.sync(settle=True)
    first, third = (page.get(f"/villages/{CODE}/households/{op.record_id.hex()}").text for op in (one, three))
    assert "2 号户 韦** 的身份证号相同" in first
    assert "号户 韦**" in third or "号户 欧阳**" in third


def test_the_other_household_is_named_with_its_laptop_where_there_are_several(page, client, server) -> None:
    tags = {"device_tag": device_tag(client.device)}
    one = client.op("household", head_name=NAME, id_number=NUMBER, number=1, **tags)
    two = client.op("household", head_name="韦花", id_number=NUMBER, number=2, **tags)
    other = client.op("household", head_name="石花", number=2, device_tag="ZZZZ")  # shares nothing
    client.push(one, two, other)
    client.sync(settle=True)
    shown = page.get(f"/villages/{CODE}/households/{one.record_id.hex()}").text
    assert f"{tags['device_tag']}-2 号户 韦** 的身份证号相同" in shown
