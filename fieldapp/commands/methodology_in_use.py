"""The methodology that `--methodology DIR` asks to compute with: what cannot be right is refused, the rest is told."""

from __future__ import annotations

import sys
from pathlib import Path

from fieldapp.carbon import registry
from fieldapp.carbon.check import check
from fieldapp.carbon.check_rows import WORKED, Problem
from fieldapp.carbon.registry import Registry
from fieldapp.carbon.seal import is_broken
from fieldapp.errors import ItemError
from fieldapp.i18n import t

# a unit that the program does not know, a range from 16 to 4.5, two rows of one id: any number would be a guess
_NO_NUMBER = ("word", "row_twice", "range", "density", "factor", "missing", "level")


def registry_in_use(folder: Path | None) -> Registry:
    """The registry of the folder, by default the shipped one; its version says so when its files were changed."""
    known = registry.load(folder)
    if folder is not None:
        known.is_changed = is_broken(folder, known)
        _judge(check(known))
    if known.is_changed:
        print(t("command.methodology.changed", version=known.version), file=sys.stderr)
    return known


def _judge(problems: list[Problem]) -> None:
    """ItemError where no number could be right; what else the check finds is counted on standard error."""
    worst = next((one for one in problems if one.code in _NO_NUMBER and one.file != WORKED), None)
    if worst is not None:
        details = " ".join(f"{name}={value}" for name, value in worst.params.items())
        told = f"{t(f'carbon.check.{worst.code}')} {details}".rstrip()
        place = f"{worst.file}: {worst.where}: {worst.column}"
        raise ItemError("methodology_no_number", n=len(problems), where=place, problem=told)
    if problems:
        print(t("command.methodology.found", n=len(problems)), file=sys.stderr)
