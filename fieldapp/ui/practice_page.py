"""The practice village is being made: how far it is, in words and as a bar, and a way to stop."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar

from fieldapp import i18n
from fieldapp.ui.page import CardPage, button, label
from fieldapp.ui.plain import PlainLabel
from fieldapp.ui.texts import Texts
from fieldapp.ui.theme import Theme


class PracticePage(CardPage):
    """Shown while the village is made; the window stays usable."""

    stop_asked = Signal()

    def __init__(self, texts: Texts, theme: Theme) -> None:
        super().__init__(theme, 560)
        self._last = ("", 0, 0)
        self.step = PlainLabel()
        self.step.setWordWrap(True)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        texts.name(self.bar, "ui.progress")
        self.stop = button(texts, "ui.stop")
        self.stop.clicked.connect(self._stop)
        self.column.addWidget(label(texts, "ui.practice_making.title", "title"))
        self.column.addWidget(label(texts, "ui.practice_making.text", "quiet"))
        self.column.addWidget(self.step)
        self.column.addWidget(self.bar)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.stop)
        self.column.addLayout(row)
        texts.changed.connect(self._write)

    def begin(self) -> None:
        """Nothing is counted yet."""
        self.stop.setEnabled(True)
        self.show_progress(("", 0, 0))
        self.stop.setFocus()

    def show_progress(self, counted: tuple[str, int, int]) -> None:
        """Shows stage, done and all of it."""
        self._last = counted
        self._write()

    def _stop(self) -> None:
        self.stop.setEnabled(False)
        self.stop_asked.emit()

    def _write(self) -> None:
        stage, done, total = self._last
        self.bar.setRange(0, total)  # 0 of 0 is a bar that only moves
        self.bar.setValue(done)
        if not self.stop.isEnabled():
            self.step.setText(i18n.t("ui.practice_making.stopping"))
        elif stage == "recording":
            self.step.setText(i18n.t("ui.practice_making.recording", done=done, n=total))
        elif stage == "drawing":
            self.step.setText(i18n.t("ui.practice_making.drawing", done=done, n=total))
        else:
            self.step.setText(i18n.t("ui.practice_making.begin"))
