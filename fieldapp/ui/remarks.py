"""A reviewer's remarks in words, and the fields they belong to. Pure: rows in, words out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from fieldapp import i18n
from fieldapp.ui.shown import clock

if TYPE_CHECKING:
    from fieldapp.storage.remarks import RemarkRow


def returned_words(reason: str) -> str:
    """That the household was returned, and the reviewer's reason."""
    return i18n.t("ui.returned", reason=reason) if reason.strip() else i18n.t("ui.returned.no_reason")


def remark_words(row: RemarkRow) -> str:
    """One remark in a line: what it is about, what is to be mended, who says so and when."""
    remark = row.remark
    subject = remark.subject or "household"
    what = i18n.t(f"record.{subject}") if i18n.has(f"record.{subject}") else subject
    about = [f"{what} {row.name}".strip()]
    if remark.field_name:
        about.append(_field_words(subject, remark.field_name))
    text = remark.remark or _code_words(remark.code or "")
    when = clock(row.written_ms)
    return i18n.t("ui.returned.line", about=" · ".join(about), text=text, person=row.person, time=when)


def pinned(rows: Sequence[RemarkRow]) -> list[tuple[bytes, str, str]]:
    """Where each remark belongs: the record, its field ("" for the record as a whole), the text."""
    return [
        (row.remark.subject_id, row.remark.field_name or "", row.remark.remark or _code_words(row.remark.code or ""))
        for row in rows
        if row.remark.subject_id is not None
    ]


def _field_words(subject: str, name: str) -> str:
    keys = (f"field.{subject}.{name}", f"field.measurement.{name}", f"field.position.{name}")
    return next((i18n.t(key) for key in keys if i18n.has(key)), name)


def _code_words(code: str) -> str:
    short = f"finding.{code}"
    return i18n.t(short) if i18n.has(short) and "{" not in i18n.catalogue(i18n.language())[short] else code
