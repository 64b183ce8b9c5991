"""`fieldapp practice`: fills a profile with the practice village; nobody in it exists."""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
from pathlib import Path

from fieldapp.carbon import registry
from fieldapp.carbon.estimate import RegistryEstimator
from fieldapp.errors import ExitCode, ItemError, UsageError
from fieldapp.i18n import t
from fieldapp.practice import spare
from fieldapp.practice.filling import Counts, fill_both
from fieldapp.practice.village import SURVEYORS, PracticeVillage, plan_village
from fieldapp.storage import profile, reads

TREES, PHOTOS, SEED = 8_000, 300, 2018
_MOST_TREES, _MOST_PHOTOS = 1_000_000, 20_000


def configure(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments."""
    parser.description = t("command.practice.summary")
    folder = t("command.practice.profile")
    parser.add_argument("--profile", type=Path, metavar="DIR", default=argparse.SUPPRESS, help=folder)
    parser.add_argument("--trees", type=int, default=TREES, metavar="N", help=t("command.practice.trees"))
    parser.add_argument("--photos", type=int, default=PHOTOS, metavar="N", help=t("command.practice.photos"))
    parser.add_argument("--seed", type=int, default=SEED, metavar="N", help=t("command.practice.seed"))
    parser.add_argument("--json", action="store_true", help=t("command.practice.json"))


def run(args: argparse.Namespace) -> int:
    """Makes the profile if it is not there, fills it, and says where it lies and what is in it."""
    if not (1 <= args.trees <= _MOST_TREES and 0 <= args.photos <= _MOST_PHOTOS and abs(args.seed) < 2**63):
        raise UsageError("practice_number")
    folder = args.profile or default_folder()
    if profile.is_profile(folder):
        if not profile.read_marks(folder).get("practice"):
            raise ItemError("practice_only")
    else:
        profile.create(folder, person=SURVEYORS[2], pin=None, practice=True)
    store = profile.open_store(folder, pin=None, estimator=RegistryEstimator(registry.load()))
    try:
        plan = plan_village(args.seed, args.trees, store.device)
        counts = fill_both(store, plan, args.photos, store.device, _progress)
        conflicts = len(reads.conflicts(store))
    finally:
        store.close()
    spare.write(folder / spare.FOLDER, plan)
    _report(args.json, folder, plan, counts, conflicts)
    return ExitCode.OK


def default_folder() -> Path:
    """Where the practice profile lies when no folder is named: beside the person's own."""
    return profile.default_folder().with_name("practice")


def _progress(stage: str, done: int, total: int) -> None:
    if done % 10 and done != total:
        return
    text = "command.practice.recording" if stage == "recording" else "command.practice.drawing"
    end = "\n" if done == total else "\r"
    print(t(text, done=done, n=total), end=end if sys.stderr.isatty() else "\n", file=sys.stderr, flush=True)


def _report(as_json: bool, folder: Path, plan: PracticeVillage, counts: Counts, conflicts: int) -> None:
    if as_json:
        about = {"profile": str(folder), "village_code": plan.village.village_code, "village": plan.village.name}
        content = {**about, "seed": plan.seed, **dataclasses.asdict(counts), "conflicts": conflicts}
        print(json.dumps(content, ensure_ascii=False, indent=2))
        return
    print(t("command.practice.done", village=plan.village.name, folder=folder))
    numbers = dataclasses.asdict(counts)
    print(t("command.practice.counts", **numbers, broken=counts.photos_refused, conflicts=conflicts))
