"""Which photos the practice village has: mostly trees with their tags, some houses and slopes, a few broken files."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from random import Random

from fieldapp.domain.ids import RecordId
from fieldapp.domain.records import Parcel, Position, Record
from fieldapp.media.drawing import Scene, draw
from fieldapp.practice.village import HouseholdPlan, PracticeVillage

_GUIZHOU = dt.timezone(dt.timedelta(hours=8))
_BROKEN = ("cut", "page", "empty", "tail")
_BROKEN_EVERY = 60
_ORIENTATIONS = (1, 1, 1, 1, 6, 6, 6, 8, 3, None)


@dataclass(frozen=True, slots=True)
class Picture:
    """One photo file to come: its name on the card, what it shows, and how it is broken ("" if it is not)."""

    name: str
    laptop: int
    subject: str
    subject_id: RecordId
    scene: Scene
    broken: str = ""

    def data(self) -> bytes:
        """The file's bytes."""
        whole = b"" if self.broken in ("empty", "page") else draw(self.scene)
        if self.broken == "page":
            return "<!DOCTYPE html><title>403</title><p>请先登录".encode()
        if self.broken == "cut":
            return whole[: len(whole) // 2]
        return whole[: len(whole) // 3] + bytes(len(whole) * 2 // 3) if self.broken == "tail" else whole


def plan_pictures(plan: PracticeVillage, count: int) -> list[Picture]:
    """This many good photos, spread over the whole village, and one broken file more for every sixty."""
    chance = Random(plan.seed + 1)
    subjects = _subjects(plan, count + count // _BROKEN_EVERY)
    return [_picture(chance, number, *subject) for number, subject in enumerate(subjects)]


_Subject = tuple[HouseholdPlan, str, RecordId, str, int, Position | None]


def _subjects(plan: PracticeVillage, count: int) -> list[_Subject]:
    """One house each, one slope each, then trees at even distances; photos beyond that show trees again."""
    homes: list[_Subject] = []
    trees: list[_Subject] = []
    for number, household in enumerate(plan.households, start=1):
        home = household.household
        homes.append((household, "household", home.id, f"H{number:02d}", household.at_ms, None))
        parcel = next((record for record in household.records if isinstance(record, Parcel)), None)
        if parcel is not None:
            where = _position(household.records, parcel.id)
            homes.append((household, "parcel", parcel.id, f"P{number:02d}", household.at_ms + 1_100_000, where))
        for tree in household.trees:
            where = _position(tree.facts, tree.tree.id)
            trees.append((household, "tree", tree.tree.id, tree.tree.tag or "", tree.at_ms, where))
    chosen = homes[: count // 4]
    left = count - len(chosen)
    if trees:
        chosen += [trees[index * len(trees) // left % len(trees)] for index in range(left)]
    return chosen


def _position(records: list[Record], subject_id: RecordId) -> Position | None:
    found = (record for record in records if isinstance(record, Position) and record.subject_id == subject_id)
    return next(found, None)


def _picture(
    chance: Random,
    number: int,
    household: HouseholdPlan,
    subject: str,
    subject_id: RecordId,
    label: str,
    at_ms: int,
    where: Position | None,
) -> Picture:
    taken = dt.datetime.fromtimestamp(at_ms / 1000 + 40, _GUIZHOU)
    placed = where is not None and chance.random() < 0.9  # the phone's location was off, or under canopy
    scene = Scene(
        seed=chance.randrange(2**32),
        label=label,
        subject=subject,
        taken_at=None if chance.random() < 0.04 else taken.replace(tzinfo=None),  # sent by chat: no EXIF time
        zone="+08:00" if chance.random() < 0.5 else None,
        lat=where.lat if where and placed else None,
        lon=where.lon if where and placed else None,
        alt_m=where.alt_m if where else None,
        accuracy_m=round(chance.uniform(3.0, 16.0), 1) if chance.random() < 0.6 else None,
        orientation=chance.choice(_ORIENTATIONS),
    )
    turn, place = divmod(number, _BROKEN_EVERY + 1)
    broken = _BROKEN[turn % len(_BROKEN)] if place == _BROKEN_EVERY else ""
    return Picture(f"IMG_{taken:%Y%m%d_%H%M%S}_{number:04d}.jpg", household.laptop, subject, subject_id, scene, broken)


def spare_pictures(plan: PracticeVillage) -> list[Picture]:
    """A dozen files for practising the import, four of them broken; they show trees that have a position."""
    pictures = plan_pictures(plan, 12)
    return [
        Picture(p.name, p.laptop, p.subject, p.subject_id, p.scene, _BROKEN[n // 3] if n % 3 == 2 else "")
        for n, p in enumerate(pictures)
    ]
