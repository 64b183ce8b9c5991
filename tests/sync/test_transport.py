"""Whatever a network answers instead of our server: it is told in our words, and nothing of it is believed."""

from __future__ import annotations

import contextlib
import gzip
import socket
import threading
from collections.abc import Iterator

import msgpack
import pytest

from fieldapp.errors import PauseError, VersionError
from fieldapp.sync import wire
from fieldapp.sync.session import Session
from fieldapp.sync.transport import Transport

PACKED = f"Content-Type: {wire.MEDIA_TYPE}\r\n"


@contextlib.contextmanager
def answering(reply: bytes) -> Iterator[str]:
    """Somebody on loopback who answers every request with the same bytes and hangs up."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                link, _ = listener.accept()
            except OSError:
                return
            with link, contextlib.suppress(OSError):
                link.recv(65_536)
                link.sendall(reply)
                link.shutdown(socket.SHUT_WR)
                link.settimeout(5)
                while link.recv(65_536):  # bytes left unread would reset the connection before the answer is read
                    pass

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        with contextlib.suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(10)


@contextlib.contextmanager
def dripping(head: bytes) -> Iterator[str]:
    """Somebody who sends `head` and then a byte now and then, until the other side leaves."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            link, _ = listener.accept()
            with link, contextlib.suppress(OSError):
                link.recv(65_536)
                link.sendall(head)
                link.settimeout(0.05)
                while True:
                    link.sendall(b"x")
                    with contextlib.suppress(TimeoutError):
                        if not link.recv(1):
                            return

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        thread.join(10)


def http(body: bytes, status: str = "200 OK", head: str = PACKED, length: int | None = None) -> bytes:
    """An HTTP answer that says that no other will come on its connection: a client need not find out by losing one."""
    size = len(body) if length is None else length
    return f"HTTP/1.1 {status}\r\n{head}Connection: close\r\nContent-Length: {size}\r\n\r\n".encode() + body


def packed(**content: object) -> bytes:
    """A body of the protocol."""
    return bytes(msgpack.packb(content))


HELLO = {"protocol": [1, 1], "practice": False, "time_ms": 1}
NONSENSE = {
    "login page": http(b"<html>Please log in</html>", head="Content-Type: text/html\r\n"),
    "redirect": http(b"", "302 Found", "Location: http://portal.example/\r\n"),
    "JSON": http(b'{"protocol": [1, 1]', head="Content-Type: application/json\r\n"),
    "random bytes under our type": http(bytes(range(256))),
    "truncated": http(packed(**HELLO)[:-3]),
    "another shape": http(packed(hello="world")),
    "a list": http(msgpack.packb([1, 2, 3])),
    "a list as a key": http(b"\x81\x91\x01\x01"),
    "wrong types": http(packed(protocol="x", practice=0, time_ms="y")),
    "a strange error": http(packed(error="not_ours"), "500 Internal Server Error"),
    "a compressed bomb": http(gzip.compress(bytes(1 << 22)), head=PACKED + "Content-Encoding: gzip\r\n"),
    "no HTTP": b"SSH-2.0-OpenSSH_9.2\r\n",
    "nothing": b"",
    "random bytes": bytes(range(255, 0, -1)) * 8,
    "a head without an end": b"HTTP/1.1 200 OK\r\nX: " + b"a" * 500_000 + b"\r\n\r\n",
    "shorter than announced": http(packed(**HELLO), length=5_000),
    "bad compression": http(b"xx", head=PACKED + "Content-Encoding: gzip\r\n"),
}


OTHERWISE = dict.fromkeys(("no HTTP", "nothing", "random bytes"), "server_mute") | {
    "shorter than announced": "connection_lost"
}


@pytest.mark.parametrize("name", NONSENSE)
def test_whoever_answers_nonsense_is_not_our_server(name: str) -> None:
    with answering(NONSENSE[name]) as url:
        transport = Transport(url, timeout_s=5)
        with pytest.raises(PauseError) as caught:
            transport.hello()
        transport.close()
    assert caught.value.code == OTHERWISE.get(name, "server_nonsense")


@pytest.mark.parametrize(("versions", "code"), [([2, 3], "client_too_old"), ([0, 0], "server_too_old")])
def test_another_version_says_which_side_is_old(versions: list[int], code: str) -> None:
    with answering(http(packed(**HELLO | {"protocol": versions}))) as url:
        transport = Transport(url)
        with pytest.raises(VersionError, match=code):
            transport.hello()
        transport.close()


def test_retry_after_is_honoured() -> None:
    busy = http(packed(error="server_busy"), "503 Service Unavailable", PACKED + "Retry-After: 7\r\n")
    with answering(busy) as url:
        transport = Transport(url)
        with pytest.raises(PauseError) as caught:
            transport.hello()
        transport.close()
    assert 7 <= caught.value.params["retry_after_s"] < 8


LONG = "9" * 5_000


@pytest.mark.parametrize("head", [f"Upload-Offset: {LONG}\r\n", "Upload-Offset: 0\r\nLocation: http://[\r\n"])
def test_headers_of_an_upload_without_sense_are_nonsense(head: str) -> None:
    with (
        answering(http(b"", "201 Created", head)) as url,
        contextlib.closing(Transport(url, timeout_s=5)) as transport,
        pytest.raises(PauseError, match="server_nonsense"),
    ):
        transport.announce(bytes(32), 1)


def test_a_wait_of_five_thousand_digits_is_a_long_one() -> None:
    busy = http(packed(error="server_busy"), "503 Service Unavailable", f"{PACKED}Retry-After: {LONG}\r\n")
    with (
        answering(busy) as url,
        contextlib.closing(Transport(url)) as transport,
        pytest.raises(PauseError) as caught,
    ):
        transport.hello()
    assert caught.value.params["retry_after_s"] >= 3_600


def test_an_upload_that_the_server_still_holds_for_a_dead_connection_is_a_passing_pause() -> None:
    with (
        answering(http(packed(error="upload_busy"), "423 Locked")) as url,
        contextlib.closing(Transport(url)) as transport,
    ):
        with pytest.raises(PauseError, match="upload_busy") as sending:
            transport.send("/v1/blobs/uploads/1", 0, b"x", 1)
        with pytest.raises(PauseError, match="upload_busy"):
            transport.offset("/v1/blobs/uploads/1", 1)
    waiting = Session(None, None, None, lambda _: None, lambda: False)
    assert waiting.wait_s(sending.value, 0) < 1


@pytest.mark.parametrize(
    ("status", "head", "code"),
    [
        ("500 Internal Server Error", "", "server_trouble"),
        ("502 Bad Gateway", "", "server_trouble"),
        ("503 Service Unavailable", "Retry-After: 7\r\n", "server_trouble"),
        ("429 Too Many Requests", "Retry-After: Wed, 21 Oct 2026 07:28:00 GMT\r\n", "server_trouble"),
        ("413 Request Entity Too Large", "", "request_too_large"),
        ("301 Moved Permanently", "Location: https://127.0.0.1/v1/hello\r\n", "server_wants_https"),
        ("511 Network Authentication Required", "", "server_nonsense"),
    ],
)
def test_a_machine_in_front_of_the_server_is_told_from_it(status: str, head: str, code: str) -> None:
    page = http(b"<html>nginx</html>", status, head + "Content-Type: text/html\r\n")
    with (
        answering(page) as url,
        contextlib.closing(Transport(url, timeout_s=5)) as transport,
        pytest.raises(PauseError, match=code) as caught,
    ):
        transport.hello()
    assert (caught.value.params.get("retry_after_s", 0) >= 7) == head.startswith("Retry-After: 7")


def test_an_answer_without_an_end_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fieldapp.sync.transport._MAX_ANSWER_BYTES", 1 << 20)
    with (
        answering(http(bytes(3 << 20), length=1 << 50)) as url,
        contextlib.closing(Transport(url)) as transport,
        pytest.raises(PauseError, match="server_nonsense"),
    ):
        transport.hello()


def test_an_answer_that_drips_is_left() -> None:
    """Every byte comes within the patience for one, and all together never end."""
    answer = http(b"", length=1 << 20)
    with (
        dripping(answer) as url,
        contextlib.closing(Transport(url, timeout_s=0.3)) as transport,
        pytest.raises(PauseError, match="server_silent"),
    ):
        transport.hello()


@pytest.mark.parametrize("proxy", ["nonsense", "http://[", "socks9://x:1"])
def test_proxy_settings_without_sense_are_told(monkeypatch: pytest.MonkeyPatch, proxy: str) -> None:
    monkeypatch.setenv("HTTP_PROXY", proxy)
    with pytest.raises(PauseError) as caught, contextlib.closing(Transport("http://192.0.2.1", timeout_s=0.2)) as used:
        used.hello()
    assert caught.value.code in {"proxy_settings", "proxy_refused", "server_unreachable", "no_such_server"}


def test_https_where_none_is_spoken_is_told() -> None:
    with (
        answering(http(packed(**HELLO))) as url,
        contextlib.closing(Transport(url.replace("http", "https"), timeout_s=5)) as transport,
        pytest.raises(PauseError, match="server_no_tls"),
    ):
        transport.hello()


def test_nobody_there_is_told() -> None:
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    listener.close()
    transport = Transport(f"http://127.0.0.1:{port}", timeout_s=5)
    with pytest.raises(PauseError, match="server_unreachable"):
        transport.hello()
    transport.close()
