"""How an import of photos ended, in words: every file of it is counted somewhere."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from fieldapp import i18n
from fieldapp.errors import FieldappError, Finding
from fieldapp.ui.evidence import Subject
from fieldapp.ui.shown import finding_words, megabytes

_ROOM_FOR_COPIES = 1.2  # of a photo the working copy and the thumbnail are kept beside the original


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an import ended: photos stored, files refused with their findings, whether it was stopped."""

    stored: int
    refused: tuple[tuple[str, Finding], ...]
    stopped: bool
    left: tuple[Path, ...] = ()  # neither stored nor refused: it was stopped before their turn, or the disk was full
    same: int = 0  # of those stored, how many the subject had already
    doubts: tuple[tuple[str, Finding], ...] = ()  # stored, but somebody should look
    others: int = 0  # files in the folders that are no pictures by their names
    refusal: FieldappError | None = None  # what ended it before its time: a full disk, mostly
    left_bytes: int = 0
    subject: Subject | None = None  # what the photos show: for those who go on with what was left
    village_code: str = ""


def heading(outcome: Outcome) -> str:
    """How many photos an import took, and how many not."""
    parts = [i18n.t("ui.photos.stored", n=outcome.stored - outcome.same)]
    if outcome.same:
        parts.append(i18n.t("ui.photos.stored_same", n=outcome.same))
    missing = len(outcome.refused) + len(outcome.left)
    if missing:
        parts.append(i18n.t("ui.photos.stored_not", n=missing))
    if outcome.doubts:
        parts.append(i18n.t("ui.photos.stored_doubtful", n=len({name for name, _ in outcome.doubts})))
    if outcome.others:
        parts.append(i18n.t("ui.photos.others", n=outcome.others))
    words = i18n.t("ui.photos.comma").join(parts)
    if outcome.refusal is None:
        return words
    return i18n.t("ui.photos.halted", why=i18n.error_texts(outcome.refusal)[0], text=words)


def refusals(outcome: Outcome) -> list[tuple[str, str]]:
    """Every file that was not taken, with its reason; then every photo that was, and is doubtful."""
    refusal = outcome.refusal
    unreached = i18n.t("ui.photos.not_reached") if refusal is None else i18n.error_texts(refusal)[0]
    return [
        *((name, _reason(finding)) for name, finding in outcome.refused),
        *((file.name, unreached) for file in outcome.left),
        *((name, i18n.t("ui.photos.stored_but", reason=finding_words(found))) for name, found in outcome.doubts),
    ]


def advice(outcome: Outcome) -> str:
    """What to do about the files that were not taken, and about those that are doubtful."""
    if outcome.refusal is not None:
        return _way_on(outcome, outcome.refusal)
    if outcome.stopped:
        return i18n.t("ui.photos.stopped")
    parts = []
    if outcome.refused:
        # of a kind that is not taken nothing is damaged: copying it again would not help
        kinds = all(finding.code == "photo_kind_not_taken" for _, finding in outcome.refused)
        parts.append(i18n.t("ui.photos.kinds_advice" if kinds else "ui.photos.refused_advice"))
    if outcome.doubts:
        parts.append(i18n.t("ui.photos.doubts_advice"))
    return "\n".join(parts)


def _way_on(outcome: Outcome, refusal: FieldappError) -> str:
    """The error's own texts speak of something typed; here photos are safe, others wait where they were."""
    if refusal.code == "disk_full":
        way = i18n.t("ui.photos.make_room", size=megabytes(int(outcome.left_bytes * _ROOM_FOR_COPIES)))
    else:
        way = i18n.error_texts(refusal)[2]
    return f"{i18n.t('ui.photos.safe_so_far')}\n{way}"


def _reason(finding: Finding) -> str:
    if i18n.has(finding.key):
        return finding_words(finding)
    return i18n.t(f"error.{finding.code}.message", **finding.params)
