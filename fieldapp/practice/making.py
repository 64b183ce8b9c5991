"""Makes a whole practice profile: the profile itself, the village in it, and a folder of photos to import."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from fieldapp.domain.sinks import Estimator
from fieldapp.errors import ItemError
from fieldapp.practice import spare
from fieldapp.practice.filling import Counts, Progress, fill_both, silent
from fieldapp.practice.village import SURVEYORS, PracticeVillage, plan_village
from fieldapp.storage import profile, reads

TREES, PHOTOS, SEED = 8_000, 300, 2018


@dataclass(frozen=True, slots=True)
class Made:
    """What was made."""

    plan: PracticeVillage
    counts: Counts
    conflicts: int


def default_folder() -> Path:
    """Where the practice profile lies when no folder is named: beside the person's own."""
    return profile.default_folder().with_name("practice")


def make(
    folder: Path,
    estimator: Estimator,
    *,
    trees: int = TREES,
    photos: int = PHOTOS,
    seed: int = SEED,
    progress: Progress = silent,
) -> Made:
    """Makes the profile if it is not there and fills it.

    Raises ItemError practice_only, practice_filled or practice_unfinished, and then nothing has changed.
    """
    if not profile.is_profile(folder):
        profile.create(folder, person=SURVEYORS[2], pin=None, practice=True)
    elif not profile.read_marks(folder).get("practice"):
        raise ItemError("practice_only")
    store = profile.open_store(folder, pin=None, estimator=estimator)
    try:
        salt = store.device
        plan = plan_village(seed, trees, salt)
        counts = fill_both(store, plan, photos, salt, progress)
        conflicts = len(reads.conflicts(store))
    finally:
        store.close()
    spare.write(folder / spare.FOLDER, plan)
    return Made(plan, counts, conflicts)
