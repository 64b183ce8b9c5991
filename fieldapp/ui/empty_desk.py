"""The middle while no household is open: what to do next, and the one button that does it."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal

from fieldapp.ui import icons
from fieldapp.ui.page import CardPage, button, label
from fieldapp.ui.plain import PlainLabel
from fieldapp.ui.texts import Texts
from fieldapp.ui.theme import Theme, icon_size

_ICONS = {"village": "map-pin", "first": "plus", "choose": "plus"}


class EmptyDesk(CardPage):
    """Teaches in three states: no village yet, a village without a household, households of which none is open."""

    village_asked = Signal()
    household_asked = Signal()

    def __init__(self, texts: Texts, theme: Theme) -> None:
        super().__init__(theme, 460)
        self.state = "village"
        self.title = label(texts, "ui.empty.village.title", "title")
        self._text = label(texts, "ui.empty.village.text", "quiet")
        self.go = button(texts, "ui.empty.village.go", "main")
        self._told = PlainLabel()
        self._told.setProperty("role", "amber")
        self._told.setWordWrap(True)
        self._told.hide()
        for part in (self._told, self.title, self._text, self.go):
            self.column.addWidget(part)
        self._texts = texts
        self.go.clicked.connect(self._ask)
        theme.changed.connect(self._write)
        self._write()

    def show_state(self, *, village: bool, households: bool) -> None:
        """Shows what comes next; the button has the cursor when there is nothing else to do."""
        state = "choose" if households else "first" if village else "village"
        turned, self.state = state != self.state, state
        self._write()
        if turned and self.isVisible() and state != "choose":
            self.go.setFocus(Qt.FocusReason.OtherFocusReason)

    def tell(self, text: str, ms: int = 8_000) -> None:
        """Says for a while what has happened to the household that was open."""
        self._told.setText(text)
        self._told.show()
        QTimer.singleShot(ms, self._told, self._told.hide)

    @property
    def said(self) -> str:
        """What it says."""
        return self._told.text()

    def _write(self) -> None:
        for part, name in ((self.title, "title"), (self._text, "text"), (self.go, "go")):
            self._texts.say(part, f"ui.empty.{self.state}.{name}")
        role = "" if self.state == "choose" else "main"
        if self.go.property("role") != role:
            self.go.setProperty("role", role)
            self.go.style().unpolish(self.go)
            self.go.style().polish(self.go)
        palette = self._theme.palette
        self.go.setIconSize(icon_size())
        self.go.setIcon(icons.icon(_ICONS[self.state], palette.on_fill if role else palette.good))

    def _ask(self) -> None:
        (self.village_asked if self.state == "village" else self.household_asked).emit()
