"""Before much goes into the bin at once, a person is asked; the answer that keeps everything is the one at hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from fieldapp import i18n
from fieldapp.domain.masking import mask_name
from fieldapp.domain.records import Household, Parcel, Record

if TYPE_CHECKING:
    from fieldapp.ui.desk import Desk


def bin_question(desk: Desk, record: Record, *, hidden: bool) -> str:
    """What to ask before a record goes into the bin, "" when it may go without: nothing else goes with it."""
    if isinstance(record, Household):
        name = record.head_name or i18n.t("ui.no_name")
        name = mask_name(name) if hidden and record.head_name else name
        parcels = len(desk.view.parcels)
        return i18n.t("ui.remove.household", name=name, parcels=parcels, trees=desk.totals.trees)
    trees = sum(row.tree.parcel_id == record.id for row in desk.trees)
    if isinstance(record, Parcel) and trees:
        return i18n.t("ui.remove.parcel", name=record.place_name or i18n.t("ui.parcel.no_name"), trees=trees)
    return ""


class BinDialog(QMessageBox):
    """Asks; Enter and Esc keep everything."""

    def __init__(self, parent: QWidget, question: str, agreed: Callable[[], None]) -> None:
        keep = QMessageBox.StandardButton.Cancel
        title = i18n.t("ui.remove")
        super().__init__(QMessageBox.Icon.Question, title, title, keep, parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setText(question)
        self.setInformativeText(i18n.t("ui.remove.back"))
        self.button(keep).setText(i18n.t("word.cancel"))
        self.go = self.addButton(title, QMessageBox.ButtonRole.AcceptRole)
        self.go.setAutoDefault(False)
        self.go.clicked.connect(agreed)
        self.setDefaultButton(keep)
        self.setEscapeButton(keep)
