"""The operation: the unit of history, undo and sync; and the hybrid logical clock that orders operations.

Clock after Kulkarni et al. 2014, "Logical Physical Clocks": 48 bits of milliseconds and 16 of counter.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import NamedTuple

from fieldapp.domain.ids import DeviceId, RecordId

Value = str | int | float | bytes | None
COUNTER_BITS = 40  # a laptop that saved ten times a second would need 3,400 years for more
CLOCK_MOST = (1 << 62) - 1  # the year 4199; room is left above it, as the next stamp is always one more


class OpKind(IntEnum):
    """What an operation does; a fact can only be added."""

    ADD = 0
    EDIT = 1


class OpRef(NamedTuple):
    """Names one operation for ever: the laptop and its gap-free counter."""

    device: DeviceId
    counter: int


@dataclass(frozen=True, slots=True)
class Op:
    """One change of one record, as made on one laptop.

    `seen` names, per edited field, the operations whose values stood before the person's eyes:
    that alone decides whether two edits are concurrent. Fields not in `seen` were empty.
    """

    device: DeviceId
    counter: int
    hlc: int
    village_code: str
    record: str
    record_id: RecordId
    kind: OpKind
    fields: Mapping[str, Value]
    seen: Mapping[str, tuple[OpRef, ...]] = field(default_factory=dict)
    person: str = ""
    schema: int = 1

    @property
    def ref(self) -> OpRef:
        """This operation's name."""
        return OpRef(self.device, self.counter)


def hlc_of(wall_ms: int, logical: int = 0) -> int:
    """Packs a wall time and a logical counter into one sortable integer (63 bits used)."""
    return (wall_ms << 16) | logical


def hlc_ms(hlc: int) -> int:
    """The wall part, milliseconds since 1970."""
    return hlc >> 16


def hlc_tick(last: int, wall_ms: int) -> int:
    """The next stamp of this device: never goes back, whatever the wall clock does."""
    return max(last + 1, hlc_of(max(wall_ms, 0)))


def hlc_receive(last: int, seen: int, wall_ms: int) -> int:
    """The next stamp after having seen another device's `seen`."""
    return max(last + 1, seen + 1, hlc_of(max(wall_ms, 0)))
