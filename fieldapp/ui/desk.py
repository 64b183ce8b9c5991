"""Everything of one household that the window shows at once, read in one go on the store's thread."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from fieldapp.carbon.limits import FIELDS as REFUSED_FIELDS
from fieldapp.domain import checks
from fieldapp.domain.check_position import check_position
from fieldapp.domain.check_tenure import check_tenure, says_something
from fieldapp.domain.current import COUNTED_STATES
from fieldapp.domain.doubtful import earlier_to_compare, is_doubtful
from fieldapp.domain.ids import RecordId
from fieldapp.domain.programme import Programme
from fieldapp.domain.records import Parcel
from fieldapp.domain.standing import standing
from fieldapp.errors import Finding, Severity, StorageError
from fieldapp.ui import photo_doubts
from fieldapp.ui.kept import kept_typed
from fieldapp.ui.meaning import understand
from fieldapp.ui.remarks import pinned
from fieldapp.ui.shown import declared
from fieldapp.ui.tree_cells import COLUMN_OF, FIELDS
from fieldapp.ui.unsaved import PASSING

if TYPE_CHECKING:
    from fieldapp.domain.records import Position, Record
    from fieldapp.storage.remarks import RemarkRow
    from fieldapp.storage.store import Store
    from fieldapp.storage.views import HouseholdView, SinkTotals, TreeRow

REMARK = "review_remark"  # the finding of a reviewer's remark: only a person can say that it is mended
CONFLICT = "conflict_open"  # two people filled the field differently: the inbox asks which value stands
_HANDED_IN = ("ready", "returned")
Inside = Callable[[float, float, str], bool | None]  # lat, lon, county code: whether the place lies in the county


@dataclass(frozen=True, slots=True)
class Desk:
    """A household on the desk. `findings` are by the id of what they are about: household, parcel or tree."""

    view: HouseholdView
    trees: list[TreeRow]
    totals: SinkTotals
    parcel_totals: dict[RecordId, SinkTotals]
    findings: dict[bytes, list[Finding]]
    remarks: tuple[RemarkRow, ...] = ()  # what the review wants mended, while the household is returned
    kept: dict[RecordId, dict[str, str]] = field(default_factory=dict)  # typed texts that had no meaning
    free_tags: dict[str, str] = field(default_factory=dict)  # proposed instead of tags that are in use elsewhere
    earlier_dbh: dict[RecordId, float] = field(default_factory=dict)  # cm at the visit before, by tree
    positions: dict[RecordId, Position] = field(default_factory=dict)  # of the household and its parcels
    photos: int = 0  # of the household itself
    after: int = 0  # the last act of the session that it knows of; what was asked later is still on its way

    @property
    def area_mu(self) -> float | None:
        """Land of all parcels in mu, None while none is known."""
        known = [p.area_mu for p in self.view.parcels if p.area_mu is not None]
        return sum(known) if known else None

    def doubtful(self, parcel_id: bytes | None = None) -> int:
        """How many trees in the total, or in a parcel's, have a diameter or height that cannot well be right."""
        return sum(
            row.sink.co2e_kg is not None
            and row.tree.state in COUNTED_STATES
            and (parcel_id is None or row.tree.parcel_id == parcel_id)
            and is_doubtful(self.findings.get(row.tree.id, ()))
            for row in self.trees
        )

    def parcel(self, parcel_id: bytes | None) -> Parcel | None:
        """One of its parcels."""
        return next((p for p in self.view.parcels if p.id == parcel_id), None)

    def count(self, severity: Severity, *, without: str = "") -> int:
        """How many findings of a severity; `without` leaves out one code."""
        every = (f for found in self.findings.values() for f in found)
        return sum(f.severity is severity and f.code != without for f in every)


def read_desk(store: Store, household_id: RecordId, programme: Programme, inside: Inside) -> Desk | None:
    """Reads a household with its trees, totals and findings; None when it is not there, or in the bin."""
    from fieldapp.storage import finding_counts, people, reads, sums
    from fieldapp.storage.remarks import waiting_remarks
    from fieldapp.storage.remeasured import earlier_dbh
    from fieldapp.storage.tags import free_tags, tag_counts

    view = reads.household(store, household_id)
    if view is None or view.household.removed:
        return None  # what lies in the bin leaves the desk
    trees = reads.tree_rows(store, household_id)
    last_tags = {row.tree.parcel_id: row.tree.tag for row in trees}
    desk = Desk(
        view=view,
        trees=trees,
        totals=sums.tree_totals(store, household_id),
        parcel_totals={p.id: sums.tree_totals(store, household_id, p.id) for p in view.parcels},
        findings={},
        remarks=tuple(waiting_remarks(store, household_id)) if view.household.state == "returned" else (),
        free_tags=free_tags(store, last_tags.values()),
        earlier_dbh=earlier_dbh(store, household_id),
        positions={
            id: at
            for id in (household_id, *(p.id for p in view.parcels))
            if (at := reads.position(store, id)) is not None
        },
        photos=len(reads.photos(store, household_id)),
    )
    desk.kept.update(kept_typed(store, records_of(desk)))
    desk.findings.update(find(desk, programme, inside, tag_counts(store, household_id)))
    for record_id, unread in unread_fields(desk).items():
        desk.findings[record_id] = unread + desk.findings.get(record_id, [])
    for record_id, name in undecided(store, desk):
        desk.findings.setdefault(record_id, []).append(Finding(CONFLICT, Severity.RED, name))
    for record_id, name, text in pinned(desk.remarks):
        desk.findings.setdefault(record_id, []).append(Finding(REMARK, Severity.RED, name, {"remark": text}))
    for record_id, found in photo_doubts.of_household(store, household_id, planting_years(desk)).items():
        desk.findings[record_id] = desk.findings.get(record_id, []) + found
    reds, ambers, greys = (desk.count(s) for s in (Severity.RED, Severity.AMBER, Severity.GREY))
    try:
        finding_counts.keep(store, household_id, red=reds, amber=ambers, grey=greys, doubtful=desk.doubtful())
    except StorageError as error:
        if error.code not in PASSING:  # the list's counts can wait; a full disk keeps no household shut
            raise
    for record_id, found in people.shared(store).get(household_id, {}).items():
        desk.findings[record_id] = desk.findings.get(record_id, []) + found
    return desk


def find(desk: Desk, programme: Programme, inside: Inside, tags: Mapping[str, int]) -> dict[bytes, list[Finding]]:
    """What is to be looked at in a household, its parcels and its trees; `tags` that stand on several trees."""
    household, parcels = desk.view.household, {p.id: p for p in desk.view.parcels}
    found: dict[bytes, list[Finding]] = {}
    papers = sum(map(says_something, desk.view.tenures))
    found[household.id] = list(
        checks.check_household(
            household,
            programme=programme,
            trees=desk.totals.trees,
            area_mu=desk.area_mu,
            tenures=papers,
            consents=standing(consent.kind for consent in desk.view.consents),
            members=desk.view.members,
        )
    )
    for member in desk.view.members:
        if about := checks.check_member(member):
            found[member.id] = list(about)
    for tenure in desk.view.tenures:
        if doubts := check_tenure(tenure, programme=programme):
            found[tenure.id] = list(doubts)
    for parcel in desk.view.parcels:
        trees = desk.parcel_totals[parcel.id].trees
        found[parcel.id] = list(checks.check_parcel(parcel, trees=trees, programme=programme, tenures=papers))
    today, rough_m = dt.date.today(), programme.number("position_rough_m")  # once, not for each of 450 trees
    for row in desk.trees:
        own, earlier = parcels.get(row.tree.parcel_id or RecordId(b"")), desk.earlier_dbh.get(row.tree.id)
        findings = check_row(row, own, programme, tags, today=today, last_dbh_cm=earlier)
        if row.lat is not None and row.lon is not None:
            where = inside(row.lat, row.lon, household.village_code[:6])
            findings += check_position(row.lat, row.lon, inside=where, accuracy_m=row.accuracy_m, rough_m=rough_m)
        if findings:
            found[row.tree.id] = findings
    return found if household.state not in _HANDED_IN else {key: handed_in(about) for key, about in found.items()}


def handed_in(findings: Iterable[Finding]) -> list[Finding]:
    """Findings as they weigh in a household that was handed in."""
    return [checks.handed_in(finding) for finding in findings]


def planting_years(desk: Desk) -> dict[RecordId, int | None]:
    """When parcels and trees were planted, as far as it is known."""
    years = {parcel.id: parcel.planting_year for parcel in desk.view.parcels}
    of_trees = {
        row.tree.id: row.tree.planting_year or years.get(row.tree.parcel_id or row.tree.id) for row in desk.trees
    }
    return years | of_trees


def undecided(store: Store, desk: Desk) -> list[tuple[bytes, str]]:
    """Record and field of every conflict in this household that nobody has decided yet."""
    from fieldapp.storage import reads

    known = {record.id for record in records_of(desk)}
    return [(row.record_id, row.field) for row in reads.conflicts(store) if row.record_id in known]


def records_of(desk: Desk) -> tuple[Record, ...]:
    """The household and everything of it that has fields on a form or in the grid."""
    view = desk.view
    return (view.household, *view.members, *view.tenures, *view.parcels, *(row.tree for row in desk.trees))


def unread_fields(desk: Desk) -> dict[bytes, list[Finding]]:
    """What stands in fields of this household and has no meaning for them: nothing of it is stored."""
    found: dict[bytes, list[Finding]] = {}
    for record in records_of(desk):
        for name, text in desk.kept.get(record.id, {}).items():
            column = COLUMN_OF.get(name) if record.record_name == "tree" else None
            if column is None and not hasattr(record, name):
                continue  # a newer program's field
            meaning = understand(FIELDS[column] if column is not None else declared(record.record_name, name), text)
            if isinstance(meaning, Finding):
                found.setdefault(record.id, []).append(meaning)
    return found


def check_row(
    row: TreeRow,
    parcel: Parcel | None,
    programme: Programme,
    tags: Mapping[str, int],
    *,
    today: dt.date | None = None,
    last_dbh_cm: float | None = None,
) -> list[Finding]:
    """Findings of one tree; that photo or position is missing shows in their own columns."""
    found = list(
        checks.check_tree(
            row.tree,
            row.dbh_cm,
            row.height_m,
            programme=programme,
            species=parcel.species if parcel else None,
            planting_year=parcel.planting_year if parcel else None,
            tag_count=tags.get(row.tree.tag or "", 1),
            last_dbh_cm=earlier_to_compare(last_dbh_cm, row.stems),
            measured_on=row.measured_on,
            today=today,
        )
    )
    if row.dbh_cm is not None and row.sink.error:
        about = REFUSED_FIELDS.get(row.sink.error, "species")
        if not any(f.severity is Severity.RED and f.field == about for f in found):  # said already, in plainer words
            found.append(Finding(row.sink.error, Severity.AMBER, about))
    return found
