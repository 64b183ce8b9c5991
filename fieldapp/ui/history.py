"""The history of a household and what belongs to it: who changed what and when; nothing is ever lost from it."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QListWidget

from fieldapp import i18n
from fieldapp.domain import consent
from fieldapp.domain.fields import FieldSpec, Kind, Sensitivity
from fieldapp.domain.ids import DeviceId, RecordId
from fieldapp.domain.ops import Value
from fieldapp.domain.records import Record
from fieldapp.domain.unread import typed_texts
from fieldapp.ui.height_curves import curve_words
from fieldapp.ui.map_places import outline
from fieldapp.ui.shown import clock, declared, mask, value_text
from fieldapp.ui.texts import Texts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fieldapp.storage.store import Store
    from fieldapp.storage.views import HistoryRow


_NOWHERE = DeviceId(bytes(16))  # many laptops may have recorded a day's trees
_LONGEST = 80  # of a longer text the beginning says enough


# what only a program reads, and what the line says already
_UNSAID = frozenset(("seen", "measured_by", "tool", "subject", "raw", "datum", "code", "tree_id"))


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One change of one record, `name` tells parcels and trees apart; or, of `trees`, that they were first recorded."""

    record: str
    name: str
    row: HistoryRow
    trees: int = 0


class HistoryList(QListWidget):
    """One line for each change, the newest first; personal values are covered."""

    def __init__(self, texts: Texts) -> None:
        super().__init__()
        self.setWordWrap(True)
        self.setSpacing(3)  # where one change ends and the next begins is seen
        self.setProperty("role", "framed")
        texts.name(self, "ui.tab.history")

    def show_lines(self, lines: Sequence[HistoryLine]) -> None:
        """Shows what changed, the newest first."""
        self.clear()
        for line in reversed(lines):
            row = line.row
            if line.trees:
                what = i18n.t("ui.history.recorded", n=line.trees)
                self.addItem("  ".join([clock(row.written_ms), row.person, what]))
                continue
            changes = filter(None, (_change(line.record, name, value) for name, value in _said(row).items()))
            what = i18n.t("ui.history.added" if row.added else "ui.history.changed")
            about = [] if line.record == "household" else [f"{i18n.t(f'record.{line.record}')} {line.name}".strip()]
            self.addItem("  ".join([clock(row.written_ms), row.person, *about, what, i18n.listed(changes)]))


def read_history(store: Store, household_id: RecordId) -> list[HistoryLine]:
    """What was done to a household, its parcels, papers, consents, members and trees, the oldest first."""
    from fieldapp.storage import reads
    from fieldapp.storage.tree_history import tree_history

    view = reads.household(store, household_id)
    if view is None:
        return []
    named: list[tuple[Record, str]] = [(parcel, parcel.place_name or "") for parcel in view.parcels]
    named += [(record, "") for record in (view.household, *view.tenures, *view.consents, *view.members)]
    lines = [
        HistoryLine(record.record_name, name, row) for record, name in named for row in reads.history(store, record.id)
    ]
    of_trees = tree_history(store, household_id)
    lines += [HistoryLine(record, tag, row) for record, tag, row in of_trees.changes]
    lines += _first_records(of_trees.recorded)
    return sorted(lines, key=lambda line: line.row.written_ms)


def _first_records(recorded: Sequence[tuple[int, str]]) -> list[HistoryLine]:
    """A line for each person and day; 450 of them would hide every change."""
    from fieldapp.storage.views import HistoryRow

    days: dict[tuple[str, dt.date], list[int]] = defaultdict(list)
    for written_ms, person in recorded:
        days[person, dt.datetime.fromtimestamp(written_ms / 1000).date()].append(written_ms)
    return [
        HistoryLine("tree", "", HistoryRow(max(moments), person, _NOWHERE, True, {}), len(moments))
        for (person, _day), moments in days.items()
    ]


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


def _unread_words(record: str, field: FieldSpec, texts: Mapping[str, str], *, covered: bool) -> str:
    """What was typed without a meaning, each text after the name of its field."""
    shown = []
    for name, text in texts.items():
        key = next((k for k in (f"field.{record}.{name}", f"field.measurement.{name}") if i18n.has(k)), field.label)
        shown.append(i18n.labelled(i18n.t(key), mask(field, text) if covered else text))
    return i18n.listed(shown)
