"""The records that are only ever added: what was measured, seen, agreed to, said. A later one supersedes an earlier."""

from __future__ import annotations

from dataclasses import dataclass

from fieldapp.domain.fields import Merge, Sensitivity, date, digest, flag, instant, integer, real, ref, text
from fieldapp.domain.ids import RecordId
from fieldapp.domain.record import CONSENT_KINDS, EVENT_KINDS, POSITION_SOURCES, Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement(Record):
    """What was measured on a tree in one act. A later fact supersedes an earlier one quantity by quantity."""

    record_name = "measurement"
    editable = False

    tree_id: RecordId | None = ref("tree")
    dbh_cm: float | None = real(unit="cm", decimals=1, minimum=0.1, maximum=400, merge=Merge.CONFLICT)
    height_m: float | None = real(unit="m", decimals=1, minimum=1.3, maximum=80, merge=Merge.CONFLICT)
    measured_on: str | None = date()
    measured_by: str | None = text(sensitivity=Sensitivity.PERSONAL)
    tool: str | None = text()
    cleared: str | None = text()  # names of quantities that were taken back, comma separated
    # A girth or several stems as they were measured (`domain/stems.py`); `dbh_cm` is then the diameter that follows.
    stems: str | None = text()
    # The measurements of the tree that the person knew of, the last of each line (`domain/current.py: tips`): the last
    # 12 hexadecimal digits of their ids, blanks between them; empty for none. Without it (an older program) all.
    seen: str | None = text()


@dataclass(frozen=True, slots=True, kw_only=True)
class Position(Record):
    """Where a subject stands, CGCS2000/WGS 84 degrees, with what is known of its accuracy."""

    record_name = "position"
    editable = False

    subject: str | None = text(choices=("tree", "parcel", "household"))
    subject_id: RecordId | None = ref("")
    lat: float | None = real(unit="deg", decimals=7, minimum=-90, maximum=90)
    lon: float | None = real(unit="deg", decimals=7, minimum=-180, maximum=180)
    alt_m: float | None = real(unit="m", decimals=1)
    source: str | None = text(choices=POSITION_SOURCES)
    datum: str | None = text()
    fixes: int | None = integer(minimum=1)
    spread_m: float | None = real(unit="m", decimals=1)
    hdop: float | None = real(decimals=1)
    accuracy_m: float | None = real(unit="m", decimals=1)
    taken_at: int | None = instant()
    raw: str | None = text()


@dataclass(frozen=True, slots=True, kw_only=True)
class Photo(Record):
    """A photo file by the hash of its original bytes; nothing here is invented, empty means not in the file."""

    record_name = "photo"
    editable = False

    sha256: bytes | None = digest()
    thumbnail_sha256: bytes | None = digest()
    working_sha256: bytes | None = digest()
    media_type: str | None = text()
    size_bytes: int | None = integer(unit="B")
    width: int | None = integer(unit="px")
    height: int | None = integer(unit="px")
    orientation: int | None = integer()
    taken_at_local: str | None = text()  # ISO 8601 as in the file, with its zone only when the file has one
    lat: float | None = real(unit="deg", decimals=7)
    lon: float | None = real(unit="deg", decimals=7)
    alt_m: float | None = real(unit="m", decimals=1)
    accuracy_m: float | None = real(unit="m", decimals=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent(Record):
    """A person agreed to (or withdrew) something, on a day, to a version of a text."""

    record_name = "consent"
    editable = False

    household_id: RecordId | None = ref("household")
    kind: str | None = text(choices=CONSENT_KINDS)
    given_on: str | None = date()
    text_version: str | None = text()
    witness: str | None = text(sensitivity=Sensitivity.PERSONAL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Event(Record):
    """Something that happened to a tree, parcel or household, or the reason a person gave for an amber finding."""

    record_name = "event"
    editable = False

    subject: str | None = text(choices=("tree", "parcel", "household"))
    subject_id: RecordId | None = ref("")
    kind: str | None = text(choices=EVENT_KINDS)
    happened_on: str | None = date()
    code: str | None = text()
    reason: str | None = text()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewRemark(Record):
    """What a reviewer wants mended, pinned to a field."""

    record_name = "review_remark"
    editable = False

    subject: str | None = text()
    subject_id: RecordId | None = ref("")
    field_name: str | None = text()
    code: str | None = text()
    remark: str | None = text()
    answered: int | None = flag()
