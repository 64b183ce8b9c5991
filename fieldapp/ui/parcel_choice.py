"""The chooser of the parcel whose trees are shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize

from fieldapp.ui import figures
from fieldapp.ui.choice_box import ChoiceBox
from fieldapp.ui.names import Names
from fieldapp.ui.texts import Texts
from fieldapp.ui.theme import Theme

if TYPE_CHECKING:
    from fieldapp.ui.desk import Desk


class ParcelChoice(ChoiceBox):
    """Offers the parcels of a household; of another household the one with the most trees, or its first card's."""

    def __init__(self, texts: Texts, theme: Theme, names: Names) -> None:
        super().__init__()
        self._theme, self._names = theme, names
        self.setSizeAdjustPolicy(ChoiceBox.SizeAdjustPolicy.AdjustToContents)
        texts.name(self, "ui.parcel.choice")
        theme.changed.connect(self._fit)
        self._fit()

    def show_parcels(self, desk: Desk, other: bool, *, cards: bool = False) -> None:
        """Offers these parcels; the chosen one stays chosen while it is here and the household is the same.

        Where the parcels' `cards` are on the screen, another household begins with the first of them.
        """
        chosen = None if other else self.currentData()
        self.clear()
        for parcel in desk.view.parcels:
            text = figures.parcel_line(parcel, self._names.short, desk.parcel_totals[parcel.id].trees)
            self.addItem(text, parcel.id)
        known = {parcel.id for parcel in desk.view.parcels}
        if chosen not in known and desk.view.parcels:
            most = max(desk.view.parcels, key=lambda p: desk.parcel_totals[p.id].trees)
            chosen = desk.view.parcels[0].id if cards else most.id
        self.setCurrentIndex(max(self.place_of(chosen), 0))

    def sizeHint(self) -> QSize:
        """The longest line and our own chevron, which takes more room than the style's."""
        return super().sizeHint() + QSize(self._theme.px(12), 0)

    def _fit(self) -> None:
        # at large type it gives way, or the window outgrows the screen
        self.setMaximumWidth(self._theme.px(430))
        self.setMinimumWidth(self._theme.px(100))
