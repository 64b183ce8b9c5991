"""On the sync page: whose ID numbers and accounts go to the server without the separate consent, and the way there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from fieldapp import i18n
from fieldapp.domain.masking import mask_name
from fieldapp.ui.page import button
from fieldapp.ui.plain import PlainLabel
from fieldapp.ui.texts import Texts

if TYPE_CHECKING:
    from fieldapp.storage.unconsented import Unconsented

_NAMED = 6


class ConsentNote(QWidget):
    """Names the households and leads to the first of them; it is not there while nothing is missing."""

    asked = Signal(str, bytes)  # village, household

    def __init__(self, texts: Texts) -> None:
        super().__init__()
        self._missing: list[Unconsented] = []
        self._hidden = False
        self.text = PlainLabel()
        self.text.setProperty("role", "amber")
        self.text.setWordWrap(True)
        self.go = button(texts, "ui.sync.consent.go")
        self.go.clicked.connect(lambda: self.asked.emit(self._missing[0].village_code, self._missing[0].household_id))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.text)
        column.addWidget(self.go, 0, Qt.AlignmentFlag.AlignLeft)
        texts.changed.connect(self._write)
        self._write()

    def show_missing(self, missing: Sequence[Unconsented]) -> None:
        """Shows the households that have not agreed."""
        if list(missing) != self._missing:
            self._missing = list(missing)
            self._write()

    def hide_personal(self, hidden: bool) -> None:
        """Covers the names."""
        self._hidden = hidden
        self._write()

    def _write(self) -> None:
        self.setVisible(bool(self._missing))
        names = [one.name or i18n.t("ui.no_name") for one in self._missing[:_NAMED]]
        listed = i18n.listed(map(mask_name, names) if self._hidden else names)
        n = len(self._missing)
        names_words = i18n.t("ui.sync.consent.more", names=listed, n=n) if n > _NAMED else listed
        self.text.setText(i18n.t("ui.sync.consent", n=n, names=names_words))
