"""The pages: closed without the password, masked with it, in both languages."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone

import httpx
import pytest

from fieldapp.domain.ids import derived_id
from tests.server.conftest import CODE, PASSWORD
from tests.server.test_tus import PATCH, TUS

PAGES = ("/", f"/villages/{CODE}", "/devices", "/receipts", "/quarantine", "/conflicts", "/photos/" + "00" * 32)
NAME, PHONE, NUMBER = "欧阳小明", "13800138000", "522633199001011234"


@pytest.fixture
def page(server):
    """A browser that is signed in."""
    with httpx.Client(base_url=server.url, trust_env=False, follow_redirects=True) as browser:
        assert browser.post("/login", data={"password": PASSWORD}).status_code == 200
        yield browser


@pytest.fixture
def household(client):
    """A household with one measured tree has arrived."""
    made = client.op("household", head_name=NAME, phone=PHONE, id_number=NUMBER, group_name="<b>一组</b>", number=1)
    parcel = client.op("parcel", household_id=made.record_id, species="杉木")
    tree = client.op("tree", parcel_id=parcel.record_id, tag="T1", state="alive")
    village = client.op("village", derived_id("village", CODE), name="上寨村")
    client.push(made, parcel, tree, village, client.op("measurement", tree_id=tree.record_id, dbh_cm=6.5))
    client.sync(claims={CODE: [[made.record_id, 1, 999.0, "fieldapp-provisional-2026.2"]]}, settle=True)
    return made


@pytest.mark.parametrize("path", PAGES)
def test_nothing_without_the_password(lasting_server, path) -> None:
    with httpx.Client(base_url=lasting_server.url, trust_env=False) as browser:
        answer = browser.get(path)
        assert (answer.status_code, answer.headers["Location"]) == (303, "/login")
        browser.cookies.set("fieldapp_session", "99999999999999.00")
        assert browser.get(path).status_code == 303
        assert browser.post("/codes").status_code == 303


def test_who_signed_out_is_out_even_with_a_copy_of_the_cookie(server) -> None:
    with httpx.Client(base_url=server.url, trust_env=False) as browser:
        browser.post("/login", data={"password": PASSWORD})
        cookie = browser.cookies["fieldapp_session"]
        assert browser.get("/").status_code == 200
        browser.post("/logout")
        browser.cookies.set("fieldapp_session", cookie)
        assert browser.get("/").status_code == 303


def test_personal_data_is_masked_and_text_is_escaped(page, household) -> None:
    shown = (
        page.get(f"/villages/{CODE}").text + page.get(f"/villages/{CODE}/households/{household.record_id.hex()}").text
    )
    assert "欧阳**" in shown
    assert "T1" in shown
    assert "&lt;b&gt;" in shown
    for secret in (NAME, PHONE, NUMBER, "<b>"):
        assert secret not in shown


def test_what_nobody_can_read_is_named_without_what_was_typed(page, household, client) -> None:
    parcel = client.op("parcel", household_id=household.record_id, unread='{"area_mu":"两三亩"}')
    tree = client.op("tree", parcel_id=parcel.record_id, tag="T2", state="alive", unread='{"dbh_cm":"abc"}')
    client.push(parcel, tree)
    client.sync(settle=True)
    village = page.get(f"/villages/{CODE}").text
    own = page.get(f"/villages/{CODE}/households/{household.record_id.hex()}").text
    assert "2 处读不懂" in village
    assert "2 处读不懂" in own
    assert "胸径（cm）：填的读不懂" in own
    assert "abc" not in own


def test_a_tree_that_is_gone_is_shown_and_not_counted(page, household, client) -> None:
    parcel = client.op("parcel", household_id=household.record_id, species="杉木")
    tree = client.op("tree", parcel_id=parcel.record_id, tag="T2", state="lost")
    client.push(parcel, tree, client.op("measurement", tree_id=tree.record_id, dbh_cm=8.6))
    client.sync(settle=True)
    villages = page.get("/").text
    assert '<th class="n">计数树木</th>' in villages
    assert '<td class="n">1</td><td class="n">1</td>' in villages, "one household, one tree that counts"
    row = page.get(f"/villages/{CODE}/households/{household.record_id.hex()}").text.partition("T2")[2]
    assert '灾害损毁 <span class="hint">不计</span>' in row
    assert '<td class="n">8.6</td><td class="n"></td><td class="n"></td><td class="n"></td>' in row


def test_times_are_those_of_the_clock_on_the_wall(page, household) -> None:
    """One zone for the whole country, said in the heading, whatever zone the server's machine is set to."""
    beijing = datetime.now(timezone(timedelta(hours=8)))
    shown = page.get("/devices").text
    assert "北京时间" in shown
    minutes = [f"<td>{beijing - timedelta(minutes=ago):%Y-%m-%d %H:%M}<" for ago in range(3)]
    assert any(minute in shown for minute in minutes)


def test_a_difference_shows(page, household) -> None:
    assert "999.0" in page.get(f"/villages/{CODE}").text


def test_a_figure_by_a_methodology_that_is_not_here_is_no_difference(page, household, client) -> None:
    client.sync(claims={CODE: [[household.record_id, 1, 999.0, "official-2027.1@0123456789ab"]]}, settle=True)
    shown = page.get(f"/villages/{CODE}").text
    assert "official-2027.1@0123456789ab" in shown
    assert "999.0" not in shown


def test_every_page_in_both_languages(page, household) -> None:
    for path in PAGES[:-1]:
        page.get("/language/zh_CN", headers={"Referer": path})
        chinese = page.get(path)
        page.get("/language/en", headers={"Referer": path})
        english = page.get(path)
        assert (chinese.status_code, english.status_code) == (200, 200)
        assert 'lang="zh-CN"' in chinese.text
        assert "Villages" in english.text
        assert "default-src 'none'" in english.headers["Content-Security-Policy"]


def test_the_cookie_is_safe(server) -> None:
    with httpx.Client(base_url=server.url, trust_env=False) as browser:
        cookie = browser.post("/login", data={"password": PASSWORD}).headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie


def test_guessing_is_slowed_down(server) -> None:
    with httpx.Client(base_url=server.url, trust_env=False) as browser:
        assert [browser.post("/login", data={"password": "x"}).status_code for _ in range(6)] == [403] * 5 + [429]
        assert browser.post("/login", data={"password": PASSWORD}).status_code == 429


def test_guesses_at_the_same_moment_are_slowed_down_too(server) -> None:
    def guess(_: int) -> int:
        return httpx.post(f"{server.url}/login", data={"password": "x"}, trust_env=False).status_code

    with ThreadPoolExecutor(12) as people:
        answers = list(people.map(guess, range(12)))
    assert sorted(answers) == [403] * 5 + [429] * 7


def test_a_right_password_is_no_guess(server) -> None:
    with httpx.Client(base_url=server.url, trust_env=False) as browser:
        answers = [browser.post("/login", data={"password": PASSWORD}).status_code for _ in range(7)]
    assert answers == [303] * 7


@pytest.mark.parametrize(
    ("method", "path", "headers"),
    [
        ("GET", "/", {"Cookie": b"fieldapp_session=99999999999999.\xe9"}),
        ("GET", "/?page=" + "9" * 5_000, {}),
        ("GET", "/language/en", {"Referer": "http://[x"}),
        ("POST", "/login", {"Origin": "http://[x"}),
    ],
)
def test_no_header_and_no_address_is_an_error_of_the_server(page, method, path, headers) -> None:
    assert page.request(method, path, headers=headers).status_code in (200, 403)


@pytest.mark.parametrize("referer", ["http://evil.example//evil.example/x", "http://evil.example/\\evil.example/x"])
def test_a_language_leads_back_to_this_server(page, referer) -> None:
    answer = page.get("/language/en", headers={"Referer": referer}, follow_redirects=False)
    assert answer.headers["Location"] == "/evil.example/x"


def test_the_language_can_be_switched_beside_a_new_code(page) -> None:
    assert page.post("/codes").status_code == 200
    answer = page.get("/language/en", headers={"Referer": f"{page.base_url}/codes"})
    assert (answer.status_code, answer.url.path) == (200, "/devices")


def test_a_form_from_another_site_is_refused(page) -> None:
    answer = page.post("/codes", headers={"Origin": "http://evil.example"}, follow_redirects=False)
    assert answer.status_code == 303


def test_a_new_code_enrols(page, server, client) -> None:
    text = page.post("/codes").text
    code = text.split("<strong>")[2].split("</strong>")[0]
    assert client.post("/v1/enrol", code=code, device=b"a-second-laptop!").status_code == 200


def test_a_thumbnail_is_shown_and_only_pictures_are(page, client) -> None:
    for data, status in ((b"\xff\xd8\xffpicture", 200), (b"<script>alert(1)</script>", 415)):
        sha = hashlib.sha256(data)
        import base64

        name = base64.b64encode(sha.hexdigest().encode()).decode()
        headers = TUS | PATCH | {"Upload-Length": str(len(data)), "Upload-Metadata": f"sha256 {name}"}
        client.http.post("/v1/blobs", headers=headers, content=data)
        assert page.get(f"/photos/{sha.hexdigest()}").status_code == status


def test_unknown_places_are_not_found(page, client) -> None:
    client.push(client.op("tree", tag="1"))
    assert page.get(f"/villages/{CODE}/households/00").status_code == 404
    assert page.get(f"/villages/{CODE}/households/zz").status_code == 404
    assert page.get(f"/villages/{CODE}?page=x").status_code == 200
