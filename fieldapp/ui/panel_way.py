"""The way from the grid to a tree's state and remarks, and back."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from fieldapp import i18n
from fieldapp.ui.evidence import Evidence
from fieldapp.ui.household_page import HouseholdPage


class PanelWay(QObject):
    """Opens the pane where it made room for the work, and closes it again behind the cursor."""

    def __init__(self, page: HouseholdPage, evidence: Evidence, toggle: Callable[[], None]) -> None:
        super().__init__(page)
        self._page, self._evidence, self._toggle = page, evidence, toggle
        self._lent = False  # the pane came for this tree alone
        evidence.tree.ended.connect(self._return)

    def go(self) -> None:
        """Brings the cursor to the state of the current tree."""
        row = self._page.grid.current_row() if self._page.tab == "trees" else None
        self._page.grid.leave_cell()
        if row is None or row.is_new:
            self._page.tell(i18n.t("ui.tree_panel.none"), 4_000)
            return
        self._lent = self._evidence.isHidden()
        if self._lent:
            self._toggle()
        self._evidence.tree.begin(row)

    def _return(self) -> None:
        self._page.grid.setFocus()
        if self._lent:
            self._lent = False
            self._toggle()
