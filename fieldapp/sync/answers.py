"""What the server answers, checked before it is believed: anything else is nonsense, and nothing is done with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fieldapp.domain.ids import DeviceId
from fieldapp.errors import PauseError


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


_WRONG = (KeyError, ValueError, TypeError, AttributeError, IndexError)


def hello(raw: Any, nonce: bytes) -> Hello:
    """Reads the greeting that answers a question with `nonce`. Raises PauseError `server_nonsense`."""
    try:
        oldest, newest = raw["protocol"]
        names = (_bytes(raw.get("server", b"")), _bytes(raw.get("public_key", b"")))
        told = (int(oldest), int(newest), bool(raw["practice"]), int(raw["time_ms"]))
        return Hello(*told, *names, nonce, _bytes(raw.get("proof", b"")))
    except _WRONG as error:
        raise PauseError("server_nonsense") from error


def enrolled(raw: Any) -> Enrolled:
    """Reads an enrolment. Raises PauseError `server_nonsense`."""
    try:
        names = (_bytes(raw["server"], 16), _bytes(raw["public_key"], 32))
        return Enrolled(_text(raw["token"]), *names, bool(raw["practice"]))
    except _WRONG as error:
        raise PauseError("server_nonsense") from error


def answer(raw: Any) -> Answer:
    """Reads an answer to a sync request; keys of a newer server are ignored. Raises PauseError `server_nonsense`."""
    try:
        acknowledged = {DeviceId(_bytes(device, 16)): int(counter) for device, counter in raw["acknowledged"]}
        return Answer(
            time_ms=int(raw["time_ms"]),
            acknowledged=acknowledged,
            held={
                device: tuple((int(first), int(last)) for one, first, last in raw.get("held", ()) if one == device)
                for device in acknowledged
            },
            forked={DeviceId(_bytes(device, 16)): int(counter) for device, counter in raw.get("forked", ())},
            refused=tuple((int(place), _text(code)) for place, code in raw["refused"]),
            restamps=tuple(
                Restamp(DeviceId(_bytes(device, 16)), int(first), int(last), int(base))
                for device, first, last, base in raw["restamps"]
            ),
            wanted=frozenset(_bytes(one, 32) for one in raw["wanted"]),
            receipts=tuple((_bytes(body), _bytes(signature, 64)) for body, signature in raw["receipts"]),
            villages={_text(code): _village(_text(code), one) for code, one in raw["villages"].items()},
        )
    except _WRONG as error:
        raise PauseError("server_nonsense") from error


def _village(code: str, raw: Mapping[str, Any]) -> VillageAnswer:
    frames = tuple(
        Pulled(int(cursor), _bytes(body), None if restamp is None else (int(restamp[0]), int(restamp[1])))
        for cursor, body, restamp in raw["frames"]
    )
    return VillageAnswer(
        frames=frames,
        cursor=int(raw["cursor"]),
        more=bool(raw["more"]),
        applied=bool(raw["applied"]),
        rows=int(raw.get("rows", 0)),
        digest=_text(raw.get("digest", "0" * 16)),
        sinks_ready=bool(raw.get("sinks_ready")),
        differences=tuple(
            Difference(code, _bytes(one[0], 16), int(one[1]), float(one[2]), int(one[3]), float(one[4]), _text(one[5]))
            for one in raw.get("differences", ())
        ),
        unknown_methods=tuple(_text(name) for name in raw.get("unknown_methods", ())),
    )


def _bytes(value: Any, length: int | None = None) -> bytes:
    if not isinstance(value, bytes) or (length is not None and len(value) != length):
        raise ValueError("bytes")
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("text")
    return value
