"""The rail: four words that lead to the four places of the work, each at most one key away."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QButtonGroup, QMenu, QToolButton, QVBoxLayout, QWidget

from fieldapp import i18n
from fieldapp.ui import icons
from fieldapp.ui.plain import plain_tip
from fieldapp.ui.texts import Texts
from fieldapp.ui.theme import Theme

PLACES = (("households", "home"), ("map", "map-2"), ("inbox", "inbox"), ("sync", "refresh"))


class Rail(QWidget):
    """Shows where one is and leads elsewhere; Alt+1 to Alt+4. A count stands under the word when something waits."""

    place_chosen = Signal(str)

    def __init__(self, texts: Texts, theme: Theme, menu: QMenu) -> None:
        super().__init__()
        self.setProperty("role", "rail")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._theme = theme
        self._counts: dict[str, int] = {}
        self._buttons: dict[str, QToolButton] = {}
        self._group = QButtonGroup(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 12, 0, 8)
        column.setSpacing(4)
        for number, (place, icon_name) in enumerate(PLACES, start=1):
            button = self._button(place, icon_name)
            button.setCheckable(True)
            # a button's own shortcut presses it for a tenth of a second first: what is typed then goes astray
            QShortcut(QKeySequence(f"Alt+{number}"), self, button.click)
            self._group.addButton(button)
            button.clicked.connect(lambda _=False, place=place: self.place_chosen.emit(place))
            column.addWidget(button)
        column.addStretch(1)
        column.addWidget(self._menu_button(menu))
        theme.changed.connect(self._paint)
        texts.changed.connect(self._write)
        self._paint()
        self._write()
        self.show_place("households")

    def show_place(self, place: str) -> None:
        """Marks a place as the one on the screen."""
        self._buttons[place].setChecked(True)

    def set_count(self, place: str, count: int) -> None:
        """How many things wait at a place."""
        if self._counts.get(place, 0) != count:
            self._counts[place] = count
            self._write()

    def _button(self, name: str, icon_name: str) -> QToolButton:
        button = QToolButton()
        button.setProperty("role", "rail")
        button.setProperty("icon_name", icon_name)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._buttons[name] = button
        return button

    def _menu_button(self, menu: QMenu) -> QToolButton:
        button = self._button("menu", "menu-2")
        button.setMenu(menu)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        button.setShortcut(QKeySequence("Alt+M"))
        return button

    def _paint(self) -> None:
        colours = self._theme.palette
        self.setFixedWidth(self._theme.px(76))
        for button in self._buttons.values():
            button.setIcon(icons.icon(button.property("icon_name"), colours.quiet, colours.good))
            button.setIconSize(QSize(self._theme.px(22), self._theme.px(22)))
            button.setFixedWidth(self._theme.px(76) - self._theme.palette.line_px)

    def _write(self) -> None:
        for number, (place, button) in enumerate(self._buttons.items(), start=1):
            word = i18n.t(f"ui.place.{place}")
            count = self._counts.get(place, 0)
            button.setText(f"{word} {count}" if count else word)
            button.setAccessibleName(button.text())
            keys = "Alt+M" if place == "menu" else f"Alt+{number}"
            button.setToolTip(plain_tip(f"{word}  {keys}"))
            if place == "menu":  # writing a button's text takes its shortcut away when the text holds no mnemonic
                button.setShortcut(QKeySequence(keys))
