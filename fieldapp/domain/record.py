"""What every record has, and the values that choices are made from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from fieldapp.domain.ids import RecordId

HOUSEHOLD_CATEGORIES = (
    "registered_poor",
    "lifted_out",
    "unstable",
    "marginal",
    "sudden_hardship",
    "forest_household",
)
TENURE_KINDS = (
    "forest_right",
    "real_estate",
    "self_kept_hill",
    "contract_management",
    "grain_for_green",
    "village_statement",
)
RECORD_STATES = ("draft", "ready", "returned", "not_eligible")
TREE_STATES = ("alive", "dead", "lost", "felled", "replaced")
ORIGINS = ("planted", "natural", "grain_for_green")
POSITION_SOURCES = ("typed", "exif", "nmea", "receiver", "map")
CONSENT_KINDS = ("recording", "sensitive", "sale", "withdrawn")
EVENT_KINDS = ("loss", "felling", "replanting", "correction", "over_quota_reason", "finding_reason")


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What every record has. `removed` is the bin: a removed record stays for ever and can come back."""

    record_name: ClassVar[str]
    editable: ClassVar[bool] = True

    id: RecordId
    village_code: str
    version: bytes = b""
