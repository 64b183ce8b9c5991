"""The trees of one parcel with what was measured on them, the usual slips included."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass, field, replace
from random import Random
from typing import Protocol

from fieldapp.domain.ids import RecordId
from fieldapp.domain.records import Event, Measurement, Parcel, Position, Record, Tree
from fieldapp.domain.stems import equivalent_diameter
from fieldapp.practice import land

SECONDS_A_TREE = 9  # a team of four tags 1,100 to 1,700 trees a day
SURVEY_YEAR = 2025
_STATES = ("alive", "dead", "lost", "felled", "replaced")
_STATE_WEIGHTS = (9720, 130, 70, 30, 50)
_GIRTH_SHARE, _THICK_SHARE, _POINT_SHARE = 0.012, 0.01, 0.002
_OTHER_SPECIES_SHARE = 0.015
_TWIN_SHARE = 0.004  # forks below breast height
_POSITION_SHARE = 0.85
_HEIGHT_SHARE = 0.16  # one tree in six: a pole or clinometer takes time


class IdSource(Protocol):
    """Whatever makes ids for a time."""

    def new(self, at_ms: int) -> RecordId:
        """The next id."""
        ...


@dataclass(slots=True)
class TreePlan:
    """One tree and its facts, recorded at `at_ms`."""

    at_ms: int
    tree: Tree
    facts: list[Record] = field(default_factory=list)


class Stand:
    """One parcel's stand, from which trees are drawn."""

    def __init__(self, chance: Random, ids: IdSource, parcel: Parcel, plot: land.Plot, surveyor: str) -> None:
        self._chance = chance
        self._ids = ids
        self._parcel = parcel
        self._plot = plot
        self._surveyor = surveyor

    def trees(self, count: int, tags_used: int, start_ms: int) -> list[TreePlan]:
        """This many trees in the order of tagging; tags count on from `tags_used`."""
        return [
            self._tree(index, count, tags_used + index + 1, start_ms + index * SECONDS_A_TREE * 1000)
            for index in range(count)
        ]

    def _tree(self, index: int, count: int, serial: int, at_ms: int) -> TreePlan:
        chance = self._chance
        other = chance.random() < _OTHER_SPECIES_SHARE
        name = land.species(chance) if other else self._parcel.species or land.SPECIES[0]
        state = chance.choices(_STATES, _STATE_WEIGHTS)[0]
        tag = serial - 1 if chance.random() < 0.0006 and index > 0 else serial  # a tag written twice
        tree = Tree(
            id=self._ids.new(at_ms),
            village_code=self._parcel.village_code,
            parcel_id=self._parcel.id,
            tag=f"LX{tag:05d}",
            species=name if name != self._parcel.species else None,
            state=state,
            remarks="双杆" if (forks := chance.random() < _TWIN_SHARE) else None,
        )
        plan = TreePlan(at_ms, tree)
        if state not in ("lost", "felled"):
            measured = self._measurement(tree, name, at_ms)
            plan.facts.append(_with_second_stem(measured) if forks else measured)
        if chance.random() < _POSITION_SHARE:
            plan.facts.append(self._position(tree, land.tree_place(chance, index, count), at_ms))
        if state != "alive":
            plan.facts.append(self._event(tree, state, at_ms))
        return plan

    def _measurement(self, tree: Tree, name: str, at_ms: int) -> Measurement:
        chance = self._chance
        dbh = land.dbh_cm(chance, name, SURVEY_YEAR - (self._parcel.planting_year or SURVEY_YEAR - 10))
        height = land.height_m(chance, name, dbh) if chance.random() < _HEIGHT_SHARE else None
        slip = chance.random()
        if slip < _GIRTH_SHARE:
            dbh = round(dbh * math.pi, 1)  # the tape was read as girth
        elif slip < _GIRTH_SHARE + _THICK_SHARE:
            dbh = round(dbh * chance.uniform(2.2, 4.2), 1)  # an old tree left standing: beyond most equations
        elif slip < _GIRTH_SHARE + _THICK_SHARE + _POINT_SHARE:
            dbh = round(dbh * 10, 1)  # the point was forgotten
        return Measurement(
            id=self._ids.new(at_ms),
            village_code=tree.village_code,
            tree_id=tree.id,
            dbh_cm=dbh,
            height_m=height,
            measured_on=_day(at_ms),
            measured_by=self._surveyor,
            tool="围尺" if height is None else "围尺、测高杆",
        )

    def _position(self, tree: Tree, place: tuple[float, float], at_ms: int) -> Position:
        chance = self._chance
        lat, lon = self._plot.point(*place)
        if chance.random() < 0.001:
            lat = round(lat + 1.0, 7)  # one degree mistyped: another county
        averaged = chance.random() < 0.3
        return Position(
            id=self._ids.new(at_ms),
            village_code=tree.village_code,
            subject="tree",
            subject_id=tree.id,
            lat=lat,
            lon=lon,
            alt_m=round(self._plot.alt_m + chance.uniform(-6, 6), 1),
            source="nmea" if averaged else "receiver",
            datum="CGCS2000",
            fixes=chance.randrange(20, 90) if averaged else 1,
            spread_m=round(chance.uniform(0.6, 3.5), 1) if averaged else None,
            hdop=round(chance.uniform(0.7, 2.4), 1),
            accuracy_m=round(chance.uniform(1.5, 8.0), 1),
            taken_at=at_ms,
        )

    def _event(self, tree: Tree, state: str, at_ms: int) -> Event:
        kinds = {"felled": "felling", "replaced": "replanting"}
        return Event(
            id=self._ids.new(at_ms),
            village_code=tree.village_code,
            subject="tree",
            subject_id=tree.id,
            kind=kinds.get(state, "loss"),
            happened_on=_day(at_ms),
            reason=self._chance.choice(("凝冻压断", "山体滑坡", "虫害", "枯死")) if kinds.get(state) is None else None,
        )


def _day(at_ms: int) -> str:
    return dt.datetime.fromtimestamp(at_ms / 1000, dt.UTC).date().isoformat()


def _with_second_stem(measured: Measurement) -> Measurement:
    """The same tree forking below breast height: both stems as they were measured."""
    thick = measured.dbh_cm or 0.0
    thin = round(0.8 * thick, 1)
    return replace(measured, dbh_cm=equivalent_diameter((thick, thin)), stems=f"{thick:g}+{thin:g}")
