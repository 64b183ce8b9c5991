"""Neither token nor data go to a stranger, whatever it says of itself."""

from __future__ import annotations

import contextlib
import dataclasses
import socket
import threading
from collections.abc import Callable, Iterator

import msgpack
import pytest

from fieldapp.errors import FieldappError, PauseError, VersionError
from fieldapp.server import running
from fieldapp.storage import counting
from fieldapp.storage.enrolment import enrolment, set_enrolment
from fieldapp.storage.store import Store
from fieldapp.sync import engine
from fieldapp.sync.transport import Transport
from tests.sync.conftest import MakeStore
from tests.sync.test_transport import http
from tests.sync.village import enrolled, record_household, sync

Changes = Callable[[dict[str, object]], dict[str, object]]
STRANGERS: dict[str, tuple[Changes, str]] = {
    "another server": (lambda real: real | {"server": b"s" * 16, "public_key": b"k" * 32}, "server_changed"),
    "the number alone": (lambda real: real | {"public_key": b"k" * 32}, "server_changed"),
    "everything that it was heard to say": (lambda real: real, "server_changed"),
    "no proof": (lambda real: {key: real[key] for key in real if key != "proof"}, "server_changed"),
    "an early version": (lambda real: {key: real[key] for key in real if key != "public_key"}, "server_too_old"),
    "a practice server's opposite": (lambda real: real | {"practice": False}, "practice_mismatch"),
}


@contextlib.contextmanager
def stranger(hello: dict[str, object]) -> Iterator[tuple[str, list[bytes]]]:
    """Somebody on loopback who says `hello` to everything and writes down what he gets."""
    listener = socket.create_server(("127.0.0.1", 0))
    heard: list[bytes] = []

    def serve() -> None:
        while True:
            try:
                link, _ = listener.accept()
            except OSError:
                return
            with link, contextlib.suppress(OSError):
                link.settimeout(5)
                heard.append(link.recv(65_536))
                link.sendall(http(bytes(msgpack.packb(hello))))
                link.shutdown(socket.SHUT_WR)
                while more := link.recv(65_536):
                    heard.append(more)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}", heard
    finally:
        with contextlib.suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(10)


def hello_of(store: Store) -> dict[str, object]:
    """What the enrolled server said to somebody else."""
    known = enrolment(store)
    assert known is not None
    transport = Transport(known.url)
    found = transport.hello()
    transport.close()
    return {
        "protocol": [1, 1],
        "practice": True,
        "time_ms": 1,
        "server": found.server_id,
        "public_key": found.public_key,
        "proof": found.proof,
    }


@pytest.mark.parametrize(("changed", "code"), STRANGERS.values(), ids=STRANGERS.keys())
def test_a_stranger_gets_nothing(server, make_store: MakeStore, changed: Changes, code: str) -> None:
    one = enrolled(make_store("one"), server)
    record_household(one)
    known = enrolment(one)
    with stranger(changed(hello_of(one))) as (url, heard):
        for meet in (
            lambda: sync(one, Transport(url, known.token)),
            lambda: engine.move(one, url),
        ):
            with pytest.raises((PauseError, VersionError), match=code):
                meet()
    assert len(heard) == 2
    assert all(said.startswith(b"GET /v1/hello") for said in heard)
    assert all(known.token.encode() not in said and b"uthorization" not in said for said in heard)
    assert enrolment(one) == known
    assert sync(one).converged


def test_an_enrolment_of_an_earlier_version_learns_the_number(server, make_store: MakeStore) -> None:
    one = enrolled(make_store("one"), server)
    record_household(one)
    known = enrolment(one)
    assert known.server_id == server.server.station.identity.server_id
    set_enrolment(one, dataclasses.replace(known, server_id=b""))
    with stranger(hello_of(one) | {"public_key": b"k" * 32}) as (url, heard):
        with pytest.raises(PauseError, match="server_changed"):
            sync(one, Transport(url, known.token))
        assert known.token.encode() not in b"".join(heard)
    assert enrolment(one).server_id == b""
    sync(one)
    assert enrolment(one) == known


def test_a_new_address_is_kept_when_the_same_server_answers_there(tmp_path, make_store, estimator) -> None:
    one = make_store("one")
    with running.start(tmp_path / "server", estimator=estimator, practice=True) as first:
        enrolled(one, first)
        record_household(one)
        sync(one)
    before = enrolment(one), counting.status(one).ops_confirmed
    with pytest.raises(FieldappError, match="server_unreachable"):
        engine.move(one, first.url)
    assert enrolment(one) == before[0]
    with running.start(tmp_path / "server", estimator=estimator, practice=True) as second:
        engine.move(one, second.url.removeprefix("http://"))
        assert enrolment(one) == dataclasses.replace(before[0], url=second.url)
        assert counting.status(one).ops_confirmed == before[1]
        assert sync(one).ops_sent == 0


def test_a_server_installed_anew_is_told_and_enrolling_again_heals(tmp_path, make_store, estimator) -> None:
    one = make_store("one")
    with running.start(tmp_path / "server", estimator=estimator, practice=True) as first:
        enrolled(one, first)
        record_household(one)
        sync(one)
        port = int(first.url.rsplit(":", 1)[1])
    with running.start(tmp_path / "anew", estimator=estimator, practice=True, port=port) as anew:
        with pytest.raises(PauseError, match="server_changed"):
            sync(one)
        assert counting.status(one).ops_confirmed > 0  # by the old one, with which it is still enrolled
        engine.enrol(one, anew.url, anew.new_code())
        assert counting.status(one).ops_confirmed == 0
        report = sync(one)
        assert report.converged
        assert report.ops_sent == report.ops_confirmed > 0
