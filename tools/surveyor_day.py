"""One household as a surveyor records it in a morning: used by the headless day and by the journeys."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fieldapp.domain.ids import RecordId, new_id
from fieldapp.domain.records import Household, Measurement, Parcel, Tree, Village
from fieldapp.storage.store import Store


@dataclass(frozen=True, slots=True)
class Recorded:
    """What a morning left behind."""

    household: Household
    parcel: Parcel
    trees: tuple[Tree, ...]


def record_household(
    store: Store, village: Village, *, head_name: str, first_tag: int, dbh_cm: Sequence[float], day: str
) -> Recorded:
    """Records a household, a parcel of Chinese fir and its trees, each in a save of its own, as typing does."""
    household = _add_household(store, village, head_name)
    parcel = _add_parcel(store, household)
    trees = tuple(
        _add_tree(store, parcel, tag=f"{first_tag + index:04d}", dbh_cm=value, day=day)
        for index, value in enumerate(dbh_cm)
    )
    return Recorded(household, parcel, trees)


def measure(store: Store, tree: Tree, *, day: str, dbh_cm: float | None = None, height_m: float | None = None) -> None:
    """One more measurement of a tree; the former ones stay."""
    with store.unit() as unit:
        unit.add(_measurement(store, tree, day, dbh_cm, height_m))
        unit.commit()


def _add_household(store: Store, village: Village, head_name: str) -> Household:
    with store.unit() as unit:
        number = unit.next_number(Household, village.village_code)
        household = unit.add(
            Household(
                id=new_id(),
                village_code=village.village_code,
                device_tag=store.tag,
                number=number,
                head_name=head_name,
                category="lifted_out",
                group_name="一组",
                state="draft",
            )
        )
        unit.commit()
    return household


def _add_parcel(store: Store, household: Household) -> Parcel:
    with store.unit() as unit:
        parcel = unit.add(
            Parcel(
                id=new_id(),
                village_code=household.village_code,
                household_id=household.id,
                place_name="坡脚",
                area_mu=1.6,
                origin="planted",
                planting_year=2014,
                species=_FIR,
            )
        )
        unit.commit()
    return parcel


def _add_tree(store: Store, parcel: Parcel, *, tag: str, dbh_cm: float, day: str) -> Tree:
    with store.unit() as unit:
        tree = unit.add(
            Tree(
                id=new_id(),
                village_code=parcel.village_code,
                parcel_id=parcel.id,
                device_tag=store.tag,
                number=unit.next_number(Tree, parcel.village_code),
                tag=tag,
                state="alive",
            )
        )
        unit.commit()
    measure(store, tree, day=day, dbh_cm=dbh_cm)
    return tree


def _measurement(store: Store, tree: Tree, day: str, dbh_cm: float | None, height_m: float | None) -> Measurement:
    return Measurement(
        id=RecordId(new_id()),
        village_code=tree.village_code,
        tree_id=tree.id,
        dbh_cm=dbh_cm,
        height_m=height_m,
        measured_on=day,
        measured_by=store.person,
        tool="diameter_tape",
    )


_FIR = "cunninghamia_lanceolata"
