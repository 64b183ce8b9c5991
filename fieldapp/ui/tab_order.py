"""Where Tab goes: a card that is made late stands where it is seen, not after all else in the window."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget


def tab_stops(card: QWidget) -> list[QWidget]:
    """The widgets of a card that stands in no window yet that Tab comes to, in its order."""
    stops: list[QWidget] = []
    widget = card.nextInFocusChain()
    while widget is not None and widget is not card:
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
            stops.append(widget)
        widget = widget.nextInFocusChain()
    return stops


def tab_after(before: QWidget, stops: Sequence[QWidget]) -> None:
    """Lets Tab go from a widget to these, one after the other, and then to what came after that widget."""
    for widget, following in pairwise([before, *stops]):
        QWidget.setTabOrder(widget, following)
