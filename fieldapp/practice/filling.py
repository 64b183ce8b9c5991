"""Puts a planned practice village into a profile through the same door as everybody: units of work and photo import.

One profile can hold the history of both laptops (`fill_both`), or two profiles record a part each (`record`,
`correct`, `add_photos`) and meet by syncing; plans made with one seed and one salt name the same records.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace

from fieldapp.domain.ids import DeviceId, RecordId, new_id
from fieldapp.domain.records import Household, PhotoLink, Record, Tree, Village
from fieldapp.errors import ItemError
from fieldapp.media.importing import ImportedPhoto, import_bytes, to_record
from fieldapp.practice.corrections import Correction, contested, plan_corrections
from fieldapp.practice.pictures import Picture, plan_pictures
from fieldapp.practice.stand import TreePlan
from fieldapp.practice.village import SURVEYORS, HouseholdPlan, PracticeVillage
from fieldapp.storage.store import Store
from fieldapp.storage.unit import UnitOfWork

_FINISHED = "practice_village_seed"  # written last: without it a village was left half made

Progress = Callable[[str, int, int], None]  # stage, done, all


def silent(stage: str, done: int, total: int) -> None:
    """Tells nobody."""


@dataclass(slots=True)
class Counts:
    """What was put in."""

    households: int = 0
    parcels: int = 0
    trees: int = 0
    measurements: int = 0
    corrections: int = 0
    photos: int = 0
    photos_refused: int = 0

    def note(self, record: Record) -> None:
        """Counts one added record."""
        name = f"{record.record_name}s"
        if name in ("households", "parcels", "trees", "measurements"):
            setattr(self, name, getattr(self, name) + 1)


def is_filled(store: Store, plan: PracticeVillage) -> bool:
    """Whether the profile holds the practice village already."""
    return store.get(Village, plan.village.id) is not None


def is_whole(store: Store) -> bool:
    """Whether the whole history of a practice village was put into the profile."""
    return bool(store.setting(_FINISHED))


def fill_both(
    store: Store, plan: PracticeVillage, photos: int, salt: bytes = b"", progress: Progress = silent
) -> Counts:
    """The whole history in one profile: first as one laptop, then as the other, which stays this profile's laptop."""
    if not store.practice:
        raise ItemError("practice_only")
    if is_filled(store, plan):
        raise ItemError("practice_filled" if is_whole(store) else "practice_unfinished")
    counts = Counts()
    corrections = plan_corrections(plan, salt)
    with _person(store, SURVEYORS[1]):
        record(store, plan, 1, counts, progress)
        # what the second laptop still sees when the first has gone on: this is how two people come to disagree
        shown = {record_id: store.get(record, record_id) for record, record_id in contested(plan)}
        correct(store, (c for c in corrections if c.laptop == 1), counts)
    store.replace_device(DeviceId(os.urandom(16)))
    record(store, plan, 2, counts, progress)
    correct(store, (c for c in corrections if c.laptop == 2), counts, shown)
    add_photos(store, plan, plan_pictures(plan, photos), counts, progress)
    store.set_setting(_FINISHED, str(plan.seed))
    return counts


def record(
    store: Store, plan: PracticeVillage, laptop: int, counts: Counts | None = None, progress: Progress = silent
) -> Counts:
    """Records the households of one of the two laptops, at the times of the plan."""
    counts = counts or Counts()
    if not is_filled(store, plan):
        with _clock(store) as set_clock, store.unit(undoable=False) as unit:
            set_clock(plan.households[0].at_ms - 60_000)
            unit.add(plan.village)
            unit.commit()
    part = [household for household in plan.households if household.laptop == laptop]
    before = sum(household.laptop < laptop for household in plan.households)
    for done, household in enumerate(part, start=1):
        with _clock(store) as set_clock, store.unit(undoable=False) as unit:
            _add_household(store, unit, household, counts, set_clock)
            unit.commit()
        progress("recording", before + done, len(plan.households))
    return counts


def _add_household(
    store: Store, unit: UnitOfWork, plan: HouseholdPlan, counts: Counts, set_clock: Callable[[int], None]
) -> None:
    set_clock(plan.at_ms)
    number = unit.next_number(Household, plan.household.village_code)
    _add(unit, replace(plan.household, device_tag=store.tag, number=number), counts)
    for belonging in plan.records:
        _add(unit, belonging, counts)
    for tree in plan.trees:
        set_clock(tree.at_ms)
        _add_tree(store, unit, tree, counts)


def _add_tree(store: Store, unit: UnitOfWork, plan: TreePlan, counts: Counts) -> None:
    number = unit.next_number(Tree, plan.tree.village_code)
    _add(unit, replace(plan.tree, device_tag=store.tag, number=number), counts)
    for fact in plan.facts:
        _add(unit, fact, counts)


def _add(unit: UnitOfWork, record: Record, counts: Counts) -> None:
    unit.add(record)
    counts.note(record)


def correct(
    store: Store,
    corrections: Iterable[Correction],
    counts: Counts | None = None,
    shown: Mapping[RecordId, Record | None] | None = None,
) -> Counts:
    """Makes corrections, each its own save; `shown` are records as the person saw them before others went on.

    A correction of a record that this profile does not hold (not synced yet) is left out.
    """
    counts = counts or Counts()
    for correction in corrections:
        seen = (shown or {}).get(correction.record_id) or store.get(correction.record, correction.record_id)
        if seen is None:
            continue
        with _clock(store) as set_clock, store.unit(undoable=False) as unit:
            set_clock(correction.at_ms)
            unit.edit(seen, **correction.changes)
            for fact in correction.facts:
                _add(unit, fact, counts)
            unit.commit()
        counts.corrections += 1
    return counts


def add_photos(
    store: Store,
    plan: PracticeVillage,
    pictures: list[Picture],
    counts: Counts | None = None,
    progress: Progress = silent,
) -> Counts:
    """Draws and imports photos; drawing and shrinking run beside each other, storing in order."""
    counts = counts or Counts()
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        for done, (picture, made) in enumerate(_ahead(pool, pictures), start=1):
            try:
                photo, blobs = made.result()
            except ItemError:  # a broken file, as cards bring them home: refused, the rest goes on
                counts.photos_refused += 1
                continue
            finally:
                progress("drawing", done, len(pictures))
            for data in blobs:
                store.blobs.put(data)
            _add_photo(store, plan, picture, photo)
            counts.photos += 1
    return counts


_Made = tuple[ImportedPhoto, list[bytes]]


def _ahead(pool: ThreadPoolExecutor, pictures: list[Picture]) -> Iterator[tuple[Picture, Future[_Made]]]:
    """Hands pictures out in order while a few more are being made: memory stays small."""
    ahead: list[tuple[Picture, Future[_Made]]] = []
    for picture in pictures:
        ahead.append((picture, pool.submit(_make, picture)))
        if len(ahead) > 8:
            yield ahead.pop(0)
    yield from ahead


def _make(picture: Picture) -> _Made:
    blobs: list[bytes] = []

    def keep(data: bytes) -> bytes:
        blobs.append(data)
        return hashlib.sha256(data).digest()

    return import_bytes(picture.data(), keep), blobs


def _add_photo(store: Store, plan: PracticeVillage, picture: Picture, imported: ImportedPhoto) -> None:
    photo = to_record(imported, plan.village.village_code)
    with store.unit(undoable=False) as unit:
        unit.add(photo)
        unit.add(
            PhotoLink(
                id=new_id(),
                village_code=photo.village_code,
                photo_id=photo.id,
                subject=picture.subject,
                subject_id=picture.subject_id,
            )
        )
        unit.commit()


@contextmanager
def _person(store: Store, name: str) -> Iterator[None]:
    """Somebody else sits at the laptop for a while."""
    owner, store.person = store.person, name
    try:
        yield
    finally:
        store.person = owner


@contextmanager
def _clock(store: Store) -> Iterator[Callable[[int], None]]:
    """Sets the store's clock to the days of the plan, and back to the wall's afterwards."""
    wall, now = store.clock, [0]

    def set_clock(at_ms: int) -> None:
        now[0] = at_ms

    store.clock = lambda: now[0]
    try:
        yield set_clock
    finally:
        store.clock = wall
