"""Profiles for the storage tests: real folders, real SQLCipher, a small estimator."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from fieldapp.domain.ids import RecordId, new_id
from fieldapp.domain.records import Household, Measurement, Parcel, Tree
from fieldapp.domain.sinks import Sink, SinkInput
from fieldapp.storage import profile
from fieldapp.storage.store import Store

VILLAGE = "522633100201"


class PlainEstimator:
    """A sink that anybody can check by hand: 2 kg CO2 a centimetre of DBH, for known species."""

    method_version = "test-1"

    def estimate(self, tree: SinkInput) -> Sink:
        error = "dbh_missing" if tree.dbh_cm is None else "" if tree.species else "species_missing"
        if error:
            return Sink("", "none", None, None, None, None, None, None, (), self.method_version, error)
        co2e = 2.0 * (tree.dbh_cm or 0)
        equation = tree.equation_id or f"plain-{tree.species}"
        flags = ("extrapolated",) if co2e > 100 else ()
        return Sink(equation, "provisional", 1.0, 0.5, 0.75, co2e, co2e / 2, co2e * 1.5, flags, self.method_version)

    def shared_half_widths(self, species: str, equation_id: str, flags: tuple[str, ...]) -> dict[str, float]:
        return {f"equation {equation_id}": 0.3}


@dataclass
class Stand:
    """A household with a parcel and some measured trees."""

    household: Household
    parcel: Parcel
    trees: list[Tree]


def plant(store: Store, trees: int = 3, *, head_name: str = "杨进光", village: str = VILLAGE) -> Stand:
    """Records a household whose trees measure 6 cm each."""
    with store.unit() as unit:
        household = unit.add(
            Household(
                id=new_id(),
                village_code=village,
                device_tag=store.tag,
                number=unit.next_number(Household, village),
                head_name=head_name,
            )
        )
        parcel = unit.add(
            Parcel(id=new_id(), village_code=village, household_id=household.id, species="杉木", area_mu=1.5)
        )
        made = [plant_tree(unit, parcel, f"T{number:04d}") for number in range(1, trees + 1)]
        unit.commit()
    return Stand(household, parcel, made)


def plant_tree(unit: object, parcel: Parcel, tag: str, dbh_cm: float | None = 6.0) -> Tree:
    """Adds a tree and its measurement inside a unit of work."""
    tree = Tree(id=new_id(), village_code=parcel.village_code, parcel_id=parcel.id, tag=tag, state="alive")
    added: Tree = unit.add(tree)  # type: ignore[attr-defined]
    if dbh_cm is not None:
        unit.add(measured(added, dbh_cm))  # type: ignore[attr-defined]
    return added


def measured(tree: Tree, dbh_cm: float | None = None, height_m: float | None = None) -> Measurement:
    """A measurement of a tree, not added yet."""
    return Measurement(
        id=RecordId(new_id()), village_code=tree.village_code, tree_id=tree.id, dbh_cm=dbh_cm, height_m=height_m
    )


class Field:
    """What tests do in the field; one object, so that a test asks for one fixture."""

    village = VILLAGE
    estimator = PlainEstimator()
    plant = staticmethod(plant)
    plant_tree = staticmethod(plant_tree)
    measured = staticmethod(measured)


@pytest.fixture
def field() -> Field:
    """Everything that is done in the field."""
    return Field()


@pytest.fixture
def make_store(tmp_path: Path) -> Iterator[Callable[[str], Store]]:
    """Makes practice profiles by name, and closes them at the end."""
    made: list[Store] = []

    def make(name: str) -> Store:
        folder = tmp_path / name
        if not profile.is_profile(folder):
            profile.create(folder, person=name, pin=None, practice=True)
        made.append(profile.open_store(folder, pin=None, estimator=PlainEstimator()))
        return made[-1]

    yield make
    for store in made:
        store.close()


@pytest.fixture
def store(make_store: Callable[[str], Store]) -> Store:
    """One open practice profile."""
    return make_store("王")
