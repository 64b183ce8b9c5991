"""What lists and forms show, each in one quick query; every function takes a store first."""

from __future__ import annotations

from operator import add
from typing import Any

from fieldapp.domain.ids import RecordId
from fieldapp.domain.records import Consent, Household, Member, Parcel, Position, Tenure, Tree
from fieldapp.domain.sinks import Sink
from fieldapp.storage import people, stale_sums, states
from fieldapp.storage.history import choices
from fieldapp.storage.layout import layout, to_record
from fieldapp.storage.store import Store
from fieldapp.storage.sums import of_owner
from fieldapp.storage.views import (
    ConflictRow,
    HouseholdRow,
    HouseholdView,
    PhotoRow,
    QuarantineRow,
    TreeRow,
    VillageRow,
)

_NOT_REMOVED = "coalesce(removed, 0) = 0"


def villages(store: Store) -> list[VillageRow]:
    """The villages of this profile by code."""
    rows = store.rows(
        "SELECT v.id, v.village_code, coalesce(v.name, ''), coalesce(v.township, ''), coalesce(v.county, ''), "
        "coalesce(v.practice, 0), (SELECT count(*) FROM household h WHERE h.village_code = v.village_code "
        f"AND coalesce(h.removed, 0) = 0) FROM village v WHERE {_NOT_REMOVED} ORDER BY v.village_code"
    )
    return [VillageRow(*(*row[:5], bool(row[5]), row[6])) for row in rows]


def households(store: Store, village_code: str) -> list[HouseholdRow]:
    """The households of a village in the order of their numbers, with what two of them have in common counted in."""
    rows = store.rows(_HOUSEHOLDS_SQL, (village_code,))
    shared = people.counted(store)
    found = [(*map(add, row[15:18], shared.get(row[0], people.NONE)), bool(row[18]), row[19]) for row in rows]
    return [HouseholdRow(*(*row[:15], *ending)) for row, ending in zip(rows, found, strict=True)]


def household(store: Store, id: RecordId) -> HouseholdView | None:
    """One household with members, papers, parcels and consents."""
    found = store.get(Household, id)
    if found is None:
        return None
    mine = f"WHERE household_id = ? AND {_NOT_REMOVED} ORDER BY hlc, id"
    return HouseholdView(
        household=found,
        members=tuple(store.find(Member, mine, (id,))),
        tenures=tuple(store.find(Tenure, mine, (id,))),
        parcels=tuple(store.find(Parcel, mine, (id,))),
        consents=tuple(store.find(Consent, "WHERE household_id = ? ORDER BY hlc, id", (id,))),
    )


def tree_rows(store: Store, household_id: RecordId, parcel_id: RecordId | None = None) -> list[TreeRow]:
    """The trees of a household, or of one of its parcels, in the order in which they were recorded."""
    where, owner = of_owner(household_id, parcel_id)
    rows = store.rows(f"{_TREES_SQL} WHERE {where} AND coalesce(t.removed, 0) = 0 ORDER BY t.hlc, t.id", (owner,))
    return [_tree_row(row) for row in rows]


def tree_row(store: Store, tree_id: RecordId) -> TreeRow | None:
    """One tree with its values in force, in the bin or not."""
    rows = store.rows(f"{_TREES_SQL} WHERE t.id = ?", (tree_id,))
    return _tree_row(rows[0]) if rows else None


def photos(store: Store, subject_id: RecordId) -> list[PhotoRow]:
    """The photos that show a tree, parcel or household, oldest first."""
    rows = store.rows(_PHOTOS_SQL, (subject_id,))
    return [PhotoRow(*(*row[:13], bool(row[13]))) for row in rows]


def position(store: Store, subject_id: RecordId) -> Position | None:
    """The position in force; one that was taken back leaves none."""
    found = store.find(Position, "WHERE subject_id = ? ORDER BY hlc DESC, id DESC LIMIT 1", (subject_id,))
    return found[0] if found and found[0].lat is not None else None


def conflicts(store: Store) -> list[ConflictRow]:
    """What people have to decide."""
    rows = store.rows("SELECT record, record_id, village_code, field, heads FROM conflict ORDER BY record_id, field")
    return [
        ConflictRow(record, id, village, field, choices(states.unpack_heads(heads)))
        for record, id, village, field, heads in rows
    ]


def quarantine(store: Store) -> list[QuarantineRow]:
    """What came from outside and could not be taken in."""
    rows = store.rows(
        "SELECT village_code, record, record_id, reason, received_at FROM quarantine ORDER BY received_at"
    )
    return [QuarantineRow(*row) for row in rows]


def _tree_row(row: tuple[Any, ...]) -> TreeRow:
    width = len(layout("tree").names) + 3
    sink = list(row[width + 9 :])
    sink[8] = tuple(filter(None, sink[8].split(",")))
    return TreeRow(*(to_record(Tree, row[:width]), *row[width : width + 9], Sink(*sink)))


_TREES_SQL = (
    f"SELECT t.id, t.village_code, t.version, {', '.join('t.' + name for name in layout('tree').names)}, c.dbh_cm, "
    "c.height_m, c.measured_on, c.measured_by, c.lat, c.lon, c.accuracy_m, c.photos, c.stems, "
    "c.equation_id, c.status, c.agb_kg, c.bgb_kg, c.carbon_kg, c.co2e_kg, c.co2e_low_kg, c.co2e_high_kg, "
    "c.flags, c.method_version, c.error FROM tree t CROSS JOIN tree_current c ON c.tree_id = t.id"
)
_HOUSEHOLDS_SQL = f"""
SELECT h.id, h.village_code, coalesce(h.device_tag, ''), coalesce(h.number, 0), coalesce(h.head_name, ''),
  coalesce(h.group_name, ''), coalesce(h.state, 'draft'), coalesce(c.parcels, 0), coalesce(c.area_mu, 0.0),
  coalesce(c.trees, 0), coalesce(c.counted, 0), coalesce(s.measured, c.measured, 0),
  coalesce(s.estimated, c.estimated, 0),
  coalesce(c.tree_photos + c.other_photos, 0), coalesce(s.co2e_mg, c.co2e_mg, 0) / 1e6, coalesce(f.red, 0),
  coalesce(f.amber, 0), max(coalesce(f.grey, 0), 0),
  coalesce(c.waiting, 0), (SELECT count(*) FROM conflict k WHERE k.record_id = h.id)
FROM household h LEFT JOIN household_current c ON c.household_id = h.id
  LEFT JOIN {stale_sums.SUMS} s ON s.household_id = h.id
  LEFT JOIN finding_count f ON f.household_id = h.id
WHERE h.village_code = ? AND coalesce(h.removed, 0) = 0 ORDER BY h.device_tag, h.number, h.id
"""
_PHOTOS_SQL = """
SELECT p.id, l.id, p.sha256, p.thumbnail_sha256, p.working_sha256, coalesce(p.media_type, ''),
  coalesce(p.size_bytes, 0), p.width, p.height, coalesce(p.taken_at_local, ''), p.lat, p.lon, p.accuracy_m,
  EXISTS (SELECT 1 FROM transfer t WHERE t.sha256 IN (p.thumbnail_sha256, p.working_sha256) AND t.direction = 'up'
    AND t.state <> 'confirmed')
FROM photo_link l JOIN photo p ON p.id = l.photo_id
WHERE l.subject_id = ? AND coalesce(l.removed, 0) = 0 ORDER BY p.hlc, p.id
"""
