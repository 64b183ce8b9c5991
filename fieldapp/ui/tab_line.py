"""The line above the work: the tabs of a household, and the chooser of the parcel whose trees are shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QTabBar, QWidget

from fieldapp import i18n
from fieldapp.ui.parcel_choice import ParcelChoice
from fieldapp.ui.texts import Texts

if TYPE_CHECKING:
    from fieldapp.ui.desk import Desk

TABS = ("household", "parcels", "trees", "papers", "history")


class TabLine(QWidget):
    """Names the tab on the screen by its word in `TABS`."""

    changed = Signal(int)

    def __init__(self, texts: Texts, choice: ParcelChoice) -> None:
        super().__init__()
        self._choice = choice
        self._tabs = QTabBar()
        for name in TABS:
            self._tabs.addTab(i18n.t(f"ui.tab.{name}"))
        self._tabs.setExpanding(False)
        self._tabs.setDrawBase(False)
        self._tabs.setCursor(Qt.CursorShape.PointingHandCursor)
        self._tabs.setUsesScrollButtons(False)
        texts.name(self._tabs, "ui.tabs")
        self._tabs.currentChanged.connect(self.changed)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._tabs)
        row.addStretch(1)
        row.addWidget(choice)

    @property
    def tab(self) -> str:
        """The tab on the screen."""
        return TABS[self._tabs.currentIndex()]

    def show_tab(self, name: str) -> None:
        """Brings a tab to the front."""
        self._tabs.setCurrentIndex(TABS.index(name))

    def step(self, way: int) -> None:
        """Brings the next or the former tab to the front, round and round, and the cursor to the tabs."""
        if not self.isVisible():
            return  # no household is open
        self._tabs.setCurrentIndex((self._tabs.currentIndex() + way) % len(TABS))
        self._tabs.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def take_focus(self) -> None:
        """Brings the cursor to the tabs."""
        self._tabs.setFocus()

    def show_counts(self, desk: Desk | None) -> None:
        """Writes the tabs with how many parcels and trees there are."""
        counts = {"trees": desk.totals.trees, "parcels": len(desk.view.parcels)} if desk else {}
        more = len(desk.trees) - desk.totals.trees if desk else 0  # dead, felled: on the page and in no sum
        for place, name in enumerate(TABS):
            count = counts.get(name)
            word = i18n.t(f"ui.tab.{name}")
            if name == "trees" and more:
                self._tabs.setTabText(place, i18n.t("ui.tab.trees.more", counted=f"{count:,}", more=f"{more:,}"))
            else:
                self._tabs.setTabText(place, f"{word} {count:,}" if count else word)

    def fit(self) -> None:
        """The parcel is chosen here where its trees are shown."""
        self._choice.setVisible(self.tab == "trees" and self._choice.count() > 0)
