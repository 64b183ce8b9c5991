"""How an import of photos ended, in words: every file of it is counted somewhere."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from fieldapp import i18n
from fieldapp.errors import Finding
from fieldapp.ui.shown import finding_words


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an import ended: photos stored, files refused with their findings, whether it was stopped."""

    stored: int
    refused: tuple[tuple[str, Finding], ...]
    stopped: bool
    left: tuple[Path, ...] = ()  # neither stored nor refused: it was stopped before their turn, or the disk was full
    same: int = 0  # of those stored, how many the subject had already
    others: int = 0  # files in the folders that are no pictures by their names


def heading(outcome: Outcome) -> str:
    """How many photos an import took, and how many not."""
    parts = [i18n.t("ui.photos.stored", n=outcome.stored - outcome.same)]
    if outcome.same:
        parts.append(i18n.t("ui.photos.stored_same", n=outcome.same))
    missing = len(outcome.refused) + len(outcome.left)
    if missing:
        parts.append(i18n.t("ui.photos.stored_not", n=missing))
    if outcome.others:
        parts.append(i18n.t("ui.photos.others", n=outcome.others))
    return i18n.t("ui.photos.comma").join(parts)


def refusals(outcome: Outcome) -> list[tuple[str, str]]:
    """Every file that was not taken, with its reason."""
    return [
        *((name, _reason(finding)) for name, finding in outcome.refused),
        *((file.name, i18n.t("ui.photos.not_reached")) for file in outcome.left),
    ]


def advice(outcome: Outcome) -> str:
    """What to do about the files that were not taken."""
    if outcome.stopped:
        return i18n.t("ui.photos.stopped")
    if all(finding.code == "photo_kind_not_taken" for _, finding in outcome.refused):
        return i18n.t("ui.photos.kinds_advice")  # nothing is damaged: copying it again would not help
    return i18n.t("ui.photos.refused_advice")


def _reason(finding: Finding) -> str:
    if i18n.has(finding.key):
        return finding_words(finding)
    return i18n.t(f"error.{finding.code}.message", **finding.params)
