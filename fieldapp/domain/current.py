"""What is true of a subject now, from the facts that were recorded about it one after the other."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields

from fieldapp.domain.ids import RecordId

QUANTITIES = ("dbh_cm", "height_m")
COUNTED_STATES = (None, "", "alive")


@dataclass(frozen=True, slots=True)
class MeasurementFact:
    """One measurement with the stamp of its operation, which alone orders facts."""

    hlc: int
    id: RecordId
    dbh_cm: float | None
    height_m: float | None
    measured_on: str | None = None
    measured_by: str | None = None
    cleared: str | None = None
    stems: str | None = None


FACT_FIELDS = tuple(field.name for field in fields(MeasurementFact))[2:]


@dataclass(frozen=True, slots=True)
class Measured:
    """The values in force, each with the fact that it comes from; day and person are those of the latest fact."""

    dbh_cm: float | None = None
    dbh_id: RecordId | None = None
    height_m: float | None = None
    height_id: RecordId | None = None
    measured_on: str | None = None
    measured_by: str | None = None
    stems: str | None = None


NOTHING_MEASURED = Measured()


def current_measurement(facts: Iterable[MeasurementFact]) -> Measured:
    """A later fact supersedes an earlier one quantity by quantity; `cleared` takes quantities back."""
    dbh = height = dbh_id = height_id = day = person = stems = None
    for fact in sorted(facts, key=lambda fact: (fact.hlc, fact.id)):
        cleared = fact.cleared.split(",") if fact.cleared else ()
        if "dbh_cm" in cleared:
            dbh = dbh_id = stems = None
        if "height_m" in cleared:
            height = height_id = None
        if fact.dbh_cm is not None:
            dbh, dbh_id, stems = fact.dbh_cm, fact.id, fact.stems
        if fact.height_m is not None:
            height, height_id = fact.height_m, fact.id
        day, person = fact.measured_on, fact.measured_by
    return Measured(dbh, dbh_id, height, height_id, day, person, stems)


def counts(tree_removed: int | None, tree_state: str | None, parcel_removed: int | None) -> bool:
    """Whether a tree counts in totals: not in the bin, nor its parcel, and alive as far as is known."""
    return not tree_removed and not parcel_removed and tree_state in COUNTED_STATES
