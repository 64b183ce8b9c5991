"""`fieldapp practice`: fills a profile with the practice village; nobody in it exists."""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
from pathlib import Path

from fieldapp.carbon import registry
from fieldapp.carbon.estimate import RegistryEstimator
from fieldapp.errors import ExitCode, UsageError
from fieldapp.i18n import t
from fieldapp.practice import making
from fieldapp.practice.making import Made

_MOST_TREES, _MOST_PHOTOS = 1_000_000, 20_000


def configure(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments."""
    parser.description = t("command.practice.summary")
    folder = t("command.practice.profile")
    parser.add_argument("--profile", type=Path, metavar="DIR", default=argparse.SUPPRESS, help=folder)
    parser.add_argument("--trees", type=int, default=making.TREES, metavar="N", help=t("command.practice.trees"))
    parser.add_argument("--photos", type=int, default=making.PHOTOS, metavar="N", help=t("command.practice.photos"))
    parser.add_argument("--seed", type=int, default=making.SEED, metavar="N", help=t("command.practice.seed"))
    parser.add_argument("--json", action="store_true", help=t("command.practice.json"))


def run(args: argparse.Namespace) -> int:
    """Makes the profile if it is not there, fills it, and says where it lies and what is in it."""
    if not (1 <= args.trees <= _MOST_TREES and 0 <= args.photos <= _MOST_PHOTOS and abs(args.seed) < 2**63):
        raise UsageError("practice_number")
    folder = args.profile or making.default_folder()
    estimator = RegistryEstimator(registry.load())
    made = making.make(folder, estimator, trees=args.trees, photos=args.photos, seed=args.seed, progress=_progress)
    _report(args.json, folder, made)
    return ExitCode.OK


def _progress(stage: str, done: int, total: int) -> None:
    if done % 10 and done != total:
        return
    text = "command.practice.recording" if stage == "recording" else "command.practice.drawing"
    end = "\n" if done == total else "\r"
    print(t(text, done=done, n=total), end=end if sys.stderr.isatty() else "\n", file=sys.stderr, flush=True)


def _report(as_json: bool, folder: Path, made: Made) -> None:
    village, numbers = made.plan.village, dataclasses.asdict(made.counts)
    if as_json:
        about = {"profile": str(folder), "village_code": village.village_code, "village": village.name}
        content = {**about, "seed": made.plan.seed, **numbers, "conflicts": made.conflicts}
        print(json.dumps(content, ensure_ascii=False, indent=2))
        return
    print(t("command.practice.done", village=village.name, folder=folder))
    print(t("command.practice.counts", **numbers, broken=made.counts.photos_refused, conflicts=made.conflicts))
