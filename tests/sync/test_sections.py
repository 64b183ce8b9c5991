"""What another program may put into a section: refused where it is no column, readable where it is a text."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import msgpack
import pytest

from fieldapp.domain.ids import DeviceId, RecordId, new_id
from fieldapp.domain.ops import Op, OpKind, OpRef, hlc_of
from fieldapp.sync import sections
from fieldapp.sync.columns import IdTable

OP = Op(
    DeviceId(bytes(16)), 1, hlc_of(1_700_000_000_000), "522633100201", "household", RecordId(new_id()), OpKind.EDIT,
    {"head_name": "吴"}, {"head_name": (OpRef(DeviceId(bytes(16)), 1),)}, "外业",
)  # fmt: skip
CLOCKS, SCHEMA = 5, 2


def unpacked(op: Op, place: int | None = None, value: Any = None) -> sections.Section:
    """The section as it arrives, with one part put in the place of another."""
    ids = IdTable()
    packed = sections.pack([op], ids)
    if place is not None:
        packed[place] = value
    return sections.unpack(packed, list(ids.ids), 10)


@pytest.mark.parametrize("clock", [1.5, float("nan"), "x", None, -1, 1e20])
def test_a_clock_that_is_none_refuses_the_section(clock: Any) -> None:
    with pytest.raises((ValueError, TypeError)):
        unpacked(OP, CLOCKS, [9, 0, msgpack.packb([clock])])


@pytest.mark.parametrize("schema", [-1, 2**64 - 1, 1.0, True, "3"])
def test_a_version_that_is_none_refuses_the_section(schema: Any) -> None:
    with pytest.raises(ValueError, match="section head"):
        unpacked(OP, SCHEMA, schema)


def test_texts_without_a_utf8_form_are_made_readable() -> None:
    seen = {"head\ud800": (OpRef(OP.device, 1),)}
    odd = replace(OP, record="dra\ud800gon", person="外\udfff", fields={"na\ud800me": "x"}, seen=seen)
    section = unpacked(odd)
    assert (section.record, section.persons, section.names) == ("dra?gon", ["外?"], ("na?me",))
    assert section.seen == [{"head?": (OpRef(OP.device, 1),)}]
