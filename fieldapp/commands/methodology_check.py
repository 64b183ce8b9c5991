"""`fieldapp methodology check`: every fault of a registry, and where the equation of a species changes."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from math import isfinite
from typing import Any

from fieldapp import paths
from fieldapp.carbon.check import check_contents, seal_problems
from fieldapp.carbon.check_rows import Problem
from fieldapp.carbon.choice_steps import ChoiceStep, choice_steps
from fieldapp.carbon.estimate import RegistryEstimator
from fieldapp.carbon.registry import Registry
from fieldapp.carbon.tables import read_folder
from fieldapp.errors import ExitCode
from fieldapp.i18n import t


def check(args: argparse.Namespace) -> int:
    """Prints the faults; 1 when there are any."""
    folder = args.methodology or paths.resources() / "species"
    contents = read_folder(folder)
    known, problems = check_contents(contents)
    problems += seal_problems(folder, known) if known else []
    if args.json:
        found = [{**asdict(p), "params": _told(p), **_told(p), "text": t(f"carbon.check.{p.code}")} for p in problems]
        facts: dict[str, Any] = {"method_version": known.version if known else None, "problems": found}
        facts["steps"] = [asdict(step) for step in _steps(known, problems)]
        print(json.dumps(facts, ensure_ascii=False, indent=2))
        return ExitCode.REFUSED if problems else ExitCode.OK
    for problem in problems:
        details = " ".join(f"{name}={value}" for name, value in problem.params.items())
        place = f"{problem.file}: {problem.where}: {problem.column}"
        print(f"{place}: {t(f'carbon.check.{problem.code}')} {details}".rstrip())
    for step in _steps(known, problems):
        print(_step_line(step))
    if known:
        counts = {"equations": len(known.equations), "worked": len(known.worked), "n": len(problems)}
        print(t("command.methodology.checked", version=known.version, **counts))
    return ExitCode.REFUSED if problems else ExitCode.OK


def _told(problem: Problem) -> dict[str, Any]:
    """What a problem says of its numbers; JSON knows no infinity."""
    return {n: str(v) if isinstance(v, float) and not isfinite(v) else v for n, v in problem.params.items()}


def _steps(known: Registry | None, problems: list[Problem]) -> list[ChoiceStep]:
    """Where the equation of a species changes: for information, and only of a methodology without a fault."""
    return [] if known is None or problems else choice_steps(RegistryEstimator(known))


def _step_line(step: ChoiceStep) -> str:
    kind = t("command.methodology.step_tall") if step.has_height else ""
    words = {"species": step.species, "kind": kind, "d": f"{step.d_cm:g}", "before": step.before, "after": step.after}
    return t("command.methodology.step", **words, change=f"{100 * step.change:+.1f}")
