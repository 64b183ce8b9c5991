"""What a sync did, for the status bar, the command line and tests."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from fieldapp.domain.ids import RecordId
from fieldapp.sync.answers import Difference


@dataclass(frozen=True, slots=True)
class Progress:
    """How far one step is: `step` is the catalogue key `sync.step.<step>`; `total` is 0 while unknown."""

    step: str
    done: int = 0
    total: int = 0


@dataclass(frozen=True, slots=True)
class ComparedSinks:
    """How much of this laptop's sinks the server held against its own; `pending` names villages where it did not."""

    villages: int = 0
    households: int = 0
    pending: tuple[str, ...] = ()


OnProgress = Callable[[Progress], None]
IsCancelled = Callable[[], bool]


@dataclass
class SyncReport:
    """The outcome; `converged` says that laptop and server counted and compared the same records."""

    ops_sent: int = 0
    ops_confirmed: int = 0
    ops_waiting: int = 0
    ops_received: int = 0
    ops_quarantined: int = 0
    files_sent: int = 0
    photos_confirmed: int = 0
    photos_waiting: int = 0
    files_received: int = 0
    receipts: int = 0
    restamped: int = 0
    bytes_sent: int = 0
    bytes_received: int = 0
    villages: dict[str, int] = field(default_factory=dict)  # village code -> records, the same on both sides
    healed: list[str] = field(default_factory=list)
    differing: list[str] = field(default_factory=list)  # villages that are not the same even after healing
    closed: list[str] = field(default_factory=list)  # villages of another enrolment: sent, never compared
    misread: set[str] = field(default_factory=set)  # villages of which the server told what cannot be
    sinks: ComparedSinks | None = None  # None as long as nothing was asked
    differences: list[Difference] = field(default_factory=list)
    unknown_methods: list[str] = field(default_factory=list)  # methodologies that are not on the server
    changed: set[tuple[str, RecordId]] = field(default_factory=set)  # what open views should read again
    clock_ahead_s: float | None = None  # of this laptop's clock, where the server's is another by more than minutes
    cancelled: bool = False

    @property
    def sinks_compared(self) -> bool:
        """Whether the server has computed everything that this laptop claims, and said where it differs."""
        return self.sinks is not None and not self.sinks.pending

    @property
    def converged(self) -> bool:
        """Whether nothing is left to do and both sides hold the same."""
        return not (self.cancelled or self.differing or self.misread or self.ops_waiting or self.photos_waiting)

    def as_dict(self) -> dict[str, Any]:
        """The JSON of `fieldapp sync --json`."""
        return {
            "converged": self.converged,
            "ops": {
                "sent": self.ops_sent,
                "confirmed": self.ops_confirmed,
                "waiting": self.ops_waiting,
                "received": self.ops_received,
                "quarantined": self.ops_quarantined,
                "restamped": self.restamped,
            },
            "photos": {
                "files_sent": self.files_sent,
                "confirmed": self.photos_confirmed,
                "waiting": self.photos_waiting,
                "files_received": self.files_received,
            },
            "receipts": self.receipts,
            "bytes": {"sent": self.bytes_sent, "received": self.bytes_received},
            "villages": self.villages,
            "healed": self.healed,
            "differing": self.differing,
            "misread": sorted(self.misread),
            "closed": self.closed,
            "sinks_compared": self.sinks_compared,
            "sinks": self._sinks(),
            "sink_differences": [
                {
                    "village_code": one.village_code,
                    "household": one.household,
                    "household_id": one.household_id.hex(),
                    "trees": one.trees,
                    "co2e_kg": one.co2e_kg,
                    "server_trees": one.server_trees,
                    "server_co2e_kg": one.server_co2e_kg,
                    "server_method_version": one.server_method_version,
                }
                for one in self.differences
            ],
            "unknown_methods": self.unknown_methods,
            "clock_ahead_seconds": None if self.clock_ahead_s is None else round(self.clock_ahead_s),
            "cancelled": self.cancelled,
        }

    def _sinks(self) -> dict[str, Any]:
        found = self.sinks or ComparedSinks()
        return {"villages": found.villages, "households": found.households, "pending": list(found.pending)}
