"""What the two laptops changed afterwards: slips mended, trees put in the bin, work marked ready, and disagreement."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field

from fieldapp.domain.current import short
from fieldapp.domain.ids import RecordId
from fieldapp.domain.ops import Value
from fieldapp.domain.records import Event, Household, Measurement, Parcel, Record, Tree
from fieldapp.domain.stems import diameter_of_girth
from fieldapp.practice.stand import TreePlan
from fieldapp.practice.village import FIRST_MORNING, LAPTOPS, SURVEYORS, HouseholdPlan, Ids, PracticeVillage

_DAYS_LATER = 7
_MEND_SHARE = 2  # every second girth is noticed the week after
_GIRTH_LIKE_CM = 14.0
_THICKEST_CM = 40.0


@dataclass(frozen=True, slots=True)
class Correction:
    """Changes of one record (None: only new facts) and the facts that go with them."""

    laptop: int
    at_ms: int
    record: type[Household] | type[Parcel] | type[Tree]
    record_id: RecordId
    changes: dict[str, Value] = field(default_factory=dict)
    facts: tuple[Record, ...] = ()


def plan_corrections(plan: PracticeVillage, salt: bytes = b"") -> list[Correction]:
    """Everything that was changed the week after, in the order of the clock."""
    ids = Ids(plan.seed, salt + b"corrections")
    corrections: list[Correction] = []
    for laptop in LAPTOPS:
        at_ms = int((FIRST_MORNING + dt.timedelta(days=_DAYS_LATER)).timestamp() * 1000) + laptop * 61_000
        for number, made in enumerate(_of_laptop(plan, laptop, ids, at_ms)):
            corrections.append(Correction(laptop, at_ms + number * 90_000, *made))
    return sorted(corrections, key=lambda correction: correction.at_ms)


def contested(plan: PracticeVillage) -> list[tuple[type[Household] | type[Parcel] | type[Tree], RecordId]]:
    """The records that both laptops change without having seen each other's value."""
    mine = [household for household in plan.households if household.laptop == LAPTOPS[0]]
    records: list[tuple[type[Household] | type[Parcel] | type[Tree], RecordId]] = []
    if len(mine) > 1:
        records.append((Household, mine[1].household.id))
    parcels = [record.id for household in mine for record in household.records if isinstance(record, Parcel)]
    records += [(Parcel, parcel_id) for parcel_id in parcels[2:3]]
    trees = [tree.tree.id for household in mine for tree in household.trees]
    return records + [(Tree, tree_id) for tree_id in trees[10:11]]


_Made = tuple[type[Household] | type[Parcel] | type[Tree], RecordId, dict[str, Value], tuple[Record, ...]]


def _of_laptop(plan: PracticeVillage, laptop: int, ids: Ids, at_ms: int) -> Iterator[_Made]:
    for record, record_id in contested(plan):
        yield record, record_id, _contested_value(record, laptop), ()
    for tree in _measured_trees(plan)[20:21]:
        yield Tree, tree.tree.id, {}, (_measured_apart(tree, laptop, ids, at_ms),)
    for order, household in enumerate(h for h in plan.households if h.laptop == laptop):
        yield from _of_household(household, order, ids, at_ms, SURVEYORS[laptop])


def _contested_value(record: type[Record], laptop: int) -> dict[str, Value]:
    """Money, land and a tag: each laptop heard something else."""
    if record is Household:
        return {"bank_account": f"99999900000009000{laptop}{9 - laptop}"}
    if record is Parcel:
        return {"area_mu": 1.2 if laptop == LAPTOPS[0] else 1.25}
    return {"tag": f"LX9000{laptop}"}


def _measured_trees(plan: PracticeVillage) -> list[TreePlan]:
    trees = [tree for household in plan.households if household.laptop == LAPTOPS[0] for tree in household.trees]
    return [tree for tree in trees if any(_dbh(fact) is not None for fact in tree.facts)]


def _measured_apart(tree: TreePlan, laptop: int, ids: Ids, at_ms: int) -> Measurement:
    """Both went back to the tree, neither knew of the other, and the tape did not say the same."""
    known = [fact for fact in tree.facts if isinstance(fact, Measurement)]
    dbh_cm = next(dbh for fact in known if (dbh := fact.dbh_cm) is not None)
    return Measurement(
        id=ids.new(at_ms),
        village_code=tree.tree.village_code,
        tree_id=tree.tree.id,
        dbh_cm=round(dbh_cm + (0.4 if laptop == LAPTOPS[0] else 0.9), 1),
        measured_on=dt.datetime.fromtimestamp(at_ms / 1000, dt.UTC).date().isoformat(),
        measured_by=SURVEYORS[laptop],
        tool="围尺",
        seen=" ".join(short(fact.id) for fact in known),
    )


def _of_household(household: HouseholdPlan, order: int, ids: Ids, at_ms: int, surveyor: str) -> Iterator[_Made]:
    home = household.household
    if home.phone is None:
        yield Household, home.id, {"phone": "10000000000", "remarks": "电话：邻居代接（练习）"}, ()
    if order % 9 == 2:
        reason = "练习：第 2 块地缺权属证明照片，请补拍"
        yield Household, home.id, {"state": "returned", "state_reason": reason}, ()
    girths = [tree for tree in household.trees if _looks_like_girth(tree)]
    for tree in girths[::_MEND_SHARE]:
        yield Tree, tree.tree.id, {"remarks": "胸围误记为胸径，已改"}, _remeasured(tree, ids, at_ms, surveyor)
    if household.trees and order % 2 == 0:
        double = household.trees[len(household.trees) // 2]
        yield Tree, double.tree.id, {"removed": 1, "remarks": "重复登记"}, ()
    replaced = next((tree for tree in household.trees[:-1] if tree.tree.state == "replaced"), None)
    if replaced is not None:
        # a replanted tree has its own code and names the one that it stands for
        yield Tree, household.trees[-1].tree.id, {"replaces_id": replaced.tree.id, "remarks": "补种的树"}, ()


def _looks_like_girth(tree: TreePlan) -> bool:
    return any(_GIRTH_LIKE_CM < (_dbh(fact) or 0) < _THICKEST_CM for fact in tree.facts)


def _dbh(fact: Record) -> float | None:
    return fact.dbh_cm if isinstance(fact, Measurement) else None


def _remeasured(tree: TreePlan, ids: Ids, at_ms: int, surveyor: str) -> tuple[Record, ...]:
    """The second measurement stands beside the first, which is never changed, with the reason."""
    girth = next(dbh for fact in tree.facts if (dbh := _dbh(fact)) is not None)
    day = dt.datetime.fromtimestamp(at_ms / 1000, dt.UTC).date().isoformat()
    measured = Measurement(
        id=ids.new(at_ms),
        village_code=tree.tree.village_code,
        tree_id=tree.tree.id,
        dbh_cm=diameter_of_girth(girth),
        stems=f"C{girth:g}",
        measured_on=day,
        measured_by=surveyor,
        tool="围尺",
    )
    event = Event(
        id=ids.new(at_ms),
        village_code=tree.tree.village_code,
        subject="tree",
        subject_id=tree.tree.id,
        kind="correction",
        happened_on=day,
        code="dbh_girth",
        reason="胸围误记为胸径",
    )
    return measured, event
