"""Says above the status bar that the disk refused what was typed, for as long as anything waits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFrame, QVBoxLayout

from fieldapp import i18n
from fieldapp.ui.plain import PlainLabel

if TYPE_CHECKING:
    from fieldapp.errors import FieldappError
    from fieldapp.ui.texts import Texts
    from fieldapp.ui.unsaved import Unsaved


class UnsavedNote(QFrame):
    """No window and nothing to press: a box would eat a key, and every later value would land one cell further."""

    def __init__(self, texts: Texts, unsaved: Unsaved) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self._unsaved = unsaved
        self._error: FieldappError | None = None
        self.title = PlainLabel()
        self.title.setProperty("role", "red")
        self.words = PlainLabel()
        self.words.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 6, 12, 6)
        column.setSpacing(2)
        column.addWidget(self.title)
        column.addWidget(self.words)
        self.hide()
        unsaved.refused.connect(self._tell)
        unsaved.changed.connect(self._write)
        texts.changed.connect(self._write)

    def _tell(self, error: FieldappError) -> None:
        self._error = error
        self._write()

    def _write(self) -> None:
        if self._error is not None:
            self.title.setText(i18n.error_texts(self._error)[0])
            self.words.setText(f"{i18n.t('ui.unsaved.message')}\n{i18n.t('ui.unsaved.advice')}")
        self.setVisible(self._error is not None and self._unsaved.count > 0)
