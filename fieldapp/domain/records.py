"""The records, declared once each. Tables, wire, forms, export headers and the data dictionary follow.

Editable records stand here and change field by field; facts (`facts.py`) are only ever added. Every record carries
the 12-digit code of its village: it is the unit of sync and the first part of every key on the server.
`version` is opaque to everyone but storage: it says which value of each field the person saw.
"""

from __future__ import annotations

from dataclasses import dataclass

from fieldapp.domain.facts import Consent, Event, Measurement, Photo, Position, ReviewRemark
from fieldapp.domain.fields import Merge, Sensitivity, date, flag, integer, real, ref, text
from fieldapp.domain.ids import RecordId
from fieldapp.domain.record import (
    CONSENT_KINDS,
    HOUSEHOLD_CATEGORIES,
    ORIGINS,
    RECORD_STATES,
    TENURE_KINDS,
    TREE_STATES,
    Record,
)

__all__ = [
    "BY_NAME",
    "CONSENT_KINDS",
    "RECORD_TYPES",
    "SCHEMA",
    "Consent",
    "Event",
    "Household",
    "Measurement",
    "Member",
    "Parcel",
    "Photo",
    "PhotoLink",
    "Position",
    "Record",
    "ReviewRemark",
    "Tenure",
    "Tree",
    "Village",
    "household_code",
    "tree_code",
]

SCHEMA = 5  # grows by one when a field or record is added; fields are never renamed or taken away


@dataclass(frozen=True, slots=True, kw_only=True)
class Village(Record):
    """An administrative village in which somebody works; its id is derived from its code."""

    record_name = "village"

    name: str | None = text()
    township: str | None = text()
    county: str | None = text()
    practice: int | None = flag()
    removed: int | None = flag()


@dataclass(frozen=True, slots=True, kw_only=True)
class Household(Record):
    """A household that takes part; `device_tag` and `number` make its code."""

    record_name = "household"

    device_tag: str | None = text()
    number: int | None = integer()
    head_name: str | None = text(sensitivity=Sensitivity.PERSONAL, merge=Merge.CONFLICT)
    group_name: str | None = text()
    category: str | None = text(choices=HOUSEHOLD_CATEGORIES, merge=Merge.CONFLICT)
    phone: str | None = text(sensitivity=Sensitivity.PERSONAL)
    id_number: str | None = text(sensitivity=Sensitivity.SENSITIVE, merge=Merge.CONFLICT)
    ethnic_group: str | None = text(sensitivity=Sensitivity.PERSONAL)
    bank_name: str | None = text(merge=Merge.CONFLICT)
    bank_account: str | None = text(sensitivity=Sensitivity.SENSITIVE, merge=Merge.CONFLICT)
    account_holder: str | None = text(sensitivity=Sensitivity.PERSONAL, merge=Merge.CONFLICT)
    quota_reason: str | None = text()
    state: str | None = text(choices=RECORD_STATES, merge=Merge.CONFLICT)
    state_reason: str | None = text()
    remarks: str | None = text()
    removed: int | None = flag(merge=Merge.CONFLICT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Member(Record):
    """Somebody of a household besides its head."""

    record_name = "member"

    household_id: RecordId | None = ref("household")
    name: str | None = text(sensitivity=Sensitivity.PERSONAL)
    relation: str | None = text(sensitivity=Sensitivity.PERSONAL)
    id_number: str | None = text(sensitivity=Sensitivity.SENSITIVE, merge=Merge.CONFLICT)
    phone: str | None = text(sensitivity=Sensitivity.PERSONAL)
    removed: int | None = flag()


@dataclass(frozen=True, slots=True, kw_only=True)
class Tenure(Record):
    """A paper that shows whose land or trees these are."""

    record_name = "tenure"

    household_id: RecordId | None = ref("household")
    kind: str | None = text(choices=TENURE_KINDS, merge=Merge.CONFLICT)
    number: str | None = text(merge=Merge.CONFLICT)
    holder: str | None = text(sensitivity=Sensitivity.PERSONAL, merge=Merge.CONFLICT)
    area_mu: float | None = real(unit="mu", decimals=2, minimum=0, maximum=10_000)
    issued_on: str | None = date()
    removed: int | None = flag()
    unread: str | None = text(sensitivity=Sensitivity.PERSONAL)  # what has no meaning for its field: `unread.py`


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel(Record):
    """A piece of one household's land; its trees inherit species and planting year from it."""

    record_name = "parcel"

    household_id: RecordId | None = ref("household")
    place_name: str | None = text()
    area_mu: float | None = real(unit="mu", decimals=2, minimum=0.01, maximum=1_000, merge=Merge.CONFLICT)
    origin: str | None = text(choices=ORIGINS, merge=Merge.CONFLICT)
    planting_year: int | None = integer(minimum=1900, maximum=2100)
    species: str | None = text()
    tenure_id: RecordId | None = ref("tenure")
    boundary_wkt: str | None = text()
    equation_id: str | None = text(merge=Merge.CONFLICT)
    equation_reason: str | None = text()
    other_scheme: str | None = text()
    remarks: str | None = text()
    removed: int | None = flag(merge=Merge.CONFLICT)
    height_curve: str | None = text(merge=Merge.CONFLICT)  # JSON, made and read by carbon/kept_curve.py
    unread: str | None = text(sensitivity=Sensitivity.PERSONAL)  # what has no meaning for its field: `unread.py`


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree(Record):
    """One tree. Empty species and planting year mean: as the parcel's. `number` counts per laptop and village."""

    record_name = "tree"

    parcel_id: RecordId | None = ref("parcel", merge=Merge.CONFLICT)
    device_tag: str | None = text()
    number: int | None = integer()
    tag: str | None = text(indexed=True, merge=Merge.CONFLICT)
    species: str | None = text(merge=Merge.CONFLICT)
    planting_year: int | None = integer(minimum=1900, maximum=2100)
    state: str | None = text(choices=TREE_STATES, merge=Merge.CONFLICT)
    replaces_id: RecordId | None = ref("tree")
    remarks: str | None = text()
    removed: int | None = flag(merge=Merge.CONFLICT)
    unread: str | None = text(sensitivity=Sensitivity.PERSONAL)  # what has no meaning for its field: `unread.py`


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoLink(Record):
    """What a photo shows. Moving a photo changes its link, never the file."""

    record_name = "photo_link"

    photo_id: RecordId | None = ref("photo")
    subject: str | None = text(choices=("tree", "parcel", "household"))
    subject_id: RecordId | None = ref("", merge=Merge.CONFLICT)
    removed: int | None = flag()


RECORD_TYPES: tuple[type[Record], ...] = (
    Village,
    Household,
    Member,
    Tenure,
    Parcel,
    Tree,
    Measurement,
    Position,
    Photo,
    PhotoLink,
    Consent,
    Event,
    ReviewRemark,
)
BY_NAME: dict[str, type[Record]] = {r.record_name: r for r in RECORD_TYPES}


def household_code(household: Household) -> str:
    """Human code such as `522633100201-A7K2-H0012`; never used again, never holds an ID number."""
    return f"{household.village_code}-{household.device_tag or '----'}-H{household.number or 0:04d}"


def tree_code(tree: Tree, household: Household) -> str:
    """Human code such as `522633100201-A7K2-H0012-T0345`; the laptop is the one that recorded the tree."""
    return f"{tree.village_code}-{tree.device_tag or '----'}-H{household.number or 0:04d}-T{tree.number or 0:04d}"
