"""What the server answers, checked before it is believed: anything else is nonsense, and nothing is done with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from fieldapp.domain.ids import DeviceId
from fieldapp.errors import PauseError
from fieldapp.sync.forms import (
    CLOCK,
    COUNT,
    COUNTER,
    CURSOR,
    DEVICE,
    DIGEST,
    HASH,
    ID,
    TIME_MS,
    TOKEN,
    VERSION,
    VILLAGE,
    Forms,
    Lacking,
    blob,
    each,
    flag,
    keyed,
    maybe,
    real,
    row,
    run,
    whole,
    words,
)
from fieldapp.sync.wire import MAX_FRAMES


@dataclass(frozen=True, slots=True)
class Hello:
    """Who the server is; `proof` is its signature of our `nonce`. A server from before names no key."""

    protocol_oldest: int
    protocol_newest: int
    practice: bool
    time_ms: int
    server_id: bytes
    public_key: bytes
    nonce: bytes
    proof: bytes


@dataclass(frozen=True, slots=True)
class Enrolled:
    """What enrolment gives."""

    token: str
    server_id: bytes
    public_key: bytes
    practice: bool


@dataclass(frozen=True, slots=True)
class Restamp:
    """Operations `first` to `last` of a laptop got the clocks `base`, `base` + 1, ..."""

    device: DeviceId
    first: int
    last: int
    base: int


@dataclass(frozen=True, slots=True)
class Pulled:
    """A frame from the server's log, with the first counter and clock of its re-stamped end, if it has one."""

    cursor: int
    body: bytes
    restamp: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class Difference:
    """A household whose sink the server computes otherwise, kg CO2e."""

    village_code: str
    household_id: bytes
    trees: int
    co2e_kg: float
    server_trees: int
    server_co2e_kg: float
    server_method_version: str
    household: str = ""  # its human code, which only the laptop knows


@dataclass(frozen=True, slots=True)
class VillageAnswer:
    """What one village looks like on the server, and the next frames behind our cursor."""

    frames: tuple[Pulled, ...]
    cursor: int
    more: bool
    applied: bool
    rows: int
    digest: str
    sinks_ready: bool
    differences: tuple[Difference, ...]
    unknown_methods: tuple[str, ...] = ()  # methodologies by which this laptop computed, and the server cannot


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer to one sync request."""

    time_ms: int
    acknowledged: Mapping[DeviceId, int]
    held: Mapping[DeviceId, tuple[tuple[int, int], ...]]  # runs behind the first gap, of the same laptops
    forked: Mapping[DeviceId, int]  # laptops under whose counter, from this one on, lies something else than we sent
    refused: tuple[tuple[int, str], ...]
    restamps: tuple[Restamp, ...]
    wanted: frozenset[bytes]
    receipts: tuple[tuple[bytes, bytes], ...]
    villages: Mapping[str, VillageAnswer]
    closed: tuple[str, ...] = ()  # asked for, but this laptop's enrolment is for others
    misread: tuple[str, ...] = ()  # villages about which it says what cannot be; the others count all the same


GARBLED = "answer_garbled"  # the enrolled server, which has proved itself, answers what cannot be
# The form of everything that a server says (docs/protocol.md): all that is believed passes through here.
_HELLO: Forms = {
    "protocol": row(VERSION, VERSION),
    "practice": flag,
    "time_ms": TIME_MS,
    "server": Lacking(ID, b""),
    "public_key": Lacking(blob(32), b""),
    "proof": Lacking(blob(64), b""),
}
_ENROLLED: Forms = {"token": TOKEN, "server": ID, "public_key": blob(32), "practice": flag}
_ANSWER: Forms = {
    "time_ms": TIME_MS,
    "acknowledged": each(row(DEVICE, COUNTER)),
    "held": Lacking(each(run), ()),
    "forked": Lacking(each(row(DEVICE, COUNTER)), ()),
    "refused": each(row(whole(0, MAX_FRAMES - 1), words)),
    "restamps": each(row(DEVICE, COUNTER, COUNTER, CLOCK)),
    "wanted": each(HASH),
    "receipts": each(row(blob(), blob(64))),
    "closed": Lacking(each(words), ()),
}
_VILLAGE: Forms = {
    "frames": each(row(CURSOR, blob(), maybe(row(COUNTER, CLOCK)))),
    "cursor": CURSOR,
    "more": flag,
    "applied": flag,
    "rows": Lacking(COUNT, 0),
    "digest": Lacking(DIGEST, "0" * 16),
    "sinks_ready": Lacking(flag, False),
    "differences": Lacking(each(row(ID, COUNT, real, COUNT, real, words)), ()),
    "unknown_methods": Lacking(each(words), ()),
}
_RECEIPT: Forms = {
    "device": DEVICE,
    "ops": each(run),
    "frames": Lacking(each(row(DEVICE, COUNTER, COUNTER, HASH)), None),
    "blobs": each(HASH),
}


def hello(raw: Any, nonce: bytes) -> Hello:
    """Reads the greeting that answers a question with `nonce`. Raises PauseError `server_nonsense`."""
    found = _read(_HELLO, raw)
    oldest, newest = found.pop("protocol")
    return Hello(protocol_oldest=oldest, protocol_newest=newest, server_id=found.pop("server"), nonce=nonce, **found)


def enrolled(raw: Any) -> Enrolled:
    """Reads an enrolment. Raises PauseError `server_nonsense`."""
    found = _read(_ENROLLED, raw)
    return Enrolled(found["token"], found["server"], found["public_key"], found["practice"])


def receipt(raw: Any) -> dict[str, Any]:
    """Reads the body of a receipt: whose it is, counters, frames and files. Raises ValueError."""
    return keyed(_RECEIPT, raw)


def answer(raw: Any) -> Answer:
    """Reads an answer to a sync request. Raises PauseError `answer_garbled`, but for what it says of one village."""
    found = _read({**_ANSWER, "villages": _villages}, raw, GARBLED)
    acknowledged = dict(found["acknowledged"])
    villages, misread = found["villages"]
    return Answer(
        time_ms=found["time_ms"],
        acknowledged=acknowledged,
        held={
            device: tuple((first, last) for one, first, last in found["held"] if one == device)
            for device in acknowledged
        },
        forked=dict(found["forked"]),
        refused=found["refused"],
        restamps=tuple(Restamp(*one) for one in found["restamps"]),
        wanted=frozenset(found["wanted"]),
        receipts=found["receipts"],
        villages=villages,
        closed=found["closed"],
        misread=misread,
    )


def _read(forms: Forms, raw: Any, code: str = "server_nonsense") -> dict[str, Any]:
    try:
        return keyed(forms, raw)
    except ValueError as error:
        raise PauseError(code) from error


def _villages(raw: Any) -> tuple[dict[str, VillageAnswer], tuple[str, ...]]:
    """One village of which nonsense is said must not stop the others."""
    if not isinstance(raw, dict):
        raise ValueError("villages")
    found, misread = {}, []
    for code, one in raw.items():
        try:
            found[VILLAGE(code)] = _village(code, one)
        except ValueError:
            misread.append(words(code))
    return found, tuple(misread)


def _village(code: str, raw: Any) -> VillageAnswer:
    found = keyed(_VILLAGE, raw)
    cursors = [0, *(cursor for cursor, _, _ in found["frames"]), found["cursor"] + 1]
    if any(one >= next_one for one, next_one in pairwise(cursors)):
        raise ValueError("cursors")  # they rise from frame to frame, up to that of the village
    found["frames"] = tuple(Pulled(*one) for one in found["frames"])
    found["differences"] = tuple(Difference(code, *one) for one in found["differences"])
    return VillageAnswer(**found)
