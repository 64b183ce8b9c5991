"""What is true of a tree now, from the measurements that were recorded about it one after the other.

A measurement names those that its author knew of. Two that did not know of each other and say different values of one
quantity are a dispute: the later one shows, and a person decides. Those of different years are two visits, and none.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from operator import itemgetter

from fieldapp.domain.ids import RecordId

QUANTITIES = ("dbh_cm", "height_m")
_SHORT_DIGITS = 12
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
    seen: str | None = None

    def value(self, quantity: str) -> float | str | None:
        """What it says of a quantity as it was measured: girth or stems before the diameter that follows."""
        return (self.stems if quantity == "dbh_cm" else None) or getattr(self, quantity)

    def speaks_of(self, quantity: str) -> bool:
        """Whether it gives the quantity or takes it back."""
        return getattr(self, quantity) is not None or quantity in (self.cleared or "").split(",")


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
    for fact in _in_order(facts):
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


def short(id: RecordId) -> str:
    """The random end of an id: enough to tell a measurement from the others of its tree, and little to store."""
    return id.hex()[-_SHORT_DIGITS:]


def tips(facts: Iterable[tuple[int, RecordId, str | None]]) -> str:
    """What a new measurement names as seen: of (stamp, id, seen) those that none of the others has seen already."""
    named: set[str] = set()
    ids: list[str] = []
    for _hlc, id, seen in sorted(facts, key=itemgetter(0, 1)):
        named.update(ids if seen is None else _names(seen))
        ids.append(short(id))
    return " ".join(sorted(set(ids) - named))


def disputed(facts: Iterable[MeasurementFact]) -> dict[str, tuple[MeasurementFact, ...]]:
    """The quantities that people measured differently without knowing of each other: what each says, in order."""
    ordered = _in_order(facts)
    if len(ordered) < 2:
        return {}
    known = _known(ordered)
    found = {}
    for quantity in QUANTITIES:
        speaking = [fact for fact in ordered if fact.speaks_of(quantity)]
        named = frozenset[str]().union(*(known[short(fact.id)] for fact in speaking))
        heads = [fact for fact in speaking if short(fact.id) not in named]
        heads = [fact for fact in heads if one_visit(fact.measured_on, heads[-1].measured_on)]
        if len({fact.value(quantity) for fact in heads}) > 1:
            found[quantity] = tuple(heads)
    return found


def known_to_each(facts: Iterable[MeasurementFact]) -> list[tuple[MeasurementFact, list[MeasurementFact]]]:
    """Each measurement with those that its author knew of."""
    ordered = _in_order(facts)
    known = _known(ordered)
    return [(fact, [one for one in ordered if short(one.id) in known[short(fact.id)]]) for fact in ordered]


def _names(seen: str) -> list[str]:
    """The short ids in a text; whole ones are understood too."""
    return [id[-_SHORT_DIGITS:] for id in seen.split()]


def _in_order(facts: Iterable[MeasurementFact]) -> list[MeasurementFact]:
    return sorted(facts, key=lambda fact: (fact.hlc, fact.id))


def _known(ordered: Sequence[MeasurementFact]) -> dict[str, frozenset[str]]:
    """Of each fact those that its author knew of: the named ones and what their authors knew of; ids as `seen` has."""
    known: dict[str, frozenset[str]] = {}
    for fact in ordered:
        named = frozenset(known if fact.seen is None else _names(fact.seen))
        known[short(fact.id)] = named.union(*(known.get(id, frozenset()) for id in named)) - {short(fact.id)}
    return known


def one_visit(day: str | None, last: str | None) -> bool:
    """Whether two measurements are about the same year's tree; a missing day says nothing against it."""
    return not day or not last or day[:4] == last[:4]


def counts(tree_removed: int | None, tree_state: str | None, parcel_removed: int | None) -> bool:
    """Whether a tree counts in totals: not in the bin, nor its parcel, and alive as far as is known."""
    return not tree_removed and not parcel_removed and tree_state in COUNTED_STATES
