"""One photo that is to prove two trees is told on both their pages, also in another village."""

from __future__ import annotations

import httpx
import pytest

from fieldapp.server.running import RunningServer
from tests.server.conftest import CODE, PASSWORD, Client

SHA = b"\x07" * 32


@pytest.fixture
def page(server: RunningServer):
    """A browser that is signed in."""
    with httpx.Client(base_url=server.url, trust_env=False, follow_redirects=True) as browser:
        assert browser.post("/login", data={"password": PASSWORD}).status_code == 200
        yield browser


def test_a_photo_of_two_trees_is_marked_on_both(page: httpx.Client, client: Client) -> None:
    shown = {}
    for number, tag in ((1, "T1"), (2, "T2"), (3, "T3")):
        household = client.op("household", head_name="韦花", number=number)
        parcel = client.op("parcel", household_id=household.record_id, species="杉木")
        tree = client.op("tree", parcel_id=parcel.record_id, tag=tag, state="alive")
        sha256 = SHA if number < 3 else b"\x08" * 32
        photo = client.op("photo", sha256=sha256, thumbnail_sha256=sha256, taken_at_local="2025-04-07T08:32:00")
        link = client.op("photo_link", photo_id=photo.record_id, subject="tree", subject_id=tree.record_id)
        measured = client.op("measurement", tree_id=tree.record_id, dbh_cm=6.5)
        client.push(household, parcel, tree, photo, link, measured)
        client.sync(settle=True)
        shown[tag] = f"/villages/{CODE}/households/{household.record_id.hex()}"
    first, second, third = (page.get(place).text for place in shown.values())
    assert "同一张照片也在：T2" in first
    assert "同一张照片也在：T1" in second
    assert "同一张照片" not in third
    assert "T3 2025-04-07" in third, "whose photo it is stands below it"
