"""The gate before the pages: what strangers learn, whose guesses count, and sessions that end for good."""

from __future__ import annotations

from pathlib import Path

import httpx
import msgpack
import pytest

from fieldapp.carbon.estimate import RegistryEstimator
from fieldapp.cli import main
from fieldapp.domain.ids import device_tag
from fieldapp.errors import ExitCode, UsageError
from fieldapp.i18n import catalogue
from fieldapp.server import running
from fieldapp.server.running import RunningServer
from fieldapp.server.session import Sessions
from tests.server.conftest import PASSWORD, Client

WORDS = catalogue("zh_CN")
NOW_MS = 1_800_000_000_000


def browser_of(server: RunningServer) -> httpx.Client:
    return httpx.Client(base_url=server.url, trust_env=False)


def sign_in(browser: httpx.Client, password: str = PASSWORD, **headers: str) -> httpx.Response:
    return browser.post("/login", data={"password": password}, headers=headers)


def test_strangers_learn_nothing_of_laptops(server: RunningServer, client: Client) -> None:
    with browser_of(server) as browser:
        known = browser.get(f"/devices/{device_tag(client.device)}/revoke")
        unknown = browser.get("/devices/AAAA/revoke")
    assert (known.status_code, known.headers["Location"]) == (303, "/login")
    assert (unknown.status_code, unknown.headers["Location"]) == (303, "/login")


def test_every_page_but_four_stands_behind_the_gate(server: RunningServer) -> None:
    paths = {route.path for route in server.server.config.app.routes if not route.path.startswith("/v1/")}  # type: ignore[attr-defined]
    with browser_of(server) as browser:
        opened = {path for path in paths if browser.get(path.replace("{", "").replace("}", "")).status_code == 200}
    assert opened == {"/login", "/style.css"}  # the language leads back, signing out takes no GET


def test_forms_of_another_site_lock_nobody_out(server: RunningServer) -> None:
    with browser_of(server) as browser:
        for _ in range(6):
            answer = sign_in(browser, "guess", Origin="http://evil.example")
            assert (answer.status_code, WORDS["server.login.foreign"] in answer.text) == (403, True)
        assert sign_in(browser, "guess", **{"Sec-Fetch-Site": "cross-site"}).status_code == 403
        # a proxy that hands on another Host: the browser itself says whose form it is
        assert sign_in(browser, Origin="http://office.example", **{"Sec-Fetch-Site": "same-origin"}).status_code == 303


def test_a_session_that_was_left_stays_left_after_a_restart(tmp_path: Path, estimator: RegistryEstimator) -> None:
    with (
        running.start(tmp_path / "s", estimator=estimator, password=PASSWORD) as server,
        browser_of(server) as browser,
    ):
        sign_in(browser)
        left = browser.cookies["fieldapp_session"]
        browser.post("/logout")
        browser.cookies.clear()
        sign_in(browser)
        kept = browser.cookies["fieldapp_session"]
    with (  # the same password given again ends nobody's session
        running.start(tmp_path / "s", estimator=estimator, password=PASSWORD) as server,
        browser_of(server) as browser,
    ):
        for cookie, status in ((left, 303), (kept, 200)):
            browser.cookies.set("fieldapp_session", cookie)
            assert browser.get("/devices").status_code == status
            browser.cookies.clear()


def test_who_never_guessed_wrong_is_let_in_while_many_guess(server: RunningServer) -> None:
    sessions = Sessions(server.server.station.identity)
    for number in range(50):
        sessions.begin(f"10.0.0.{number}", NOW_MS)
    assert sessions.throttled("10.0.0.7", NOW_MS), "one wrong guess is enough while many guess"
    assert not sessions.throttled("10.0.1.1", NOW_MS)
    for _ in range(5):
        assert not sessions.throttled("10.0.1.2", NOW_MS + 16 * 60_000), "the others' guesses are forgotten"
        sessions.begin("10.0.1.2", NOW_MS + 16 * 60_000)
    assert sessions.throttled("10.0.1.2", NOW_MS + 16 * 60_000)


def test_a_password_that_is_soon_guessed_is_refused(tmp_path: Path, estimator: RegistryEstimator) -> None:
    with pytest.raises(UsageError, match="server_password_short"):
        running.start(tmp_path / "s", estimator=estimator, password="seven77")


def test_what_is_not_there_is_told_to_those_who_signed_in(lasting_server: RunningServer) -> None:
    paths = ("/villages/nowhere", "/villages/%00", "/villages/522632106299", "/villages", "/no/page", "/photos/zz")
    paths += ("/devices/AAAA/revoke", "/devices/%00/revoke")
    with browser_of(lasting_server) as browser:
        assert {browser.get(path).headers.get("Location") for path in paths} == {"/login"}
        sign_in(browser)
        for path in paths:
            answer = browser.get(path)
            assert (path, answer.status_code, WORDS["server.missing.message"] in answer.text) == (path, 404, True)
        later = browser.get("/v1/nothing")
        assert (later.status_code, msgpack.unpackb(later.content)) == (404, {"error": "server_too_old"})


def test_an_address_that_anybody_may_forge_is_not_believed(server: RunningServer) -> None:
    with browser_of(server) as browser:
        answers = [sign_in(browser, "guess", **{"X-Forwarded-For": f"10.0.0.{n}"}).status_code for n in range(6)]
    assert answers == [403] * 5 + [429]


def test_the_address_that_a_named_proxy_tells_is_believed(tmp_path: Path, estimator: RegistryEstimator) -> None:
    told = {"X-Forwarded-For": "10.0.0.1", "X-Forwarded-Proto": "https"}
    with (
        running.start(tmp_path / "s", estimator=estimator, password=PASSWORD, proxies=("127.0.0.0/8",)) as server,
        browser_of(server) as browser,
    ):
        # what stands before the proxy's own word was written by the browser
        forged = [{**told, "X-Forwarded-For": f"10.9.9.{n}, 10.0.0.1"} for n in range(5)]
        assert [sign_in(browser, "guess", **one).status_code for one in forged] == [403] * 5
        assert sign_in(browser, **told).status_code == 429
        answer = sign_in(browser, **{**told, "X-Forwarded-For": "10.0.0.2"})
    assert (answer.status_code, "Secure" in answer.headers["Set-Cookie"]) == (303, True)


@pytest.mark.parametrize("text", ["*", "proxy.example", "10.0.0.1, 10.0.0.2", ""])
def test_only_an_address_names_a_proxy(tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str) -> None:
    assert main(["serve", "--data", str(tmp_path / "s"), "--port", "0", "--proxy", text]) == ExitCode.USAGE
    assert "192.168.1.5" in capsys.readouterr().err
    assert not (tmp_path / "s").exists()
