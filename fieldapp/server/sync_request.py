"""What a laptop asks in one sync request, its form checked before anything is done with it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from math import isfinite
from typing import Any

import msgpack

from fieldapp.domain.ids import DeviceId
from fieldapp.errors import FieldappError, ItemError
from fieldapp.server.refusal import Refusal
from fieldapp.sync import wire
from fieldapp.sync.wire import MAX_FRAMES, MAX_OFFERED, Frame

_MOST_TREES = 10**9  # of one household, in a claim
_MOST_NAME = 200
VILLAGE_CODE = re.compile("[1-9][0-9]{11}", re.ASCII)  # no province's code begins with 0


@dataclass
class Request:
    """A sync request after its form was checked; unknown keys of a newer laptop are ignored."""

    frames: list[tuple[Frame, bytes]] = field(default_factory=list)
    places: list[int] = field(default_factory=list)  # where each of `frames` stood in the request
    refused: list[list[object]] = field(default_factory=list)
    cursors: dict[str, int] = field(default_factory=dict)
    everything: bool = False
    own: list[str] = field(default_factory=list)
    offered: list[bytes] = field(default_factory=list)
    devices: list[DeviceId] = field(default_factory=list)
    claims: dict[str, list[list[Any]]] = field(default_factory=dict)
    settle: bool = False


def parse(body: bytes, *, practice: bool) -> Request:
    """Reads a request. Raises Refusal 400 `bad_request`; a frame that may not go in is refused alone, by its place."""
    try:
        raw = msgpack.unpackb(body, strict_map_key=False)
        request = _parse(raw)
    except (ValueError, TypeError, KeyError, AttributeError, msgpack.exceptions.UnpackException) as error:
        raise Refusal(400, "bad_request") from error
    for place, data in enumerate(raw.get("frames", ())):
        try:
            request.frames.append((_frame(data, practice), data))
            request.places.append(place)
        except FieldappError as error:
            request.refused.append([place, error.code])
    return request


def _frame(data: bytes, practice: bool) -> Frame:
    """Raises ItemError `practice_mismatch` for a village that says of itself that it belongs on the other kind."""
    frame = wire.decode(data)
    if not VILLAGE_CODE.fullmatch(frame.header.village_code):
        raise ItemError("frame_damaged")
    for section in frame.sections:
        told = dict(zip(section.names, section.values, strict=True)).get("practice", ())
        if section.record == "village" and any(one in (0, 1) and bool(one) != practice for one in told):
            raise ItemError("practice_mismatch")
    return frame


def _parse(raw: Mapping[str, Any]) -> Request:
    request = Request(
        cursors={str(village): int(cursor) for village, cursor in raw.get("cursors", {}).items()},
        everything=bool(raw.get("everything")),
        own=[str(village) for village in raw.get("own", ())],
        offered=[bytes(one) for one in raw.get("offered", ())],
        devices=[DeviceId(bytes(one)) for one in raw.get("devices", ())],
        claims={_village(village): [_claim(one) for one in rows] for village, rows in raw.get("claims", {}).items()},
        settle=bool(raw.get("settle")),
    )
    frames = raw.get("frames", [])
    if len(frames) > MAX_FRAMES or max(len(request.offered), len(request.devices)) > MAX_OFFERED:
        raise ValueError("too much at once")
    lengths_fit = all(len(one) == 32 for one in request.offered) and all(len(one) == 16 for one in request.devices)
    if not all(isinstance(one, bytes) for one in frames) or not lengths_fit:
        raise ValueError("frames, hashes and laptops are bytes")
    return request


def _claim(raw: list[Any]) -> list[Any]:
    household, trees, co2e_kg, method_version = raw
    if not isinstance(household, bytes) or len(household) != 16:
        raise ValueError("household")
    if type(trees) is not int or not 0 <= trees <= _MOST_TREES or not isfinite(float(co2e_kg)):
        raise ValueError("numbers of a claim")
    if not isinstance(method_version, str) or len(method_version) > _MOST_NAME or not method_version.isprintable():
        raise ValueError("methodology of a claim")
    return [household, trees, float(co2e_kg), method_version]


def _village(code: Any) -> str:
    if not isinstance(code, str) or not VILLAGE_CODE.fullmatch(code):
        raise ValueError("village")
    return code
