"""Frozen rows that lists show; made by `reads`, known to window and commands."""

from __future__ import annotations

from dataclasses import dataclass

from fieldapp.domain.ids import DeviceId, RecordId
from fieldapp.domain.ops import Value
from fieldapp.domain.records import Consent, Household, Member, Parcel, Tenure, Tree
from fieldapp.domain.sinks import Sink
from fieldapp.domain.totals import Total


@dataclass(frozen=True, slots=True)
class VillageRow:
    """A village in which this profile works."""

    id: RecordId
    village_code: str
    name: str
    township: str
    county: str
    practice: bool
    households: int


@dataclass(frozen=True, slots=True)
class HouseholdRow:
    """A household in the list; `trees` are those not in the bin, `counted` those alive on a parcel.

    `waiting` says that the server does not hold everything of it yet. The quota follows from `area_mu`
    and the programme's rules, which storage does not know.
    """

    id: RecordId
    village_code: str
    device_tag: str
    number: int
    name: str
    group: str
    state: str
    parcels: int
    area_mu: float
    trees: int
    counted: int
    measured: int
    estimated: int
    photos: int
    co2e_kg: float
    findings_red: int
    findings_amber: int
    findings_grey: int
    waiting: bool
    conflicts: int

    @property
    def confirmed(self) -> bool:
        """Whether everything of it has been taken over by the server."""
        return not self.waiting


@dataclass(frozen=True, slots=True)
class HouseholdView:
    """One household with what belongs to it, as its form shows it."""

    household: Household
    members: tuple[Member, ...]
    tenures: tuple[Tenure, ...]
    parcels: tuple[Parcel, ...]
    consents: tuple[Consent, ...]


@dataclass(frozen=True, slots=True)
class TreeRow:
    """A tree with its values in force and its provisional sink."""

    tree: Tree
    dbh_cm: float | None
    height_m: float | None
    measured_on: str | None
    measured_by: str | None
    lat: float | None
    lon: float | None
    accuracy_m: float | None
    photos: int
    stems: str | None
    sink: Sink

    @property
    def id(self) -> RecordId:
        """The tree's id."""
        return self.tree.id


@dataclass(frozen=True, slots=True)
class EquationTotal:
    """What one equation contributes to a total."""

    equation_id: str
    method_version: str
    status: str
    n: int
    co2e_kg: float
    extrapolated: int = 0  # of `n`, trees outside the diameters and heights that the equation was sampled from
    from_curve: int = 0  # of `n`, trees whose height is from their parcel's curve


@dataclass(frozen=True, slots=True)
class SinkTotals:
    """The provisional sink of several trees; `n` of `trees` have a result."""

    trees: int
    total: Total
    by_equation: tuple[EquationTotal, ...]

    @property
    def n(self) -> int:
        """Trees with a result."""
        return self.total.trees

    @property
    def co2e_kg(self) -> float:
        """Their carbon stock."""
        return self.total.co2e_kg


@dataclass(frozen=True, slots=True)
class AreaTotals:
    """All households of a village or county; `total.trees` of the `trees` that count have a result."""

    households: int
    trees: int
    area_mu: float
    total: Total
    method_versions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PhotoRow:
    """A photo that shows a subject, with the state of its files."""

    id: RecordId
    link_id: RecordId
    sha256: bytes
    thumbnail_sha256: bytes | None
    working_sha256: bytes | None
    media_type: str
    size_bytes: int
    width: int | None
    height: int | None
    taken_at_local: str
    lat: float | None
    lon: float | None
    accuracy_m: float | None
    waiting: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the values that stand against each other: who wrote it, where, and when (ms since 1970)."""

    value: Value
    person: str
    device: DeviceId
    written_ms: int


@dataclass(frozen=True, slots=True)
class ConflictRow:
    """A field that two people changed without having seen each other's value; on `removed`: bin against edit."""

    record: str
    record_id: RecordId
    village_code: str
    field: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """One operation of a record's history; `decided` are the conflicts that it settled."""

    written_ms: int
    person: str
    device: DeviceId
    added: bool
    fields: dict[str, Value]
    decided: tuple[ConflictRow, ...] = ()


@dataclass(frozen=True, slots=True)
class QuarantineRow:
    """An operation from outside that could not be taken in; everything else went on."""

    village_code: str
    record: str
    record_id: RecordId
    reason: str
    received_ms: int


@dataclass(frozen=True, slots=True)
class Status:
    """The truth about what is saved, waiting, sent and confirmed. Times are ms since 1970, None for never."""

    person: str
    device: DeviceId
    device_tag: str
    practice: bool
    villages: int
    households: int
    trees: int
    drafts: int
    ready: int
    returned: int
    conflicts: int
    quarantined: int
    saved_at: int | None
    ops_total: int
    ops_waiting: int
    ops_sent: int
    ops_confirmed: int
    photos_total: int
    photos_waiting: int
    photos_waiting_bytes: int
    photos_confirmed: int
    free_bytes: int
    last_sync_at: int | None  # that had an answer, even if it broke off
    last_complete_sync_at: int | None
    differing: tuple[str, ...]  # villages that the last sync could not make the same on both sides
    clock_before_ms: int | None = None  # a moment that has passed for sure, where this laptop's clock is before it
