"""A laptop that is lost is shut out from the page of laptops, at once, and only by who may."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from fieldapp.domain.ids import device_tag
from fieldapp.errors import ItemError, PauseError
from fieldapp.i18n import catalogue
from fieldapp.storage import counting, profile
from fieldapp.sync import engine
from tests.server.conftest import PASSWORD
from tests.sync.village import enrolled, record_household, sync

WORDS = catalogue("zh_CN")


@pytest.fixture
def page(server) -> Iterator[httpx.Client]:
    """A browser that is signed in."""
    with httpx.Client(base_url=server.url, trust_env=False, follow_redirects=True) as browser:
        assert browser.post("/login", data={"password": PASSWORD}).status_code == 200
        yield browser


@pytest.fixture
def laptop(tmp_path, estimator):
    """A real profile."""
    profile.create(tmp_path / "laptop", person="one", pin="246810")
    store = profile.open_store(tmp_path / "laptop", pin="246810", estimator=estimator)
    yield store
    store.close()


def revoke(browser: httpx.Client, tag: str, **headers: str) -> httpx.Response:
    """Presses the button of the page that asks."""
    return browser.post(f"/devices/{tag}/revoke", headers=headers)


def test_a_revoked_laptop_is_shut_out_and_a_new_code_lets_it_in(page, server, laptop) -> None:
    used = server.new_code()
    engine.enrol(laptop, server.url, used)
    record_household(laptop)
    assert sync(laptop).converged
    asking = page.get(f"/devices/{laptop.tag}/revoke")
    assert WORDS["server.revoke.text"] in asking.text
    assert sync(laptop).converged  # asking alone changes nothing
    record_household(laptop)
    before = counting.status(laptop)
    assert WORDS["server.revoked"] in revoke(page, laptop.tag).text
    with pytest.raises(PauseError, match="token_refused"):
        sync(laptop)
    with pytest.raises(ItemError, match="enrol_code_refused"):
        engine.enrol(laptop, server.url, used)  # whoever has the laptop may have the code that it used
    after = counting.status(laptop)
    assert (after.ops_waiting, after.ops_confirmed) == (before.ops_waiting, before.ops_confirmed)
    assert sync(enrolled(laptop, server)).converged
    assert WORDS["server.revoked"] not in page.get("/devices").text


def test_every_kind_of_request_is_refused_at_once(page, client) -> None:
    client.push(client.op("tree", tag="1"))
    revoke(page, device_tag(client.device))
    answers = [
        client.post("/v1/sync"),
        client.http.get("/v1/blobs/" + "00" * 32),
        client.http.post("/v1/blobs", headers={"Tus-Resumable": "1.0.0", "Upload-Length": "1"}),
        client.http.head("/v1/blobs/uploads/x", headers={"Tus-Resumable": "1.0.0"}),
    ]
    assert [answer.status_code for answer in answers] == [401] * 4


def test_only_who_is_signed_in_on_this_very_page_may(page, server, client) -> None:
    tag = device_tag(client.device)
    with httpx.Client(base_url=server.url, trust_env=False) as stranger:
        for method in ("GET", "POST"):
            answer = stranger.request(method, f"/devices/{tag}/revoke")
            assert (answer.status_code, answer.headers["Location"]) == (303, "/login")
    revoke(page, tag, Origin="http://evil.example")
    assert client.post("/v1/sync").status_code == 200


@pytest.mark.parametrize("tag", ["none", "%00", "%ff", "..%2f..", "'--"])
def test_a_laptop_that_is_none_changes_nothing(page, client, tag: str) -> None:
    assert page.get(f"/devices/{tag}/revoke").status_code in (200, 404)
    assert revoke(page, tag).status_code in (200, 404)
    assert client.post("/v1/sync").status_code == 200


def test_a_code_of_the_page_may_open_named_villages_alone(page, server, laptop) -> None:
    refused = page.post("/codes", data={"villages": "522632106203 贵州"})
    assert WORDS["server.code.villages_wrong"] in refused.text
    assert 'value="522632106203 贵州"' in refused.text, "what was typed is there to be mended"
    made = page.post("/codes", data={"villages": "５２２６３２１０６２０３，522632106204"}).text
    assert "522632106203 522632106204" in made.split("<strong>")[2].split("</p>")[0]
    engine.enrol(laptop, server.url, made.split("<strong>")[2].split("</strong>")[0])
    record_household(laptop)  # in a village that is not among them
    assert sync(laptop).closed
    assert "<td>522632106203 522632106204</td>" in page.get("/devices").text
