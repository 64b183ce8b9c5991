"""Makes a whole practice profile: the profile itself, the village in it, and a folder of photos to import."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from fieldapp.domain.records import Village
from fieldapp.domain.sinks import Estimator
from fieldapp.errors import ItemError, StorageError
from fieldapp.practice import spare
from fieldapp.practice.filling import Counts, Progress, fill_both, is_whole, silent
from fieldapp.practice.village import SURVEYORS, VILLAGE_ID, PracticeVillage, plan_village
from fieldapp.storage import profile, reads
from fieldapp.storage.aside import made_aside, refuse_foreign
from fieldapp.storage.enrolment import enrolment
from fieldapp.storage.faults import full_disk_is

ASIDE = "practice.making"
TREES, PHOTOS, SEED = 8_000, 300, 2018

Cancelled = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class Made:
    """What was made."""

    plan: PracticeVillage
    counts: Counts
    conflicts: int


def default_folder() -> Path:
    """Where the practice profile lies when no folder is named: beside the person's own."""
    return profile.default_folder().with_name("practice")


def never() -> bool:
    """Nobody wishes to stop."""
    return False


def make(
    folder: Path,
    estimator: Estimator,
    *,
    trees: int = TREES,
    photos: int = PHOTOS,
    seed: int = SEED,
    progress: Progress = silent,
    cancelled: Cancelled = never,
) -> Made:
    """Makes the practice profile; one that was left half made is made again, one without a village is filled.

    Raises ItemError practice_only, practice_filled, practice_unfinished or practice_stopped, StorageError
    folder_not_empty or practice_disk_full; no half village is left that a next call would not make again.
    """
    order = _Order(estimator, trees, photos, seed, _stopping(progress, cancelled))
    with full_disk_is(StorageError("practice_disk_full")):
        return _make(folder, order)


def _make(folder: Path, order: _Order) -> Made:
    if not profile.is_profile(folder):
        refuse_foreign(folder, ASIDE)
    elif not _left_half_made(folder, order.estimator):
        return order.fill(folder)
    with made_aside(folder, ASIDE) as aside:
        profile.create(aside, person=SURVEYORS[2], pin=None, practice=True)
        return order.fill(aside)


def is_made(folder: Path, estimator: Estimator) -> bool:
    """Whether a whole practice village lies in the folder."""
    if not profile.is_profile(folder):
        return False
    store = profile.open_store(folder, pin=None, estimator=estimator)
    try:
        return is_whole(store)
    finally:
        store.close()


@dataclass(frozen=True, slots=True)
class _Order:
    """What is to be made."""

    estimator: Estimator
    trees: int
    photos: int
    seed: int
    progress: Progress

    def fill(self, folder: Path) -> Made:
        store = profile.open_store(folder, pin=None, estimator=self.estimator)
        try:
            salt = store.device
            plan = plan_village(self.seed, self.trees, salt)
            counts = fill_both(store, plan, self.photos, salt, self.progress)
            conflicts = len(reads.conflicts(store))
        finally:
            store.close()
        spare.write(folder / spare.FOLDER, plan)
        return Made(plan, counts, conflicts)


def _left_half_made(folder: Path, estimator: Estimator) -> bool:
    """Whether a making was cut off here; a profile that belongs to a server already is left as it is."""
    if not profile.read_marks(folder).get("practice"):
        raise ItemError("practice_only")
    store = profile.open_store(folder, pin=None, estimator=estimator)
    try:
        begun = store.get(Village, VILLAGE_ID) is not None
        return begun and not is_whole(store) and enrolment(store) is None
    finally:
        store.close()


def _stopping(progress: Progress, cancelled: Cancelled) -> Progress:
    def tell(stage: str, done: int, total: int) -> None:
        if cancelled():
            raise ItemError("practice_stopped")
        progress(stage, done, total)

    return tell
