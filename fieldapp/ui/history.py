"""The history of a household and what belongs to it: who changed what and when; nothing is ever lost from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QListWidget

from fieldapp import i18n
from fieldapp.domain import consent
from fieldapp.domain.fields import FieldSpec, Kind, Sensitivity
from fieldapp.domain.ops import Value
from fieldapp.domain.unread import typed_texts
from fieldapp.ui.height_curves import curve_words
from fieldapp.ui.inbox import choice_texts
from fieldapp.ui.map_places import outline
from fieldapp.ui.shown import clock, declared, mask, value_text
from fieldapp.ui.texts import Texts
from fieldapp.ui.wrapped import WrappedLines

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fieldapp.storage.views import ConflictRow, HistoryRow
    from fieldapp.ui.history_lines import About, HistoryLine


_NAMED = 8  # trees and parcels that a line names
_LONGEST = 80  # of a longer text the beginning says enough


# what only a program reads, and what the line says already
_UNSAID = frozenset(("seen", "measured_by", "tool", "subject", "raw", "datum", "code", "tree_id"))


class HistoryList(QListWidget):
    """One line for each change, the newest first; personal values are covered."""

    def __init__(self, texts: Texts) -> None:
        super().__init__()
        self.setItemDelegate(WrappedLines(self))
        self.setSpacing(3)  # where one change ends and the next begins is seen
        self.setProperty("role", "framed")
        self._lines: Sequence[HistoryLine] = ()
        texts.name(self, "ui.tab.history")
        texts.changed.connect(self._write)

    def show_lines(self, lines: Sequence[HistoryLine]) -> None:
        """Shows what changed, the newest first."""
        self._lines = lines
        self._write()

    def _write(self) -> None:
        self.clear()
        for line in reversed(self._lines):
            self.addItem("  ".join([clock(line.row.written_ms), line.row.person, *_words(line)]))


def _words(line: HistoryLine) -> list[str]:
    """What a line says after its time and person."""
    about = _about_words(line.about)
    if line.n:
        return [i18n.t(f"ui.history.many.{line.record}", n=line.n, about=about)]
    row = line.row
    done = "decided" if row.decided else "added" if row.added else "changed"
    changes = filter(None, (_change(line.record, name, value) for name, value in _said(row).items()))
    what = "" if line.record == "household" else i18n.t(f"record.{'photo' if _is_photo(line) else line.record}")
    whose = f"{what} {line.name or about}".strip()
    return [*filter(None, [whose]), i18n.t(f"ui.history.{done}"), i18n.listed(changes), *map(_between, row.decided)]


def _is_photo(line: HistoryLine) -> bool:
    return line.record == "photo_link"


def _about_words(about: Sequence[About]) -> str:
    """The first of the trees and parcels by name; what is more than a line holds is counted."""
    shown = [one.name or i18n.t(f"record.{one.subject}") for one in about[:_NAMED]]
    words = i18n.listed(shown)
    return i18n.t("ui.history.more", about=words, n=len(about)) if len(about) > _NAMED else words


def _between(conflict: ConflictRow) -> str:
    """The values that stood against each other, and whose they were."""
    texts = choice_texts(conflict, hidden=True)
    sides = [
        i18n.aside(text, f"{choice.person} {clock(choice.written_ms)}".strip())
        for choice, text in zip(conflict.choices, texts, strict=True)
    ]
    return i18n.t("ui.history.between", values=i18n.listed(sides))


def _said(row: HistoryRow) -> dict[str, Value]:
    """The fields of a change; a girth or stems are told as they were measured, without the diameter that follows."""
    fields = {name: value for name, value in row.fields.items() if value is not None or not row.added}
    stems = fields.pop("stems", None)
    return {**fields, "dbh_cm": stems} if stems else fields


def _change(record: str, name: str, value: Value) -> str:
    field = declared(record, name)
    if name in _UNSAID:
        return ""
    if field.kind is Kind.REF:
        if field.target in ("", "household"):
            return ""  # whose it is says the page itself
        return i18n.t("ui.marked", severity=i18n.t(field.label), words=value_words(record, field, value, covered=False))
    text = value_words(record, field, value, covered=field.sensitivity is not Sensitivity.PUBLIC)
    return i18n.t("ui.marked", severity=i18n.t(field.label), words=text)


def value_words(record: str, field: FieldSpec, value: Value, *, covered: bool) -> str:
    """A value as one reads it in a sentence: choices by their words, long texts cut, personal ones covered if asked."""
    if field.kind is Kind.REF:
        return i18n.t("ui.history.chosen") if value else "—"
    if field.name == "height_curve" and isinstance(value, str):
        return curve_words(value)
    if field.name == "boundary_wkt" and isinstance(value, str):
        return i18n.t("ui.history.corners", n=max(len(outline(value)) - 1, 0))
    if field.name == "text_version" and isinstance(value, str) and value.startswith(consent.PRACTICE):
        return i18n.aside(value.removeprefix(consent.PRACTICE), i18n.t("ui.consent.status.practice"))
    if record == "review_remark" and field.name == "field_name":
        return _field_named(str(value))
    if field.name == "cleared" and isinstance(value, str):
        return i18n.listed(i18n.t(f"field.{record}.{name}") for name in value.split(","))
    if field.name == "unread" and isinstance(value, str):
        return _unread_words(record, field, typed_texts(value), covered=covered)
    if field.kind is Kind.FLAG:
        return i18n.t("word.yes" if value else "word.no")
    if field.choices and isinstance(value, str):
        return i18n.t(f"choice.{record}.{field.name}.{value}")
    text = value_text(field, value)
    text = mask(field, text) if covered and text else text
    return (f"{text[:_LONGEST]}…" if len(text) > _LONGEST else text) or "—"


def _field_named(name: str) -> str:
    keys = (f"field.{record}.{name}" for record in ("household", "parcel", "tree", "measurement", "position"))
    return next((i18n.t(key) for key in keys if i18n.has(key)), name)


def _unread_words(record: str, field: FieldSpec, texts: Mapping[str, str], *, covered: bool) -> str:
    """What was typed without a meaning, each text after the name of its field."""
    shown = []
    for name, text in texts.items():
        key = next((k for k in (f"field.{record}.{name}", f"field.measurement.{name}") if i18n.has(k)), field.label)
        shown.append(i18n.labelled(i18n.t(key), mask(field, text) if covered else text))
    return i18n.listed(shown)
