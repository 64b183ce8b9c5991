"""The history of a household: who changed what and when; nothing is ever lost from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QListWidget

from fieldapp import i18n
from fieldapp.domain.fields import Sensitivity
from fieldapp.ui.shown import clock, declared, mask, value_text
from fieldapp.ui.texts import Texts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fieldapp.storage.views import HistoryRow


class HistoryList(QListWidget):
    """One line for each change, the newest first; personal values are covered."""

    def __init__(self, texts: Texts) -> None:
        super().__init__()
        self.setWordWrap(True)
        self.setProperty("role", "framed")
        texts.name(self, "ui.tab.history")

    def show_history(self, record: str, rows: Sequence[HistoryRow]) -> None:
        """Shows a record's changes."""
        self.clear()
        for row in reversed(rows):
            changes = ", ".join(_change(record, name, value) for name, value in row.fields.items())
            what = i18n.t("ui.history.added" if row.added else "ui.history.changed")
            self.addItem(f"{clock(row.written_ms)}  {row.person}  {what}  {changes}")


def _change(record: str, name: str, value: object) -> str:
    field = declared(record, name)
    text = value_text(field, value)  # type: ignore[arg-type]
    if field.sensitivity is not Sensitivity.PUBLIC:
        text = mask(field, text)
    if field.choices and value:
        text = i18n.t(f"choice.{record}.{name}.{value}")
    return f"{i18n.t(field.label)}: {text or '—'}"
