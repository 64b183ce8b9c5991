"""Why a household came back: the reviewer's reason and remarks, each with a way to the field it is pinned to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from fieldapp import i18n
from fieldapp.ui.page import ElidedLabel
from fieldapp.ui.plain import PlainLabel
from fieldapp.ui.remarks import remark_words, returned_words

if TYPE_CHECKING:
    from fieldapp.storage.remarks import RemarkRow
    from fieldapp.ui.desk import Desk

_LINES = 3  # more would take the room from the trees; the to-do place has them all


class ReturnedNote(QFrame):
    """Stands above the numbers of a returned household, and nowhere else."""

    place_asked = Signal(str, object, str)  # record, id, field

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self._title = PlainLabel()
        self._title.setProperty("role", "red")
        self._title.setWordWrap(True)
        self._lines = QWidget()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(12, 6, 12, 6)
        self._column.setSpacing(2)
        self._column.addWidget(self._title)
        self._column.addWidget(self._lines)
        self.hide()

    def show_desk(self, desk: Desk) -> None:
        """Shows why the household was returned, or nothing when it was not."""
        household = desk.view.household
        self.setVisible(household.state == "returned")
        if household.state != "returned":
            return
        self._title.setText(returned_words(household.state_reason or ""))
        lines = QWidget()
        column = QVBoxLayout(lines)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        for row in desk.remarks[:_LINES]:
            column.addLayout(self._line(row))
        if len(desk.remarks) > _LINES:
            more = PlainLabel(i18n.t("ui.returned.more", n=len(desk.remarks) - _LINES))
            more.setProperty("role", "small")
            column.addWidget(more)
        self._column.replaceWidget(self._lines, lines)
        self._lines.hide()
        self._lines.deleteLater()
        self._lines = lines
        self._lines.setVisible(bool(desk.remarks))

    def _line(self, row: RemarkRow) -> QHBoxLayout:
        line = QHBoxLayout()
        text = ElidedLabel()
        text.setText(remark_words(row))
        go = QPushButton(i18n.t("ui.returned.go"))
        go.setAccessibleDescription(text.text())
        remark = row.remark
        go.clicked.connect(
            lambda: self.place_asked.emit(remark.subject or "household", remark.subject_id, remark.field_name or "")
        )
        line.addWidget(text, 1)
        line.addWidget(go, 0, Qt.AlignmentFlag.AlignRight)
        return line
