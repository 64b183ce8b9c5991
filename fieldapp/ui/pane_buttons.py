"""The way to the panes that made room for the work: a button for each that is hidden, with its key."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from fieldapp.ui.page import button
from fieldapp.ui.texts import Texts


class PaneButtons(QWidget):
    """Offers the list and the evidence where they are not on the screen; F3 and F4 do the same."""

    asked = Signal(str)  # list or evidence

    def __init__(self, texts: Texts) -> None:
        super().__init__()
        self.buttons: dict[str, QPushButton] = {
            "list": button(texts, "ui.pane.list"),
            "evidence": button(texts, "ui.pane.evidence"),
        }
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        for name, pane in self.buttons.items():
            pane.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the cursor stays where the work is
            pane.clicked.connect(lambda _=False, name=name: self.asked.emit(name))
            pane.hide()
            row.addWidget(pane)

    def offer(self, **hidden: bool) -> None:
        """Offers the panes that are hidden."""
        for name, away in hidden.items():
            self.buttons[name].setVisible(away)
