"""What another methodology would change in this profile: computed for every draft, stored nowhere."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from fieldapp.domain.ids import RecordId
from fieldapp.domain.records import Household, household_code
from fieldapp.domain.sinks import Estimator, Sink, SinkInput
from fieldapp.storage import stale_sums
from fieldapp.storage.methodology import DRAFT_STATES, Progress, never, silent
from fieldapp.storage.store import Store

MOST_TREES = 20  # of the biggest changes: what a person reads
_SAME_KG = 1e-9


@dataclass(frozen=True, slots=True)
class TreeChange:
    """One tree before and after, kg CO2e; None with the finding that says why there is no number."""

    household: str
    tag: str
    old_kg: float | None
    new_kg: float | None
    old_equation: str
    new_equation: str
    error: str

    @property
    def change_kg(self) -> float:
        """New minus old, no number counted as nothing."""
        return (self.new_kg or 0.0) - (self.old_kg or 0.0)


@dataclass(frozen=True, slots=True)
class HouseholdChange:
    """A draft before and after: only trees that count."""

    id: RecordId
    code: str
    trees: int
    changed: int
    old_kg: float
    new_kg: float


@dataclass(slots=True)
class Change:
    """Everything that an adoption would do; `kept` households were handed in and stay as they are."""

    households: list[HouseholdChange] = field(default_factory=list)
    biggest: list[TreeChange] = field(default_factory=list)
    kept: int = 0
    kept_kg: float = 0.0

    @property
    def trees(self) -> int:
        """Trees of the drafts."""
        return sum(one.trees for one in self.households)

    @property
    def changed(self) -> int:
        """How many of them get another number."""
        return sum(one.changed for one in self.households)

    @property
    def old_kg(self) -> float:
        """The drafts' sum today."""
        return sum(one.old_kg for one in self.households)

    @property
    def new_kg(self) -> float:
        """The drafts' sum after an adoption."""
        return sum(one.new_kg for one in self.households)

    def as_dict(self) -> dict[str, Any]:
        """As in the JSON of `fieldapp methodology load`."""
        return {
            "trees": self.trees,
            "changed": self.changed,
            "old_kg": self.old_kg,
            "new_kg": self.new_kg,
            "kept_households": self.kept,
            "kept_kg": self.kept_kg,
            "households": [
                {"code": h.code, "trees": h.trees, "changed": h.changed, "old_kg": h.old_kg, "new_kg": h.new_kg}
                for h in self.households
            ],
            "biggest": [
                {
                    "household": t.household,
                    "tag": t.tag,
                    "old_kg": t.old_kg,
                    "new_kg": t.new_kg,
                    "old_equation": t.old_equation,
                    "new_equation": t.new_equation,
                    "error": t.error,
                }
                for t in self.biggest
            ],
        }


def change(store: Store, new: Estimator, progress: Progress = silent, cancelled: Callable[[], bool] = never) -> Change:
    """What `new` would make of the drafts; half of it when it is cancelled."""
    found = Change()
    known: dict[SinkInput, Sink] = {}
    everyone = store.find(Household, "WHERE coalesce(removed, 0) = 0 ORDER BY village_code, device_tag, number, id")
    biggest: list[TreeChange] = []
    for done, household in enumerate(everyone):
        if cancelled():
            break
        progress(done, len(everyone))
        if (household.state or "") in DRAFT_STATES:
            trees = list(_trees(store, household, new, known))
            found.households.append(_household(household, trees))
            biggest = heapq.nlargest(MOST_TREES, [*biggest, *filter(_differs, trees)], key=lambda t: abs(t.change_kg))
        else:
            found.kept += 1
            found.kept_kg += _kept_kg(store, household.id)
    progress(len(everyone), len(everyone))
    found.biggest = biggest
    return found


def _trees(store: Store, household: Household, new: Estimator, known: dict[SinkInput, Sink]) -> Iterator[TreeChange]:
    code = household_code(household)
    for tag, species, dbh_cm, height_m, asked_for, curve, stems, old_kg, old_equation in store.rows(
        _TREES_SQL, (household.id,)
    ):
        asked = SinkInput(species or "", dbh_cm, height_m, None, asked_for or None, curve or None, stems)
        sink = known.get(asked)
        if sink is None:
            sink = known[asked] = new.estimate(asked)
        yield TreeChange(code, tag, old_kg, sink.co2e_kg, old_equation, sink.equation_id, sink.error)


def _household(household: Household, trees: list[TreeChange]) -> HouseholdChange:
    return HouseholdChange(
        id=household.id,
        code=household_code(household),
        trees=len(trees),
        changed=sum(map(_differs, trees)),
        old_kg=sum(tree.old_kg or 0.0 for tree in trees),
        new_kg=sum(tree.new_kg or 0.0 for tree in trees),
    )


def _differs(tree: TreeChange) -> bool:
    return (tree.old_kg is None) != (tree.new_kg is None) or abs(tree.change_kg) > _SAME_KG


def _kept_kg(store: Store, household_id: RecordId) -> float:
    rows = store.rows(_KEPT_SQL, (household_id,))
    return float(rows[0][0]) if rows else 0.0


_KEPT_SQL = (
    f"SELECT coalesce(s.co2e_mg, c.co2e_mg) / 1e6 FROM household_current c LEFT JOIN {stale_sums.SUMS} s "
    "ON s.household_id = c.household_id WHERE c.household_id = ?"
)
_TREES_SQL = (
    "SELECT coalesce(t.tag, ''), coalesce(nullif(t.species, ''), p.species), c.dbh_cm, c.height_m, p.equation_id, "
    "p.height_curve, c.stems, "
    "c.co2e_kg, c.equation_id FROM parcel p JOIN tree t ON t.parcel_id = p.id JOIN tree_current c ON c.tree_id = t.id "
    "WHERE p.household_id = ? AND c.counted = 1 ORDER BY t.hlc, t.id"
)
