"""The page that scrolls the cards of one household."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from fieldapp.ui.record_cards import RecordCard, RecordList


class FormPage(QScrollArea):
    """A tab that scrolls: the cards of one household."""

    field_left = Signal(object, str, object)
    field_misread = Signal(object, str, str)  # Box, field, text
    field_entered = Signal(bytes, str)
    removed = Signal(object)
    ended = Signal(bool)  # Enter on the last field of the last card; whether every field could be read

    def __init__(self) -> None:
        super().__init__()
        self._parts: list[RecordCard | RecordList] = []
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)  # Tab would stand on it without being seen
        inner = QWidget()
        inner.setProperty("role", "form")
        self.column = QVBoxLayout(inner)
        self.column.setContentsMargins(0, 0, 8, 0)
        self.column.setSpacing(12)
        self.setWidget(inner)
        self._later = QTimer(self, singleShot=True, interval=0)  # a card just made has no place yet
        self._later.timeout.connect(self._bring_into_view)
        self.field_entered.connect(lambda *_: self._later.start())
        self.verticalScrollBar().rangeChanged.connect(lambda *_: self._later.start())  # as the layout finds its place

    def _join(self, part: RecordCard | RecordList) -> None:
        part.field_left.connect(self.field_left)
        part.field_misread.connect(self.field_misread)
        part.field_entered.connect(self.field_entered)
        part.removed.connect(self.removed)
        part.ended.connect(self._go_on)
        self._parts.append(part)
        self.column.addWidget(part)

    def _bring_into_view(self) -> None:
        """Scrolls to the field with the cursor, wherever it was sent from: Qt does so only for Tab."""
        focus = self.window().focusWidget()
        if focus is None or not self.isAncestorOf(focus) or focus.visibleRegion().boundingRect() == focus.rect():
            return
        card = next(
            (form.parentWidget() for part in self._parts for form in part.forms if form.isAncestorOf(focus)), None
        )
        if card is not None:
            self.ensureWidgetVisible(card, 0, 0)  # all of it where there is room
        self.ensureWidgetVisible(focus, 0, focus.height())  # with what stands below it

    def _go_on(self) -> None:
        """Enter goes from the last field of a card to the first of the next card: never to a button."""
        focus = self.window().focusWidget()
        shown = [form for part in self._parts for form in part.forms]
        here = next((n for n, form in enumerate(shown) if focus is not None and form.isAncestorOf(focus)), len(shown))
        if here + 1 < len(shown):
            shown[here + 1].begin()
        else:
            self.ended.emit(not any(field.unread for form in shown for field in form.fields.values()))
