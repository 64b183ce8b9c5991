"""Nonsense of an enrolled server: it is told, never a crash, nothing of it is kept, and other villages go on."""

from __future__ import annotations

import contextlib
import itertools
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import msgpack
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fieldapp.domain.records import Household
from fieldapp.errors import ItemError, PauseError
from fieldapp.storage import counting, oplog
from fieldapp.storage.enrolment import Enrolment, set_enrolment
from fieldapp.storage.store import Store
from fieldapp.sync import answers, engine, wire
from fieldapp.sync.answers import Answer, Hello
from fieldapp.sync.report import ComparedSinks, SyncReport
from fieldapp.sync.transport import Transport
from tests.sync.conftest import MakeStore
from tests.sync.village import CODE, record_household

KEY = Ed25519PrivateKey.generate()
PUBLIC = KEY.public_key().public_bytes_raw()
NUMBER = b"s" * 16
OTHER = "522633100202"
HUGE = [
    2**62,
    2**63,
    2**64 - 1,
    -1,
    -(2**63),
    10**12,
    True,
    None,
    "x",
    "\ud800",
    b"",
    float("nan"),
    float("inf"),
    [],
    {},
]
Spoil = Callable[[dict[str, Any]], None]


def receipt(device: bytes, last: int, **more: object) -> list[bytes]:
    """What an enrolled server may sign, whatever it says."""
    body = msgpack.packb({"v": 1, "device": device, "at": 1, "ops": [[device, 1, last]], "blobs": [], **more})
    return [body, KEY.sign(wire.RECEIPT_CONTEXT + body)]


def village(cursor: int = 1, **more: object) -> dict[str, Any]:
    """What a server says of a village."""
    told = {"frames": [], "cursor": cursor, "more": False, "applied": True, "rows": 1, "digest": "0" * 16}
    return {**told, "sinks_ready": True, "differences": [[b"h" * 16, 1, 2.0, 1, 3.0, "2026"]], **more}


class Lying(Transport):
    """An enrolled server that answers each request well, but for what `spoil` makes of it."""

    def __init__(self, store: Store, spoil: Spoil) -> None:
        super().__init__("http://127.0.0.1:9")
        self._device, self._spoil, self._other = store.device, spoil, frame_of_another()

    def hello(self) -> Hello:
        """The proof is right: it is the enrolled one."""
        proof = KEY.sign(wire.HELLO_CONTEXT + b"n" * 16 + NUMBER)
        return Hello(1, 1, True, 1, NUMBER, PUBLIC, b"n" * 16, proof)

    def sync(self, request: Mapping[str, Any]) -> Answer:
        """One answer, as it comes from the wire."""
        raw = {
            "time_ms": time.time_ns() // 1_000_000,
            "acknowledged": [[self._device, 2]],
            "held": [[self._device, 4, 5]],
            "forked": [],
            "refused": [],
            "restamps": [[self._device, 1, 2, 5 << 16]],
            "wanted": [],
            "receipts": [receipt(self._device, 2)],
            "villages": {CODE: village(), OTHER: village(3, frames=[[2, self._other, [1, 5]]])},
        }
        self._spoil(raw)
        packed = msgpack.packb(raw, unicode_errors="surrogatepass")
        return answers.answer(msgpack.unpackb(packed, unicode_errors="surrogatepass", strict_map_key=False))


_FRAMES: list[bytes] = []


def frame_of_another() -> bytes:
    """A household that another laptop recorded."""
    return _FRAMES[0]


@pytest.fixture
def laptop(make_store: MakeStore) -> Store:
    """A laptop with a household, enrolled with whoever has the key; another one's household lies on the server."""
    one, two = make_store("one"), make_store("two")
    record_household(one)
    record_household(two, village=OTHER)
    _FRAMES[:] = [wire.encode(oplog.pending(two))]
    set_enrolment(one, Enrolment("http://127.0.0.1:9", "token", PUBLIC, True, NUMBER, one.device))
    return one


def sync(store: Store, spoil: Spoil) -> SyncReport:
    """One sync with a server that tells such things."""
    return engine.sync(store, Lying(store, spoil), pause=lambda _: None)


def put(*path: Any, value: object) -> Spoil:
    """Puts a value into the answer."""

    def spoil(raw: Any) -> None:
        for name in path[:-1]:
            raw = raw[name]
        raw[path[-1]] = value

    return spoil


@pytest.mark.parametrize(
    "spoil",
    [
        put("restamps", 0, 3, value=2**64 - 1),
        put("restamps", 0, 3, value=-(2**63)),
        put("acknowledged", 0, 1, value=2**64 - 1),
        put("held", 0, 1, value=6),
        put("time_ms", value=2**63),
        put("refused", value=[[10**9, "frame_damaged"]]),
        put("receipts", 0, value=[b"x", b"y"]),
        put("villages", value=[]),
    ],
)
def test_a_number_that_cannot_be_is_told_as_nonsense_and_nothing_is_kept(laptop: Store, spoil: Spoil) -> None:
    clocks = laptop.rows("SELECT hlc FROM op ORDER BY id")
    with pytest.raises(PauseError, match="answer_garbled"):
        sync(laptop, spoil)
    assert laptop.rows("SELECT hlc FROM op ORDER BY id") == clocks
    assert counting.status(laptop).ops_confirmed == 0


@pytest.mark.parametrize(
    "spoil",
    [
        put("villages", CODE, "cursor", value=2**64 - 1),
        put("villages", CODE, "rows", value=-1),
        put("villages", CODE, "digest", value="zz"),
        put("villages", CODE, "differences", 0, 2, value=float("nan")),
        put("villages", CODE, "frames", value=[[1, b"no frame", None]]),
        put("villages", CODE, "frames", value=[[9, b"behind the village's cursor", None]]),
    ],
)
def test_nonsense_about_one_village_keeps_nobody_from_the_others(laptop: Store, spoil: Spoil) -> None:
    report = sync(laptop, spoil)
    assert (report.misread, report.converged) == ({CODE}, False)
    assert CODE in counting.status(laptop).differing
    assert oplog.cursor(laptop, OTHER) == 3
    assert laptop.rows(f"SELECT count(*) FROM {Household.record_name} WHERE village_code = ?", (OTHER,)) == [(1,)]


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The place of every value in an answer."""
    if path:
        yield path
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, one in parts:
        yield from leaves(one, (*path, name))


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.integers(0, 200), value=st.sampled_from(HUGE) | st.integers(-(2**63), 2**64 - 1))
def test_whatever_stands_in_an_answer_nothing_crashes(laptop: Store, place: int, value: object) -> None:
    def spoil(raw: dict[str, Any]) -> None:
        found = list(leaves(raw))
        put(*found[place % len(found)], value=value)(raw)

    with contextlib.suppress(PauseError, ItemError):
        sync(laptop, spoil)
    assert counting.status(laptop).ops_waiting >= 0
    record_household(laptop, trees=1)  # the clock still goes on, and work with it


@pytest.mark.parametrize("ops", [[[b"d" * 16, 1, 2**64 - 1]], [[b"d" * 16, 1, float("inf")]], [10**12], {}, None])
def test_a_signed_receipt_full_of_nonsense_is_not_believed(laptop: Store, ops: object) -> None:
    with pytest.raises(PauseError, match="receipt_forged"):
        sync(laptop, put("receipts", value=[receipt(laptop.device, 2, ops=ops, frames=[[0, 0, 0, 10**12]])]))


def test_what_the_server_says_nothing_of_was_not_compared(laptop: Store) -> None:
    report = sync(laptop, put("villages", value={}))
    assert report.sinks == ComparedSinks(0, 0, (CODE,))
    assert not report.sinks_compared
    report = sync(laptop, put("villages", CODE, "sinks_ready", value=False))
    assert report.sinks == ComparedSinks(1, 1, (CODE,))  # the other's household, which came with the sync before


def test_a_sync_that_broke_off_after_an_answer_was_one(laptop: Store) -> None:
    steps: list[str] = []
    transport = Lying(laptop, lambda _: None)
    engine.sync(laptop, transport, lambda now: steps.append(now.step), lambda: "pull" in steps)
    now = counting.status(laptop)
    assert (now.last_sync_at is not None, now.last_complete_sync_at) == (True, None)


def test_a_server_that_promises_more_for_ever_is_left(laptop: Store) -> None:
    cursors = itertools.count(1)

    def spoil(raw: dict[str, Any]) -> None:
        raw["villages"] = {CODE: village(next(cursors), more=True)}

    with pytest.raises(PauseError, match="answer_garbled"):
        sync(laptop, spoil)


def test_stamps_of_one_village_leave_those_between_them_alone(laptop: Store) -> None:
    record_household(laptop, village=OTHER)
    record_household(laptop)
    before = dict(laptop.rows("SELECT counter, hlc FROM op WHERE village_code = ?", (OTHER,)))
    last = counting.status(laptop).ops_total
    ours = last - len(before)
    assert oplog.restamp(laptop, laptop.device, 1, 1 << 39, 7 << 16) == ours
    assert dict(laptop.rows("SELECT counter, hlc FROM op WHERE village_code = ?", (OTHER,))) == before
    assert laptop.rows("SELECT hlc FROM op WHERE counter = ?", (last,)) == [((7 << 16) + last - 1,)]
