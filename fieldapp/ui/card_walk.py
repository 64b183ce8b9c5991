"""Where the cursor stands among cards that every reading makes anew: it stays, or goes on to what comes next."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QScrollArea, QWidget

Key = tuple[bytes, str]


class CardWalk:
    """Keeps the cursor on the same button of the same card; when that card is gone, on the one in its place."""

    def __init__(self, area: QScrollArea) -> None:
        self._area = area
        self._cards: list[tuple[Key, QWidget]] = []
        self._wanted: Key | None = None  # the card that was asked for and is still to be read
        self._left: tuple[Key, int, int] | None = None  # card, its place, place of the button in it

    def begin(self, wanted: Key) -> None:
        """Goes to a card, or to the first one; a reading that is under way does so again."""
        self._wanted = wanted
        self._to(wanted, 0, 0)

    def leave(self) -> None:
        """The cards go: remembers where the cursor stands in them."""
        focus = self._area.window().focusWidget()
        self._left = None
        for place, (key, card) in enumerate(self._cards):
            if focus is not None and card.isAncestorOf(focus):
                self._wanted = None
                self._left = (key, place, _buttons(card).index(focus) if isinstance(focus, QPushButton) else 0)
        if not self._area.isVisible():
            self._left = self._wanted = None  # the cursor is at work elsewhere
        elif self._left is not None or self._wanted is not None:
            self._area.setFocus()  # or hiding the button would throw the cursor into the rail
        self._cards = []

    def arrive(self, cards: Sequence[tuple[Key, QWidget]]) -> None:
        """Other cards have come."""
        self._cards = list(cards)
        left, self._left = self._left, None
        if left is not None:
            self._to(*left)
        elif self._wanted is not None and self._area.isVisible() and self._area.hasFocus():
            self._to(self._wanted, 0, 0)
            self._wanted = None

    def _to(self, key: Key, place: int, button: int) -> None:
        keys = [found for found, _ in self._cards]
        here = key in keys
        order = [keys.index(key)] if here else [*range(place, len(keys)), *reversed(range(min(place, len(keys))))]
        for number in order:
            buttons = _buttons(self._cards[number][1])
            if buttons:
                target = buttons[min(button if here else 0, len(buttons) - 1)]
                target.setFocus(Qt.FocusReason.TabFocusReason)
                self._area.ensureWidgetVisible(self._cards[number][1])
                return
        self._area.setFocus()


def _buttons(card: QWidget) -> list[QPushButton]:
    return list(card.findChildren(QPushButton))
